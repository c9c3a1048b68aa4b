"""What really happened in a deployment, and whether the promises of docs/promises.md held.

Beside the cloud there is a model: each writing of each object, and for each job the bytes that it read. Whoever uses
this calls `observe` after everything that happens, so that it sees each writing and each job by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from faketencent.ci.jobs import JobState
from faketencent.ci.watermark import extract
from shared.domain.answer import answer_name
from shared.domain.answer import decode as decode_answer
from shared.domain.claim import decode
from shared.domain.metadata import USER_PREFIX, Sealed, read_sealed
from shared.domain.next_step import MAX_CHAIN
from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from shared.settings import DAY, read_settings
from tests.test_write_back import without_ours
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from faketencent.ci.jobs import Job
    from faketencent.cos.objects import StoredObject
    from shared.domain.record import Record
    from tests.world import World

#: Seconds after which a pause must have been noticed, and whoever did not has ended.
_NOTICED = 120
ALIVE = (JobState.SUBMITTED, JobState.RUNNING, JobState.PAUSE)


class BrokenPromiseError(AssertionError):
    """A promise was not kept; the text begins with its number."""


@dataclass
class Writing:
    """One writing of an object. `sealed_for` is the upload whose answer we wrote with it; others' have none.

    `answered` says that others wrote it with a seal of ours that fits.
    """

    stored: StoredObject
    upload: Upload
    sealed_for: Upload | None = None
    answered: bool = False
    #: Its event reached `submit`, which did not ask to have it once more.
    heard: bool = False


@dataclass
class Truth:
    """All that happened, and the promises."""

    world: World
    #: By key, the newest last; an object that is gone has no present.
    present: dict[str, Writing] = field(default_factory=dict)
    writings: list[Writing] = field(default_factory=list)
    #: What each job read, by its id; it reads once, when it starts.
    read: dict[str, bytes | None] = field(default_factory=dict)
    made_for: dict[str, Upload] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    #: Jobs that CI once denied: what costs more because of that is not our fault.
    excused: set[str] = field(default_factory=set)
    #: By key: jobs in a row, since the last midnight, whose object was another upload when they ended.
    strays: Counter[str] = field(default_factory=Counter)
    #: Two writings came in one second, so that COS's times do not tell them apart.
    same_second: bool = False
    #: Since when the ledger has an object that pauses.
    paused_at: float | None = None
    #: What an operator wants checked again: by run and key, the writing that was there.
    asked: dict[tuple[str, str], Writing | None] = field(default_factory=dict)
    #: Attempts, by upload and number, that were made when there was an answer already.
    answered: set[tuple[str, int]] = field(default_factory=set)
    _attempts: set[str] = field(default_factory=set)
    _kept: list[str] = field(default_factory=list)
    _day: int = 0

    # What happens

    def observe(self, *, by_us: bool = True) -> None:
        """See what is new."""
        day = int(self.world.cloud.clock.now()) // DAY
        if day != self._day:
            self._day = day
            self.strays.clear()
        self._observe_objects(by_us=by_us)
        self._observe_attempts()
        self._observe_jobs()

    def asks(self, key: str, run: str, *, again: bool) -> None:
        """An operator asks for an object."""
        if again:
            self.asked[run, key] = self.present.get(key)

    def starts(self, job_id: str) -> None:
        """A job is about to read its object."""
        present = self.present.get(self.made_key(job_id))
        self.read[job_id] = present.stored.body if present else None

    def ended(self, job_id: str) -> None:
        """A job has ended."""
        upload = self.made_for.get(job_id)
        if upload is None:
            return
        key = upload.target.key
        present = self.present.get(key)
        stray = present is None or present.upload != upload.writing
        self.strays[key] = self.strays[key] + 1 if stray else 0

    def made_key(self, job_id: str) -> str:
        """The key of a job's object."""
        return self.jobs[job_id].request.key

    def _observe_objects(self, *, by_us: bool) -> None:
        bucket = self.world.cloud.cos.backend.bucket(BUCKET)
        for key in {*bucket.live, *self.present}:
            before = self.present.get(key)
            # Most often nothing is new.
            if before and before.stored is bucket.newest(key):
                continue
            if key not in bucket.live:
                del self.present[key]
                self.strays[key] = 0
                continue
            stored = self.world.get(key)
            if before and _same_writing(before.stored, stored):
                before.stored = stored
                continue
            writing = Writing(stored, upload_of(stored))
            if by_us:
                self._check_our_write(before, writing)
            else:
                writing.answered = self.sealed(stored) is not None
            self.present[key] = writing
            self.writings.append(writing)

    def _observe_attempts(self) -> None:
        kept = self.world.cloud.cos.backend.bucket(LEDGER).live
        if kept == self._kept:
            return
        self._kept = kept.copy()
        there = set(self.world.claims)
        for name in there - self._attempts:
            attempt = decode(self.world.kept(name))
            present = self.present.get(attempt.upload.target.key)
            if present and present.upload == attempt.upload.writing and self._has_answer(attempt.upload, present):
                self.answered.add((attempt.upload.id, attempt.number))
        self._attempts = there

    def _has_answer(self, upload: Upload, present: Writing) -> bool:
        name = answer_name(upload.content, present.stored.etag)
        if name not in self.world.ledger(name) or self.world.settings.get("REUSE_ANSWERS") == "no":
            return False
        return upload.run in ("", decode_answer(self.world.kept(name)).run)

    def _observe_jobs(self) -> None:
        known = self.world.cloud.ci.backend.jobs
        new = [job_id for job_id in known if job_id not in self.jobs]
        self.jobs.update(known)
        for job_id in new:
            upload = _asked_for(self.jobs[job_id])
            if upload:
                self.made_for[job_id] = upload
                self._check_new_job(upload)
                self._check_spending(self.jobs[job_id], upload)

    # What must hold at once

    def _check_our_write(self, before: Writing | None, writing: Writing) -> None:
        stored, key = writing.stored, writing.stored.key
        require(before is not None, 5, f"{key} was written, though there was no object")
        assert before is not None
        require(before.upload.content == writing.upload.content, 6, f"the bytes of {key} have changed")
        now, then = without_ours(stored), without_ours(before.stored)
        same = replace(now, last_modified=0, restoration=None) == replace(then, last_modified=0, restoration=None)
        require(same, 6, f"something of {key} has changed")
        writing.sealed_for, sealed = before.upload, self.sealed(stored)
        require(sealed is not None, 4, f"{key} was written without a valid seal")
        assert sealed is not None
        result, text = sealed.result, extract(stored.body)
        right = result.verdict is Verdict.FAILED or (result.text, result.verdict) == (text, verdict_for(text))
        require(right or self.same_second, 5, f"{key} says {result.verdict.value} {result.text!r}, and holds {text!r}")
        read_other = result.job in self.read and self.read[result.job] != stored.body
        require(not read_other or self.same_second, 5, f"{key} has the answer of a job that read other bytes")

    def _check_new_job(self, upload: Upload) -> None:
        key = upload.target.key
        counted = {job_id: made for job_id, made in self.made_for.items() if job_id not in self.excused}
        alive = [job for job, made in counted.items() if made.target.key == key and self.jobs[job].state in ALIVE]
        require(len(alive) <= 1, 2, f"{len(alive)} live jobs on {key}")
        paid = [job for job, made in counted.items() if made == upload and self._cost_money(job)]
        require(len(paid) <= 1 or self._forgets(upload), 2, f"{len(paid)} paid jobs for one upload of {key}")
        too_many = self.strays[key] >= MAX_CHAIN and not self.excused
        require(not too_many, 2, f"a job on {key} after {MAX_CHAIN} in a row that could not be applied")
        theirs = sum(writing.sealed_for is None and not writing.answered for writing in self.writings)
        free = sum(job in self.excused or not self._cost_money(job) for job in self.made_for)
        free += sum(self._forgets(upload) for upload in self.made_for.values())
        most = theirs + free + len(self.asked)
        require(len(self.made_for) <= most, 7, f"{len(self.made_for)} jobs for {theirs} uploads")

    def _check_spending(self, job: Job, upload: Upload) -> None:
        limit = self.world.settings.get("MAX_JOBS_PER_DAY")
        today = [one for one in self.made_for if int(self.jobs[one].created_at) // DAY == int(job.created_at) // DAY]
        require(limit is None or len(today) <= int(limit), 3, f"{len(today)} jobs on a day with a limit of {limit}")
        # A pause is noticed within a minute; the run that began before that goes on for some calls.
        since = self.paused_at
        require(since is None or job.created_at - since < _NOTICED, 3, f"a job while all is paused since {since}")
        attempt = (upload.id, int((job.request.user_data or "").split(".")[5]))
        require(attempt not in self.answered or self.same_second, 2, f"{upload} is paid for though there was an answer")

    def _forgets(self, upload: Upload) -> bool:
        """Where answers are not used, what could not be written is paid for again if a late event asks for it."""
        unused = self.world.settings.get("REUSE_ANSWERS") == "no"
        return unused and self._has_record(upload, Reason.UNWRITABLE)

    def _cost_money(self, job_id: str) -> bool:
        """Whether asking again for the same upload would be paying twice."""
        return self.jobs[job_id].state not in (JobState.CANCEL, JobState.FAILED)

    # What must hold at rest

    def check_at_rest(self) -> None:
        """All has come to its end."""
        require(not self.world.claims, 1, f"claims are left for good: {self.world.attempts()}")
        require(not self.world.ledger("waiting/"), 1, "waiting entries are left for good")
        records: defaultdict[str, list[Record]] = defaultdict(list)
        for record in self.world.records:
            records[record.upload].append(record)
        for several in records.values():
            self._check_records(several)
        by_writing: defaultdict[str, list[Record]] = defaultdict(list)
        for record in self.world.records:
            by_writing[_writing_id(record)].append(record)
        for key, writing in self.present.items():
            self._check_present(key, writing, by_writing)
        for (run, key), asked in self.asked.items():
            done = not asked or self.present.get(key) is not asked or by_writing.get(asked.upload.id)
            require(bool(done), 1, f"run {run} asked to check {key} again, and that was not done")
        self._check_that_jobs_are_recorded(records)
        self._check_answers()

    def _check_answers(self) -> None:
        known = {answer_name(w.upload.content, w.stored.etag): extract(w.stored.body) for w in self.writings}
        for name in self.world.ledger("answers/"):
            answer = decode_answer(self.world.kept(name))
            right = (answer.verdict, answer.text) == (verdict_for(known[name]), known[name])
            require(
                right or self.same_second, 5, f"the answer {answer} is about other bytes, which say {known[name]!r}"
            )

    def _check_records(self, several: list[Record]) -> None:
        said = {(record.verdict, record.text) for record in several if record.applied}
        require(len(said) <= 1, 5, f"two records of one upload contradict each other: {several}")
        for record in several:
            bodies = {w.stored.body for w in self.writings if w.upload.id == _writing_id(record)}
            texts = {extract(body) for body in bodies}
            claims = record.verdict in (Verdict.FOUND, Verdict.NONE)
            require(
                not claims or (record.text or "") in texts or self.same_second, 5, f"the record is untrue: {record}"
            )

    def _check_present(self, key: str, writing: Writing, records: dict[str, list[Record]]) -> None:
        sealed = self.sealed(writing.stored)
        told = sealed or writing.upload.id in records
        require(bool(told) or not writing.heard, 1, f"{key} is lost: no seal, no record, nothing in flight")
        if sealed and writing.sealed_for:
            applied = [r for r in records.get(writing.sealed_for.id, []) if r.applied]
            require(bool(applied), 1, f"{key} bears a result, and no record says so")
            result = sealed.result
            same = any((r.verdict, r.text or "") == (result.verdict, result.text) for r in applied)
            require(same, 5, f"{key} says {result}, and its record {applied}")

    def _check_that_jobs_are_recorded(self, records: dict[str, list[Record]]) -> None:
        excused = {self.made_for[job].id for job in self.excused if job in self.made_for}
        for job, upload in self.made_for.items():
            named = any(job in record.jobs for record in records.get(upload.id, ()))
            require(named or upload.id in excused, 1, f"no record of {upload} names its job {job}")

    # Looking

    def sealed(self, stored: StoredObject) -> Sealed | None:
        """What a reader learns who checks the seal."""
        metadata = {name: value for name, value in stored.headers.items() if name.startswith(USER_PREFIX)}
        secrets = read_settings(self.world.variables).secrets
        return read_sealed(metadata, secrets, Content(stored.crc64, stored.size), prefix="watermark")

    def paid_uploads(self) -> set[Upload]:
        """The uploads that must not be paid for once more."""
        return {
            upload
            for job, upload in self.made_for.items()
            if job not in self.excused and self._cost_money(job) and not self._forgets(upload)
        }

    def _has_record(self, upload: Upload, reason: Reason) -> bool:
        return any((record.upload, record.reason) == (upload.id, reason) for record in self.world.records)


def require(holds: bool, promise: int, text: str) -> None:
    """Raise BrokenPromiseError unless it holds."""
    if not holds:
        raise BrokenPromiseError(f"promise {promise}: {text}")


def upload_of(stored: StoredObject) -> Upload:
    """What we call that writing of an object."""
    content = Content(stored.crc64, stored.size)
    return Upload(ObjectRef(REGION, BUCKET, stored.key), content, int(stored.last_modified))


def verdict_for(text: str) -> Verdict:
    """What is right to say of bytes with that watermark."""
    return Verdict.FOUND if text else Verdict.NONE


def _same_writing(before: StoredObject, now: StoredObject) -> bool:
    """Whether only what a lifecycle rule does, or a restoration, lies between the two."""
    return replace(before, storage_class=now.storage_class, restoration=now.restoration) == now


def _asked_for(job: Job) -> Upload | None:
    """The upload that one of our tickets names."""
    parts = (job.request.user_data or "").split(".")
    if parts[0] != "w2":
        return None
    _, region, crc64, size, modified, _, *more = parts
    target = ObjectRef(region, job.bucket, job.request.key)
    run = more[0] if len(more) > 1 else ""
    return Upload(target, Content(crc64, int(size)), int(modified), run)


def _writing_id(record: Record) -> str:
    """The id of the upload that a record is about, whichever run asked for it."""
    target = ObjectRef(record.region, record.bucket, record.key)
    modified = int(datetime.fromisoformat(record.modified.replace("Z", "+00:00")).timestamp())
    return Upload(target, Content(record.crc64 or "", record.size), modified).id
