"""events/ledger/ shows what the functions write into the ledger: the same stories, played again, come to the same."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci import Progression
from faketencent.cos.buckets import Versioning
from ops.checkout import ROOT
from shared.domain import answer as domain_answer
from shared.domain import claim, pause, waiting
from shared.domain.claim import GRACE
from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.record import Record
from shared.domain.slot import number_of
from shared.domain.status import Status
from tests.asking import RUN, ask
from tests.world import BUCKET, LEDGER, REGION, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable

#: Says the same on every Python.
pytestmark = pytest.mark.once

SAMPLES = ROOT / "events" / "ledger"
KEY = "holiday/beach 1.mp4"
#: What the fake cloud makes up, and what is computed from that; also which of two videos it read.
MADE_UP = {
    *("upload", "crc64", "size", "seal", "job", "jobs", "modified", "at", "submitted", "started", "since"),
    *("unattributed", "replaces", "code", "settings"),
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
    return only_claim(world)


def checked_again(world: World) -> bytes:
    """The claim of a video that bears a result, and that an operator wants checked once more."""
    found(world)
    world.cloud.ci.backend.progression = Progression.MANUAL
    ask(world, KEY, again=True)
    world.sweep()
    return only_claim(world)


def answer(world: World) -> bytes:
    found(world)
    (name,) = world.ledger("answers/")
    return world.kept(name)


def waiting_entry(world: World) -> bytes:
    (name,) = ask(world, KEY, again=True)
    return world.kept(name)


def paused(world: World) -> bytes:
    """By the timer, which finds that the ledger keeps versions."""
    world.cloud.cos.backend.bucket(LEDGER).set_versioning(Versioning.SUSPENDED)
    world.sweep()
    return world.kept("paused")


def status(world: World) -> bytes:
    """Of a deployment whose limit is reached: two videos wait, and one job is in flight."""
    world.configure(MAX_JOBS_PER_DAY="1")
    begin(world)
    for number in (2, 3):
        world.upload(f"holiday/beach {number}.mp4", marked_video("Studio-7_2026", str(number)))
    world.cloud.settle()
    world.cloud.advance(GRACE)
    world.sweep()
    world.sweep()
    return world.kept("status.json")


def slot(world: World) -> bytes:
    """Its name says all."""
    world.configure(MAX_JOBS_PER_DAY="100")
    begin(world)
    (name,) = world.ledger("slots/")
    return name.encode()


def begin(world: World) -> None:
    """Upload a video whose job waits in its queue."""
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.upload(KEY, marked_video("Studio-7_2026"))
    world.cloud.settle()


def only_claim(world: World) -> bytes:
    (name,) = world.claims
    return world.kept(name)


def only_record(world: World) -> bytes:
    (name,) = world.ledger("results/")
    return world.kept(name)


RECORDS = {
    "result-found.json": found,
    "result-unattributed.json": unattributed,
    "result-skipped.json": skipped,
}
CLAIMS = {"claim.json": in_flight, "claim-of-a-re-check.json": checked_again}
STORIES = {
    **RECORDS,
    **CLAIMS,
    "answer.json": answer,
    "waiting-entry.json": waiting_entry,
    "paused.json": paused,
    "status.json": status,
}
#: A name alone.
SLOT = "slot-name.json"


def sample(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    return document


def told(document: dict[str, Any]) -> dict[str, Any]:
    """The document with nothing but the names of what the fake cloud makes up."""
    return {name: "..." if name in MADE_UP else value for name, value in document.items()}


def test_every_sample_has_its_story() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == {*STORIES, SLOT}


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


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_survives_being_read_and_written(name: str) -> None:
    attempt = claim.decode((SAMPLES / name).read_bytes())

    assert attempt.upload.target.key == KEY
    assert json.loads(claim.encode(attempt)) == sample(name)


def test_that_of_a_re_check_says_who_asked_for_it_and_which_seal_it_replaces() -> None:
    attempt = claim.decode((SAMPLES / "claim-of-a-re-check.json").read_bytes())

    assert attempt.upload.run == attempt.asked_by == RUN
    assert sample("result-found.json")["seal"].startswith(f"s1.{attempt.replaces}")


def test_an_answer_survives_being_read_and_written_and_is_the_records() -> None:
    kept, record = domain_answer.decode((SAMPLES / "answer.json").read_bytes()), sample("result-found.json")

    assert json.loads(domain_answer.encode(kept)) == sample("answer.json")
    assert (kept.verdict.value, kept.text, kept.at, kept.job) == tuple(
        record[name] for name in ("verdict", "text", "at", "job")
    )


def test_a_waiting_entry_is_read_under_the_name_that_it_has_to_have() -> None:
    body = (SAMPLES / "waiting-entry.json").read_bytes()
    target = ObjectRef(REGION, BUCKET, KEY)

    entry = waiting.decode(waiting.waiting_name(RUN, target), body)

    assert (entry.target, entry.again, entry.run) == (target, True, RUN)
    assert json.loads(entry.model_dump_json()) == sample("waiting-entry.json")


def test_a_pause_survives_being_read_and_written() -> None:
    body = (SAMPLES / "paused.json").read_bytes()

    assert json.loads(pause.encode(pause.decode(body))) == sample("paused.json")


def test_a_status_survives_being_read_and_written() -> None:
    read = Status.model_validate(sample("status.json"))

    assert json.loads(read.model_dump_json(exclude_none=True)) == sample("status.json")


def test_a_slot_says_in_its_name_which_of_the_day_it_is() -> None:
    name = json.loads((SAMPLES / SLOT).read_text(encoding="utf-8"))

    with deployed() as world:
        assert slot(world).decode() == name
    assert number_of(name) == 1
