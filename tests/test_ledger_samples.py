"""events/ledger/ shows what the functions write into the ledger: the same stories, played again, come to the same."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci import Progression
from ops.checkout import ROOT
from shared.domain.claim import decode, encode
from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.record import Record
from tests.world import World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable

#: Says the same on every Python.
pytestmark = pytest.mark.once

SAMPLES = ROOT / "events" / "ledger"
KEY = "holiday/beach 1.mp4"
#: What the fake cloud makes up, and what is computed from that; also which of two videos it read.
MADE_UP = {
    *("upload", "crc64", "size", "seal", "job", "jobs", "modified", "at", "submitted", "started", "since"),
    "unattributed",
}


def found(world: World) -> bytes:
    world.cloud.ci.backend.progression = Progression.TIMED
    world.upload(KEY, marked_video("Studio-7_2026"))
    world.cloud.settle()
    world.cloud.advance(60)
    return only_record(world)


def unattributed(world: World) -> bytes:
    begin(world)
    (job,) = world.jobs
    world.cloud.ci.backend.start(job.id)
    world.cloud.advance(30)
    world.upload(KEY, marked_video("Studio-8_2026"))
    world.cloud.settle()
    world.cloud.ci.backend.finish(job.id)
    world.cloud.settle()
    world.cloud.advance(600)
    world.sweep()
    return only_record(world)


def skipped(world: World) -> bytes:
    world.upload("old.mp4", marked_video("Studio-7_2026"))
    world.archive("old.mp4")
    world.cloud.settle()
    return only_record(world)


def in_flight(world: World) -> bytes:
    begin(world)
    (name,) = world.claims
    return world.kept(name)


def begin(world: World) -> None:
    """Upload a video whose job waits in its queue."""
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.upload(KEY, marked_video("Studio-7_2026"))
    world.cloud.settle()


def only_record(world: World) -> bytes:
    (name,) = world.ledger("results/")
    return world.kept(name)


RECORDS = {
    "result-found.json": found,
    "result-unattributed.json": unattributed,
    "result-skipped.json": skipped,
}
STORIES = {**RECORDS, "claim.json": in_flight}


def sample(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    return document


def told(document: dict[str, Any]) -> dict[str, Any]:
    """The document with nothing but the names of what the fake cloud makes up."""
    return {name: "..." if name in MADE_UP else value for name, value in document.items()}


def test_every_sample_has_its_story() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(STORIES)


@pytest.mark.parametrize("name", STORIES)
def test_a_sample_is_what_the_functions_write(name: str) -> None:
    story: Callable[[World], bytes] = STORIES[name]
    with deployed() as world:
        assert told(json.loads(story(world))) == told(sample(name))


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_survives_being_read_and_written(name: str) -> None:
    record = Record.model_validate(sample(name))

    assert json.loads(record.model_dump_json(exclude_none=True)) == sample(name)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_named_after_its_upload(name: str) -> None:
    record = Record.model_validate(sample(name))

    target = ObjectRef(record.region, record.bucket, record.key)
    modified = int(datetime.fromisoformat(record.modified.replace("Z", "+00:00")).timestamp())
    assert record.upload == Upload(target, Content(record.crc64 or "", record.size), modified).id


def test_a_claim_survives_being_read_and_written() -> None:
    attempt = decode((SAMPLES / "claim.json").read_bytes())

    assert attempt.upload.target.key == KEY
    assert json.loads(encode(attempt)) == sample("claim.json")
