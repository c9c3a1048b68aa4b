"""Puts very many claims and waiting entries into a ledger at once, without the calls that would have made them."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.ci.jobs import Extraction, Job, JobRequest, JobState
from faketencent.ci.models import Progression
from faketencent.cos.models import Cause
from faketencent.cos.objects import Content, Properties
from shared.domain import objects
from shared.domain.claim import Attempt, Held, encode
from shared.domain.objects import ObjectRef, Upload
from shared.domain.slot import Slot
from shared.domain.waiting import WaitingEntry, waiting_name
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faketencent.cos.objects import StoredObject
    from tests.world import World

RUN = "20260101T000000Z-0000"


class Claimed(Enum):
    """What a claim waits for: the end of its job, which runs or waits itself, or what it is held for."""

    LIVE = JobState.RUNNING
    QUEUED = JobState.SUBMITTED
    LIMIT = Held.LIMIT
    PAUSED = Held.PAUSED
    REFUSED = Held.REFUSED


class Asked(Enum):
    """Whether the object of a waiting entry is there."""

    THERE = "there"
    GONE = "gone"


def quiet(world: World) -> None:
    """Let nothing follow from what is put there: no event, and no end of a job."""
    world.cloud.cos.backend.listeners.clear()
    world.cloud.ci.backend.progression = Progression.MANUAL


def claim(world: World, numbers: Iterable[int], *kinds: Claimed) -> list[str]:
    """Claims on so many videos, of these kinds in turn; gives their names."""
    return [_claim(world, _video(world, f"claimed/{n}.mp4"), kinds[n % len(kinds)]) for n in numbers]


def ask(world: World, numbers: Iterable[int], asked: Asked) -> None:
    """Waiting entries for so many videos."""
    for number in numbers:
        key = f"asked/{number}.mp4"
        if asked is Asked.THERE:
            _video(world, key)
        entry = WaitingEntry(region=REGION, bucket=BUCKET, key=key, at="2026-01-01T00:00:00Z")
        _keep(world, waiting_name(RUN, entry.target), entry.model_dump_json().encode())


def use_up(world: World, day: str, slots: int) -> None:
    """Take the first slots of a day."""
    for number in range(1, slots + 1):
        _keep(world, Slot(day, number).name, b"")


def pause(world: World) -> None:
    """Pause, as an operator does."""
    _keep(world, "paused", b"")


def _claim(world: World, upload: Upload, kind: Claimed) -> str:
    attempt = Attempt(upload, 1, since=upload.modified)
    if isinstance(kind.value, JobState):
        attempt = replace(attempt, job=_job(world, upload, kind.value))
    else:
        attempt = replace(attempt, held=kind.value)
    if kind is Claimed.REFUSED:
        attempt = replace(attempt, refused_since=upload.modified, refusal="InvalidArgument")
    name = f"claims/{upload.target.id}/{upload.id}/000001"
    _keep(world, name, encode(attempt))
    return name


def _job(world: World, upload: Upload, state: JobState) -> str:
    """A job that has not ended."""
    ci = world.cloud.ci.backend
    job_id, queue = f"j{upload.id[:32]}", ci.bucket(BUCKET, REGION).queue_id
    request = JobRequest(upload.target.key, Extraction())
    ci.jobs[job_id] = Job(job_id, len(ci.jobs), BUCKET, REGION, queue, request, upload.modified, state, upload.modified)
    return job_id


def _video(world: World, key: str) -> Upload:
    stored = _store(world, BUCKET, key, b"video of " + key.encode())
    content = objects.Content(stored.crc64, stored.size)
    return Upload(ObjectRef(REGION, BUCKET, key), content, int(stored.last_modified))


def _keep(world: World, name: str, body: bytes) -> None:
    _store(world, LEDGER, name, body)


def _store(world: World, bucket: str, key: str, body: bytes) -> StoredObject:
    cos = world.cloud.cos.backend
    return cos.store(cos.bucket(bucket), key, Content.of(body), Properties(), Cause("Put", {}))
