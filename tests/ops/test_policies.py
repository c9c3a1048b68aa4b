"""Each policy is exactly what its function needs: nothing is missing, nothing is unused."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cam import Cam, Identity
from faketencent.ci import JobState, Progression
from faketencent.clock import Clock
from faketencent.faults import Fault
from ops.policies import Deployment, Queue, callback_policy, submit_policy
from shared.cloud import claims
from shared.domain.objects import Content, Fingerprint, ObjectRef
from shared.settings import MqRegion
from tests.world import BUCKET, CLAIMS, REGION, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.cam import Policy
    from faketencent.cloud import FakeCloud

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

VIDEOS = ("plain.mp4", "forged.mp4", "slow.mp4", "stubborn.mp4")
UNSPEAKABLE = "not\x01xml.mp4"
#: What the pages, each at its time, say that a copy needs on its target.
COPY_ACTIONS = ("cos:PutObject", "cos:PutObjectCopy")

#: A function, an action and a resource.
Grant = tuple[str, str, str]


@dataclass(frozen=True)
class Setup:
    """A way to deploy."""

    claims_bucket: str | None = None
    queue: Queue | None = None

    @property
    def policies(self) -> dict[str, Policy]:
        deployment = Deployment(
            region=REGION,
            uin=Cam(Clock()).uin,
            buckets=(BUCKET,),
            claims_bucket=self.claims_bucket,
            queue=self.queue,
        )
        return {"submit": submit_policy(deployment), "callback": callback_policy(deployment)}

    @property
    def settings(self) -> dict[str, str]:
        own = {"CLAIMS_BUCKET": self.claims_bucket} if self.claims_bucket else {}
        if self.queue:
            own |= {"CALLBACK_TYPE": "TDMQ", "MQ_REGION": self.queue.region.value, "MQ_NAME": self.queue.name}
        return own

    def prepare(self, cloud: FakeCloud) -> None:
        if self.claims_bucket:
            cloud.cos.backend.create_bucket(self.claims_bucket, REGION)
        if self.queue:
            cloud.tdmq.backend.create_queue(self.queue.name, self.queue.region.value)


SETUPS = {
    "claims beside the videos": Setup(),
    "claims apart": Setup(claims_bucket="claims-1250000000"),
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
    with deployed(timer=True, **setup.settings) as world:
        world.cloud.cos.backend.copy_actions = (copy_action,)
        setup.prepare(world.cloud)
        for name, policy in granted.items():
            world.cloud.cam.create_role(name, policy)
            world.cloud.scf.backend.update_function(name, role=name)
        submit_and_complete(world)
        leave_work(world)
        sweep(world)
        answers = {key: world.answer(key) for key in (*VIDEOS, UNSPEAKABLE)}
        counts = {"claims": len(world.claims), "jobs": len(world.jobs), "waiting": waiting(world, setup)}
        return {**answers, **counts, "refusals": refusals(world)}


def submit_and_complete(world: World) -> None:
    world.upload("plain.mp4", marked_video("plain"))
    # A refusal is recorded by `submit` itself.
    world.upload(UNSPEAKABLE, marked_video("unspeakable"))
    # Somebody put something where our claim would be.
    world.upload("forged.mp4", marked_video("forged", "forged"))
    forge_claim(world, "forged.mp4")
    world.cloud.settle()


def leave_work(world: World) -> None:
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.upload("slow.mp4", marked_video("slow", "slow"))
    world.cloud.settle()
    world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_BEFORE)
    world.upload("stubborn.mp4", marked_video("stubborn", "stubborn"))
    world.cloud.settle()


def sweep(world: World) -> None:
    # It runs in an instance of its own, which has not looked at the claims bucket yet.
    claims.forget_checks()
    world.cloud.ci.backend.progression = Progression.IMMEDIATE
    for _ in range(3):
        world.tick()
    for job_id, job in world.cloud.ci.backend.jobs.items():
        if job.state is not JobState.SUCCESS:
            world.cloud.ci.backend.finish(job_id)
    world.tick()


def forge_claim(world: World, key: str) -> None:
    stored = world.get(key)
    digest = Content(ObjectRef(REGION, BUCKET, key), Fingerprint(stored.crc64, stored.size)).digest
    bucket = world.settings.get("CLAIMS_BUCKET", BUCKET)
    world.cloud.cos.backend.put(bucket, f"{CLAIMS}{digest}/000001", b"not ours")


def waiting(world: World, setup: Setup) -> int:
    """How many messages nobody has taken from the queue."""
    if setup.queue is None:
        return 0
    return len(world.cloud.tdmq.backend.queue(setup.queue.name, setup.queue.region.value))


def refusals(world: World) -> list[object]:
    return [line["message"] for line in world.log if line.get("status") in (401, 403)]


def works(granted: Mapping[str, Policy], setup: Setup) -> bool:
    """Whether all goes well, whichever page is right about copies."""
    wanted: dict[str, Any] = {key: ("found", key.removesuffix(".mp4")) for key in VIDEOS}
    wanted |= {UNSPEAKABLE: ("failed", ""), "claims": 0, "jobs": len(VIDEOS), "waiting": 0, "refusals": []}
    return all(walk(granted, setup, copy_action) == wanted for copy_action in COPY_ACTIONS)


@each_setup
def test_all_works_with_these_policies(setup: Setup) -> None:
    assert works(setup.policies, setup)


@each_setup
@pytest.mark.parametrize("function", ["submit", "callback"])
def test_every_action_is_needed(function: str, setup: Setup) -> None:
    granted = setup.policies
    # What a queue does not change is in the other setups.
    own = [grant for grant in grants(granted) if grant[0] == function and ("tdmq:" in grant[1] or not setup.queue)]

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
