"""A deployment in which nothing arrives by itself, and what must hold whatever happens to it.

Events and callbacks are held until they are delivered, jobs move by hand. Beside the cloud there is a model: for each
key the present upload, for each job the upload it was made for and the bytes it read. `check` compares the two.
"""

from __future__ import annotations

import itertools
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from faketencent.ci.jobs import JobState
from faketencent.ci.models import Progression
from faketencent.ci.watermark import extract
from faketencent.cos.storage import RestoreState, StorageClass
from faketencent.wire import NoReplyError, Reply, Request
from shared.domain.claim import Claim, decode
from shared.domain.metadata import USER_PREFIX, sealed_verdict
from shared.domain.objects import Content, Fingerprint, ObjectRef
from shared.domain.result import Verdict
from shared.errors import ForgedClaimError
from shared.settings import DAY, read_settings
from tests.test_write_back import without_ours
from tests.world import BUCKET, CLAIMS, REGION, TICK, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.ci.jobs import Job
    from faketencent.cos.objects import StoredObject
    from faketencent.faults import Fault

HOUR = 3600
PLANTED = b'{"claim": "{}", "signature": ""}'
ALIVE = (JobState.SUBMITTED, JobState.RUNNING, JobState.PAUSE)


@dataclass
class Upload:
    """What lies under a key: as it was uploaded, and what has become of it."""

    number: int
    stored: StoredObject
    #: Its event, or a later one, has reached `submit` while the object could be read.
    heard: bool = False
    #: It bore a success.
    succeeded: bool = False


