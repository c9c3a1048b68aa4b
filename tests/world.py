"""A deployment to test: both functions on a fake cloud, with a bucket of videos."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import functions.callback
import functions.submit
from faketencent.ci.watermark import embed
from faketencent.cloud import FakeCloud
from faketencent.cos.storage import StorageClass
from faketencent.in_process import CLOCKED, in_process
from faketencent.video import tiny_mp4
from ops.policies import CALLBACK_ROLE, SUBMIT_ROLE, Deployment, Queue, callback_policy, submit_policy
from shared.cloud import ledger, pausing
from shared.domain.claim import decode
from shared.domain.record import Record
from shared.settings import MqRegion
from shared.use_cases import write_result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.cam import Policy
    from faketencent.ci.jobs import Job
    from faketencent.cos.objects import StoredObject
    from shared.domain.claim import Attempt

BUCKET = "videos-1250000000"
REGION = "ap-beijing"
SECRET = "a secret of thirty-two bytes or more"
LEDGER = "ledger-1250000000"
SUBSCRIBED = ("cos:ObjectCreated:*", "cos:ObjectRestore:Completed")
#: Seconds. The real timer comes each minute; what it does is the same, and days of it take less time here.
TIMER_PERIOD = 300
#: What the timer sends.
TICK = {"Type": "Timer", "TriggerName": "sweep", "Time": "2026-01-01T00:00:00Z", "Message": ""}
#: What a tick with nothing to do calls: does the ledger keep versions, is it paused, what waits, what is in flight; and
#: it writes the status.
IDLE_TICK = ["GetBucketVersioning", "GetObject", "GetBucket", "GetBucket", "PutObject"]
#: Everything whose idea of time is the fake cloud's.
CLOCKED_HERE = (*CLOCKED, "shared.invocation", "shared.cloud.transport")
_FUNCTIONS = {
    "submit": (functions.submit.main_handler, SUBMIT_ROLE),
    "callback": (functions.callback.main_handler, CALLBACK_ROLE),
}


def marked_video(text: str, salt: str = "") -> bytes:
    """A small MP4 with a watermark; an empty text leaves it unmarked."""
    video = tiny_mp4(salt.encode() or b"picture")
    return embed(video, text) if text else video


@dataclass
class World:
    """The deployment. `settings` are environment variables without their prefix."""

    cloud: FakeCloud
    settings: dict[str, str] = field(default_factory=dict)
    buckets: tuple[str, ...] = (BUCKET,)

    @property
    def variables(self) -> dict[str, str]:
        """The functions' environment."""
        return {f"WATERMARK_{name}": value for name, value in self.settings.items()}

    def configure(self, **settings: str | None) -> None:
        """Deploy the functions again with settings changed; `None` takes one away."""
        merged = {**self.settings, **settings}
        self.settings = {name: value for name, value in merged.items() if value is not None}
        self.deny()
        for name in _FUNCTIONS:
            self.cloud.scf.backend.update_function(name, environment=self.variables)

    def deny(self, *actions: str, resource: str = "*") -> None:
        """Give both functions the rights that `cos-watermark policy` prints, less these actions."""
        no = {"version": "2.0", "statement": [{"effect": "deny", "action": list(actions), "resource": [resource]}]}
        denied = [no] if actions else []
        for role, policy in _policies(self._deployment).items():
            self.cloud.cam.create_role(role, policy, *denied)

    @property
    def _deployment(self) -> Deployment:
        given = self.settings
        polled = "MQ_NAME" in given and given.get("MQ_MODE", "Queue") == "Queue"
        return Deployment(
            region=REGION,
            uin=self.cloud.cam.uin,
            buckets=self.buckets,
            ledger_bucket=given["LEDGER_BUCKET"],
            ledger_prefix=given.get("LEDGER_PREFIX", ""),
            queue=Queue(region=MqRegion(given["MQ_REGION"]), name=given["MQ_NAME"]) if polled else None,
        )

    def upload(self, key: str, body: bytes, headers: Mapping[str, str] | None = None) -> StoredObject:
        """Upload an object; its event waits for `settle`."""
        return self.cloud.cos.backend.put(BUCKET, key, body, headers)

    def archive(self, key: str) -> StoredObject:
        """Archive an object as a lifecycle rule does: without an event, and without a new date."""
        stored = self.get(key)
        archived = replace(stored, storage_class=StorageClass.ARCHIVE)
        self.cloud.cos.backend.bucket(BUCKET).swap(stored, archived)
        return archived

    def get(self, key: str) -> StoredObject:
        """The object as it is now."""
        return self.cloud.cos.backend.get(BUCKET, key)

    def fields(self, key: str) -> dict[str, str]:
        """Our metadata fields on the object, decoded; the verdict is the field ``."""
        prefix = "x-cos-meta-watermark"
        found = {n.removeprefix(prefix): unquote(v) for n, v in self.get(key).headers.items() if n.startswith(prefix)}
        return {name.removeprefix("-"): value for name, value in found.items()}

    def answer(self, key: str) -> tuple[str, str]:
        """Verdict and text on the object; empty when there is none."""
        fields = self.fields(key)
        return fields.get("", ""), fields.get("text", "")

    @property
    def jobs(self) -> list[Job]:
        """All jobs there ever were, in order."""
        return list(self.cloud.ci.backend.jobs.values())

    @property
    def claims(self) -> list[str]:
        """The attempts in the ledger, by name."""
        return self.ledger("claims/")

    @property
    def records(self) -> list[Record]:
        """The records in the ledger."""
        return [Record.model_validate_json(self.kept(name)) for name in self.ledger("results/")]

    def record(self, key: str) -> Record:
        """The one record about a key."""
        (found,) = (record for record in self.records if record.key == key)
        return found

    def attempts(self, key: str = "") -> list[Attempt]:
        """What the claims say, those on one key or all."""
        found = [decode(self.kept(name)) for name in self.claims]
        return [attempt for attempt in found if key in ("", attempt.upload.target.key)]

    def ledger(self, folder: str) -> list[str]:
        """The names in the ledger under a folder."""
        return self.cloud.cos.backend.keys(LEDGER, self.settings.get("LEDGER_PREFIX", "") + folder)

    def kept(self, name: str) -> bytes:
        """What the ledger holds under that name."""
        return self.cloud.cos.backend.get(LEDGER, name).body

    @property
    def writes(self) -> int:
        """How many self-copies succeeded."""
        return sum(call.route.operation == "PutObjectCopy" for call in self.cloud.journal)

    def post(self, body: bytes, **event: Any) -> dict[str, Any]:  # noqa: ANN401 - any event field
        """Call the callback function as its URL would, and get its answer."""
        request = {"httpMethod": "POST", "headers": {}, "path": "/", "queryString": {}, "body": body.decode(), **event}
        invocation = self.cloud.scf.backend.invoke("callback", request)
        assert invocation.outcome.error == "", invocation.outcome.error
        result: Any = invocation.outcome.result
        return {"status": result["statusCode"], **json.loads(result["body"])}

    def tick(self) -> None:
        """Let one period of the timer pass."""
        self.cloud.advance(TIMER_PERIOD)

    def sweep(self) -> dict[str, Any]:
        """Run the callback function as its timer would, now, and get the summary."""
        invocation = self.cloud.scf.backend.invoke("callback", TICK)
        assert invocation.outcome.error == "", invocation.outcome.error
        result: dict[str, Any] = invocation.outcome.result
        return result

    @property
    def log(self) -> list[dict[str, Any]]:
        """Every line that the functions logged, parsed."""
        text = "\n".join(invocation.log for invocation in self.cloud.scf.backend.invocations)
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@lru_cache
def _policies(deployment: Deployment) -> dict[str, Policy]:
    """By role; nobody changes them, and most deployments here are the same."""
    return {SUBMIT_ROLE: submit_policy(deployment), CALLBACK_ROLE: callback_policy(deployment)}


