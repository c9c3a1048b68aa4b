"""Each policy is exactly what its function needs: nothing is missing, nothing is unused."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cam import Cam, Identity
from faketencent.ci import Progression
from faketencent.ci.jobs import JobState
from faketencent.clock import Clock
from faketencent.cos.buckets import Versioning
from faketencent.faults import Fault
from faketencent.refusals import INVALID_ARGUMENT
from faketencent.scf.cos_trigger import Delivery
from ops.policies import Deployment, Queue, callback_policy, submit_policy
from shared.domain.objects import ObjectRef
from shared.settings import MqRegion
from tests.asking import ask
from tests.world import BUCKET, LEDGER, REGION, World, deployed, marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.cam import Policy
    from faketencent.routes import Call

#: Says the same on every Python, and takes its time.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

VIDEOS = ("plain.mp4", "slow.mp4", "stubborn.mp4", "replaced.mp4", "refused.mp4", "asked.mp4")
#: Each upload that has a record: its object, its verdict, and why it is not on the object.
RECORDS = [
    ("asked.mp4", "found", ""),
    ("gone.mp4", "skipped", "gone"),
    ("plain.mp4", "found", ""),
    ("refused.mp4", "found", ""),
    ("replaced.mp4", "found", ""),
    ("replaced.mp4", "skipped", "cancelled"),
    ("secret.mp4", "skipped", "unreadable"),
    ("slow.mp4", "found", ""),
    ("stubborn.mp4", "found", ""),
]
CUSTOMER_KEY = {
    "x-cos-server-side-encryption-customer-algorithm": "AES256",
    "x-cos-server-side-encryption-customer-key": "MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=",
    "x-cos-server-side-encryption-customer-key-MD5": "U5L61r7jcwdNvT7frmUG8g==",
}
#: What the pages, each at its time, say that a copy needs on its target.
COPY_ACTIONS = ("cos:PutObject", "cos:PutObjectCopy")

#: A function, an action and a resource.
Grant = tuple[str, str, str]


@dataclass(frozen=True)
class Setup:
    """A way to deploy."""

    ledger_prefix: str = ""
    queue: Queue | None = None

    @property
    def policies(self) -> dict[str, Policy]:
        deployment = Deployment(
            region=REGION,
            uin=Cam(Clock()).uin,
            buckets=(BUCKET,),
            ledger_bucket=LEDGER,
            ledger_prefix=self.ledger_prefix,
            queue=self.queue,
        )
        return {"submit": submit_policy(deployment), "callback": callback_policy(deployment)}

    @property
    def settings(self) -> dict[str, str]:
        own = {"MAX_JOBS_PER_DAY": "100"}
        if self.ledger_prefix:
            own["LEDGER_PREFIX"] = self.ledger_prefix
        if self.queue:
            own |= {"CALLBACK_TYPE": "TDMQ", "MQ_REGION": self.queue.region.value, "MQ_NAME": self.queue.name}
        return own


SETUPS = {
    "a ledger": Setup(),
    "a shared ledger": Setup(ledger_prefix="prod/"),
    "a queue": Setup(queue=Queue(region=MqRegion.BEIJING, name="results")),
}
each_setup = pytest.mark.parametrize("setup", SETUPS.values(), ids=SETUPS.keys())


def grants(granted: Mapping[str, Policy]) -> Iterator[Grant]:
    for function, policy in granted.items():
        for statement in policy["statement"]:
            for action in statement["action"]:
                for resource in statement["resource"]:
                    yield function, action, resource


def without(granted: Mapping[str, Policy], function: str, action: str, resource: str) -> dict[str, Policy]:
    statements = [
        {**statement, "action": [name for name in statement["action"] if name != action]}
        if resource in statement["resource"]
        else statement
        for statement in granted[function]["statement"]
    ]
    return {**granted, function: {"version": "2.0", "statement": statements}}


def walk(granted: Mapping[str, Policy], setup: Setup, copy_action: str) -> dict[str, Any]:
    """Go down every path on which the functions call the cloud; what came of it."""
    with deployed(timer=False, **setup.settings) as world:
        world.cloud.cos.backend.copy_actions = (copy_action,)
        if setup.queue:
            world.cloud.tdmq.backend.create_queue(setup.queue.name, setup.queue.region.value)
        for name, policy in granted.items():
            world.cloud.cam.create_role(name, policy)
            world.cloud.scf.backend.update_function(name, role=name)
        submit_and_complete(world)
        leave_work(world)
        sweep(world)
        keep_versions(world)
        answers = {key: world.answer(key) for key in VIDEOS}
        records = sorted((r.key, r.verdict.value, r.reason.value if r.reason else "") for r in world.records)
        counts = {"claims": len(world.claims), "jobs": len(world.jobs), "messages": messages(world, setup)}
        ledger = {name: len(world.ledger(name)) for name in ("slots/", "waiting/", "paused")}
        return {**answers, **counts, **ledger, "records": records, "refusals": refusals(world)}


def submit_and_complete(world: World) -> None:
    world.upload("plain.mp4", marked_video("plain"))
    # HEAD of this one fails without a word, and GET says why.
    world.upload("secret.mp4", marked_video("secret", "secret"), CUSTOMER_KEY)
    withdraw(world, "withdrawn.mp4")
    world.cloud.settle()


def withdraw(world: World, key: str) -> None:
    """Have the object deleted just when `submit` has claimed it."""
    claim = f"claims/{ObjectRef(REGION, BUCKET, key).id}/"

    def vanish(call: Call) -> bool:
        if call.route.operation == "PutObject" and claim in call.key:
            world.cloud.cos.backend.delete(BUCKET, key)
        return False

    world.cloud.faults.when(vanish, Fault.RESET)
    world.upload(key, marked_video("withdrawn", "withdrawn"))


def leave_work(world: World) -> None:
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.upload("slow.mp4", marked_video("slow", "slow"))
    world.cloud.settle()
    world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_BEFORE)
    world.upload("stubborn.mp4", marked_video("stubborn", "stubborn"))
    world.cloud.settle()
    world.upload("replaced.mp4", marked_video("first", "first"))
    world.cloud.settle()
    world.upload("replaced.mp4", marked_video("replaced", "replaced"))
    world.cloud.settle()
    delete_while_its_job_runs(world, "gone.mp4")
    refuse(world, "refused.mp4")
    ask_for(world, "asked.mp4")


def refuse(world: World, key: str) -> None:
    """Have its first two jobs refused, so that both functions give a slot back."""

    def is_about_it(call: Call) -> bool:
        return call.route.operation == "CreateMediaJobs" and key.encode() in call.request.body

    world.cloud.faults.when(is_about_it, INVALID_ARGUMENT, times=2)
    world.upload(key, marked_video("refused", "refused"))
    world.cloud.settle()


def ask_for(world: World, key: str) -> None:
    """Have an object checked of which no event tells."""
    triggers = world.cloud.scf.backend.cos_triggers
    delivery, triggers.delivery = triggers.delivery, Delivery(copies=0)
    world.upload(key, marked_video("asked", "asked"))
    world.cloud.settle()
    triggers.delivery = delivery
    ask(world, key)


def keep_versions(world: World) -> None:
    """For the ledger to keep versions is a reason to pause everything."""
    world.cloud.cos.backend.bucket(LEDGER).set_versioning(Versioning.SUSPENDED)
    world.sweep()


def delete_while_its_job_runs(world: World, key: str) -> None:
    """It was archived at first, so that there is a record already when its job ends."""
    stored = world.upload(key, marked_video("gone", "gone"))
    archived = world.archive(key)
    world.cloud.settle()
    world.cloud.cos.backend.bucket(BUCKET).swap(archived, stored)
    scf = world.cloud.scf.backend
    scf.invoke("submit", scf.invocations[-1].event)
    world.cloud.settle()
    for job in world.jobs[-1:]:
        # Without some right it is another one, or none.
        if job.request.key == key:
            world.cloud.ci.backend.start(job.id)
    world.cloud.cos.backend.delete(BUCKET, key)


def sweep(world: World) -> None:
    """As often as it takes; each in a container that has not looked at the ledger yet."""
    for _ in range(4):
        world.cloud.advance(600)
        new_containers()
        world.sweep()
        for job in world.jobs:
            if job.state in (JobState.SUBMITTED, JobState.RUNNING):
                world.cloud.ci.backend.finish(job.id)
        world.cloud.settle()


def messages(world: World, setup: Setup) -> int:
    """How many messages nobody has taken from the queue."""
    if setup.queue is None:
        return 0
    return len(world.cloud.tdmq.backend.queue(setup.queue.name, setup.queue.region.value))


def refusals(world: World) -> list[object]:
    return [line["message"] for line in world.log if line.get("status") in (401, 403)]


def works(granted: Mapping[str, Policy], setup: Setup) -> bool:
    """Whether all goes well, whichever page is right about copies."""
    wanted: dict[str, Any] = {key: ("found", key.removesuffix(".mp4")) for key in VIDEOS}
    jobs = len(VIDEOS) + 2
    wanted |= {"claims": 0, "jobs": jobs, "waiting/": 0, "paused": 1, "messages": 0}
    # Of one POST nobody knows what came of it: its slot counts too.
    wanted |= {"slots/": jobs + 1, "records": RECORDS, "refusals": []}
    return all(walk(granted, setup, copy_action) == wanted for copy_action in COPY_ACTIONS)


@each_setup
def test_all_works_with_these_policies(setup: Setup) -> None:
    assert works(setup.policies, setup)


@each_setup
@pytest.mark.parametrize("function", ["submit", "callback"])
def test_every_action_is_needed(function: str, setup: Setup) -> None:
    granted = setup.policies
    # What a queue or a prefix does not add is in the first setup; a prefix only changes where things lie.
    added = "tdmq:" if setup.queue else "claims/" if setup.ledger_prefix else ""
    own = [grant for grant in grants(granted) if grant[0] == function and added in f"{grant[1]} {grant[2]}"]

    superfluous = [grant for grant in own if works(without(granted, *grant), setup)]

    assert superfluous == []


@each_setup
def test_every_grant_is_used(monkeypatch: pytest.MonkeyPatch, setup: Setup) -> None:
    used: set[Grant] = set()
    may = Identity.may

    def remember(identity: Identity, action: str, resource: str) -> bool:
        used.add((identity.name, action, resource))
        return may(identity, action, resource)

    monkeypatch.setattr(Identity, "may", remember)
    assert works(setup.policies, setup)

    unused = [
        (function, action, resource)
        for function, action, resource in grants(setup.policies)
        if not any((function, action) == use[:2] and fnmatchcase(use[2], resource) for use in used)
    ]

    # A queue is written in two ways, of which the fake knows one.
    assert [grant for grant in unused if ":cmqqueue/" not in grant[2]] == []


VIDEO, CLAIM, RECORD = f"{BUCKET}/plain.mp4", f"{LEDGER}/prod/claims/x", f"{LEDGER}/prod/results/2026-01-01/x.json"
ANSWER, SLOT, PAUSED = f"{LEDGER}/prod/answers/x", f"{LEDGER}/prod/slots/2026-01-01/99999998", f"{LEDGER}/prod/paused"
WAITING, STATUS = f"{LEDGER}/prod/waiting/x/x", f"{LEDGER}/prod/status.json"
BOTH = frozenset({"submit", "callback"})


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("cos:HeadObject", VIDEO, BOTH),
        ("cos:PutObject", VIDEO, {"callback"}),
        ("cos:PutObjectCopy", VIDEO, {"callback"}),
        ("cos:DeleteObject", VIDEO, frozenset()),
        ("cos:GetBucket", f"{BUCKET}/", frozenset()),
        ("cos:PutObject", CLAIM, BOTH),
        ("cos:DeleteObject", CLAIM, BOTH),
        ("cos:GetObject", CLAIM, {"callback"}),
        ("cos:PutObject", RECORD, BOTH),
        ("cos:DeleteObject", RECORD, frozenset()),
        ("cos:GetBucket", f"{LEDGER}/prod/results/", frozenset()),
        ("cos:GetObject", ANSWER, BOTH),
        ("cos:PutObject", ANSWER, {"callback"}),
        ("cos:DeleteObject", ANSWER, frozenset()),
        ("cos:PutObject", SLOT, BOTH),
        ("cos:GetObject", PAUSED, BOTH),
        ("cos:PutObject", PAUSED, {"callback"}),
        ("cos:DeleteObject", PAUSED, frozenset()),
        ("cos:PutObject", WAITING, frozenset()),
        ("cos:DeleteObject", WAITING, {"callback"}),
        ("cos:PutObject", STATUS, {"callback"}),
        ("cos:PutObject", f"{LEDGER}/claims/x", frozenset()),
        ("cos:PutObject", f"{LEDGER}/other/claims/x", frozenset()),
        ("cos:PutBucketVersioning", f"{LEDGER}/", frozenset()),
    ],
)
def test_only_the_callback_function_writes_videos_and_nobody_deletes_records_or_resumes(
    action: str, resource: str, allowed: frozenset[str]
) -> None:
    full = f"qcs::cos:{REGION}:uid/1250000000:{resource}"
    assert {function for function in BOTH if may(function, "a shared ledger", action, full)} == allowed


def test_only_the_callback_function_cancels_jobs() -> None:
    bucket = f"qcs::ci:{REGION}:uid/1250000000:bucket/{BUCKET}/*"
    assert {name for name in BOTH if may(name, "a ledger", "ci:CancelMediaJob", bucket)} == {"callback"}


def may(function: str, setup: str, action: str, resource: str) -> bool:
    cam = Cam(Clock())
    cam.create_role(function, SETUPS[setup].policies[function])
    return cam.assume(function).may(action, resource)