@dataclass
class History:
    """The deployment and the model."""

    world: World
    events: list[dict[str, Any]] = field(default_factory=list)
    callbacks: list[Request] = field(default_factory=list)
    uploads: dict[str, Upload] = field(default_factory=dict)
    #: For each of our jobs: the key, and the number of the upload that was there when it was made.
    made_for: dict[str, tuple[str, int]] = field(default_factory=dict)
    forgotten: Counter[tuple[str, int]] = field(default_factory=Counter)
    #: For each job that has read its object: the bytes.
    read: dict[str, bytes] = field(default_factory=dict)
    outage: Fault | None = None

    def __post_init__(self) -> None:
        self._serial = itertools.count(1)
        self.cloud = self.world.cloud
        self.ci = self.cloud.ci.backend
        self.ci.progression = Progression.MANUAL
        self.cloud.scf.backend.cos_triggers.deliver = lambda _, event: self.events.append(event)
        self._send, self.cloud.send = self.cloud.send, self._hold

    def _hold(self, request: Request) -> Reply:
        self.callbacks.append(request)
        return Reply(200)

    # What users and lifecycle rules do

    def upload(self, key: str, body: bytes, headers: Mapping[str, str], event: str = "Put") -> None:
        self.pass_time(1)
        stored = self.cloud.cos.backend.put(BUCKET, key, body, headers, event=event)
        self.uploads[key] = Upload(next(self._serial), stored)
        self.cloud.settle()

    def delete(self, key: str) -> None:
        self.pass_time(1)
        self.cloud.cos.backend.delete(BUCKET, key)
        del self.uploads[key]

    def archive(self, key: str) -> None:
        self.world.archive(key)
        upload = self.uploads[key]
        upload.stored = replace(upload.stored, storage_class=StorageClass.ARCHIVE)
        upload.heard = False

    def readable(self, key: str) -> bool:
        stored = self.world.get(key)
        restored = stored.restoration and stored.restoration.state(self.cloud.clock.now()) is RestoreState.DONE
        return bool(restored) or not stored.storage_class.archived

    # What the platform does

    def pass_time(self, seconds: float) -> None:
        self.cloud.advance(seconds)
        self.observe()

    def deliver(self, event: dict[str, Any]) -> None:
        self.hear(event)
        self.cloud.scf.backend.invoke_later("submit", event)
        self.cloud.settle()

    def hear(self, event: dict[str, Any]) -> None:
        key = _key(event)
        if key in self.uploads and self.readable(key):
            self.uploads[key].heard = True

    def call_back(self, request: Request) -> None:
        try:
            self._send(request)
        except NoReplyError:
            return

    def sweep(self) -> None:
        self.cloud.scf.backend.invoke("callback", TICK)

    @contextmanager
    def struck(self, strike: tuple[int, Fault] | None) -> Iterator[None]:
        """Within, one call meets a fault."""
        if strike:
            self.cloud.faults.at_call(*strike)
        yield
        self.cloud.faults.clear()
        self.set_outage(self.outage)

    def set_outage(self, fault: Fault | None) -> None:
        """From now on every call of CI meets this fault, or none does."""
        self.cloud.faults.clear()
        self.outage = fault
        if fault:
            self.cloud.faults.when(lambda call: ".ci." in call.request.host, fault, times=10**9)

    # What strangers do

    def plant(self, name: str) -> None:
        if name not in self.world.claims:
            self.cloud.cos.backend.put(BUCKET, name, PLANTED)

    def planted(self) -> bool:
        """Whether there is something that two of us could remove in the same moment: see `Claims` about that."""
        genuine = tuple(f"{CLAIMS}{claim.content.digest}/" for claim in self.claims())
        return any(name.startswith(genuine) and self.world.get(name).body == PLANTED for name in self.world.claims)

    # What CI does

    def jobs(self, *states: JobState) -> list[Job]:
        return [job for job in self.ci.jobs.values() if job.state in states]

    def finish(self, job: Job) -> None:
        if job.request.key in self.uploads:
            self.read[job.id] = self.world.get(job.request.key).body
        self.ci.finish(job.id)
        self.cloud.settle()

    def forget(self, job: Job) -> None:
        self.ci.forget(job.id)
        if job.id in self.made_for:
            self.forgotten[self.made_for[job.id]] += 1

    # What must hold

    def observe(self) -> None:
        """Note which upload each new job was made for."""
        for job in self.ci.jobs.values():
            if _is_ours(job) and job.id not in self.made_for:
                assert job.request.key in self.uploads, "a job for an object that is not there"
                self.made_for[job.id] = job.request.key, self.uploads[job.request.key].number

    def check(self) -> None:
        self.observe()
        self._check_jobs()
        for key in self.uploads:
            self._check_answer(key)
            self._check_the_rest(key)

    def _check_jobs(self) -> None:
        recent = self.cloud.clock.now() - DAY
        alive = Counter(
            (job.request.key, _fingerprint(job))
            for job in self.jobs(*ALIVE)
            # What runs for longer was given up, and no longer counts.
            if _is_ours(job) and job.created_at > recent
        )
        assert all(count == 1 for count in alive.values()), f"two live jobs for one content: {alive}"
        for upload, count in Counter(self.made_for.values()).items():
            assert count <= 1 + self.forgotten[upload], f"upload {upload} was paid for {count} times"

    def _check_answer(self, key: str) -> None:
        upload, stored, verdict = self.uploads[key], self.world.get(key), self.verdict(key)
        fields = self.world.fields(key)
        if verdict in (Verdict.FOUND, Verdict.NONE):
            upload.succeeded = True
            assert fields.get("text", "") == extract(stored.body), f"{key} has an answer about other bytes: {fields}"
        else:
            assert not upload.succeeded, f"{key} has lost its success: {fields}"
        if verdict and fields.get("job") in self.read:
            assert self.read[fields["job"]] == stored.body, f"{key} has the answer of a job that read other bytes"

    def _check_the_rest(self, key: str) -> None:
        now, then = without_ours(self.world.get(key)), without_ours(self.uploads[key].stored)
        assert replace(now, restoration=None) == replace(then, restoration=None), f"something of {key} has changed"

    def conclude(self) -> None:
        """Faults end, what was lost stays lost, and time passes: everything comes to its end, and to rest."""
        self._end_all()
        self._check_that_all_are_answered()
        self._check_that_nothing_more_happens()

    def _end_all(self) -> None:
        self.set_outage(None)
        for key in self.uploads:
            self._unarchive(key)
        for _ in range(40):
            self.pass_time(HOUR)
            for job in self.jobs(JobState.PAUSE):
                self.ci.resume(job.id)
            for job in self.jobs(JobState.SUBMITTED, JobState.RUNNING):
                self.finish(job)
            self.sweep()
            self.check()
            if all(claim.result for claim in self.claims()):
                return

    def _unarchive(self, key: str) -> None:
        stored, upload = self.world.get(key), self.uploads[key]
        if stored.storage_class.archived:
            self.cloud.cos.backend.bucket(BUCKET).swap(stored, replace(stored, storage_class=StorageClass.STANDARD))
            upload.stored = replace(upload.stored, storage_class=StorageClass.STANDARD)

    def _check_that_all_are_answered(self) -> None:
        kept = {claim.content.target.key: claim for claim in self.claims()}
        for key, upload in self.uploads.items():
            assert not upload.heard or self.verdict(key) or key in kept, f"{key} was forgotten"
        # A claim that is left says why, and goes as soon as there is room for its result.
        for key, claim in kept.items():
            assert "Shorten the object's own metadata" in claim.problem, claim
            self.upload(key, self.world.get(key).body, {"content-type": "video/mp4"})
        self.pass_time(HOUR)
        self.sweep()
        self.check()
        assert self.claims() == []
        assert all(self.verdict(key) for key in kept), f"a result was lost: {kept}"

    def _check_that_nothing_more_happens(self) -> None:
        answered = [key for key in self.uploads if self.verdict(key)]
        before = [self.world.get(key) for key in answered], len(self.made_for)
        for event in self.events:
            if _key(event) in answered:
                self.deliver(event)
        self.pass_time(HOUR)
        self.sweep()
        self.check()
        assert ([self.world.get(key) for key in answered], len(self.made_for)) == before, "an event was not ignored"

    def verdict(self, key: str) -> Verdict | None:
        """What a reader learns who checks the seal."""
        stored = self.world.get(key)
        content = Content(ObjectRef(REGION, BUCKET, key), Fingerprint(stored.crc64, stored.size))
        metadata = {name: value for name, value in stored.headers.items() if name.startswith(USER_PREFIX)}
        return sealed_verdict(metadata, read_settings(self.world.variables).secrets, content, prefix="watermark")

    def claims(self) -> list[Claim]:
        """The claims that are ours."""
        secrets, found = read_settings(self.world.variables).secrets, []
        for name in self.world.claims:
            try:
                found.append(decode(self.world.get(name).body, secrets))
            except ForgedClaimError:
                continue
        return found


def _key(event: dict[str, Any]) -> str:
    key: str = event["Records"][0]["cos"]["cosObject"]["key"]
    return key.rpartition("/")[2]


def _is_ours(job: Job) -> bool:
    return (job.request.user_data or "").startswith("w1.")


def _fingerprint(job: Job) -> tuple[str, ...]:
    return tuple((job.request.user_data or "").split(".")[2:4])