def new_containers() -> None:
    """Forget what the functions remember while their containers live."""
    ledger.forget_checks()
    pausing.forget_checks()
    write_result.forget_checks()
    functions.callback.pace.cache_clear()


@contextmanager
def deployed(*, timer: bool = False, **settings: str) -> Iterator[World]:
    """A deployment on a fake cloud in this process."""
    world = deploy_on(FakeCloud(), timer=timer, **settings)
    with in_process(world.cloud, CLOCKED_HERE):
        yield world


def deploy_on(cloud: FakeCloud, *, timer: bool = False, **settings: str) -> World:
    """Deploy both functions, with no more rights than they need.

    All kinds of uploads are subscribed, so that our own writes come back as events, and so is the end of a restoration.
    """
    new_containers()
    for bucket in (BUCKET, LEDGER):
        cloud.cos.backend.create_bucket(bucket, REGION)
    cloud.ci.backend.bind_bucket(BUCKET)
    scf = cloud.scf.backend
    world = World(cloud, {"SECRET": SECRET, "LEDGER_BUCKET": LEDGER})
    world.deny()
    for name, (handler, role) in _FUNCTIONS.items():
        scf.create_function(name, handler, role=role, environment=world.variables, timeout=270, region=REGION)
    world.configure(**{"CALLBACK_URL": scf.function_url("callback"), **settings})
    for event in SUBSCRIBED:
        scf.add_cos_trigger("submit", BUCKET, event)
    if timer:
        scf.add_timer("callback", "sweep", TIMER_PERIOD)
    return world
