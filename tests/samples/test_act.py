"""The sample that acts on verdicts: the tag lands on the video that was checked, and on nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.ci import Progression
from faketencent.ci.analysis import Outcome
from faketencent.ci.jobs import JobState
from faketencent.faults import Fault
from faketencent.scf.cos_trigger import Delivery
from faketencent.scf.invocation import Status
from tests.asking import ask
from tests.samples.stand import LATER, keep, runs, tags, with_sample
from tests.world import BUCKET, LEDGER, World, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

KEYS = ("a.mp4", "holiday/beach 1+2%20.mp4", "影片/猫 🎬.mp4", "/a//b/../c.mp4", "./d.mp4")


@pytest.fixture
def world() -> Iterator[World]:
    with with_sample("act") as (made, _):
        yield made


def upload(world: World, key: str = "a.mp4", text: str = "Studio-7", **tagging: str) -> None:
    """Upload a video, and let everything that follows happen, but nothing that takes time."""
    sent = {"x-cos-tagging": "&".join(f"{name}={value}" for name, value in tagging.items())} if tagging else {}
    world.upload(key, marked_video(text, key), sent)
    world.cloud.settle()


def outcomes(world: World) -> list[Status]:
    return [run.status for run in runs(world, "act")]


def calls(world: World, operation: str) -> int:
    return sum(call.route.operation == operation for call in world.cloud.journal)


@pytest.mark.parametrize(("text", "verdict"), [("Studio-7", "found"), ("", "none")])
def test_a_checked_video_gets_its_verdict_as_a_tag(world: World, text: str, verdict: str) -> None:
    upload(world, text=text)

    assert tags(world, "a.mp4") == {"watermark": verdict}
    assert [run.result for run in runs(world, "act")] == [{"tagged": 1}]


@pytest.mark.parametrize("key", KEYS)
def test_whatever_the_key_it_is_the_right_video(world: World, key: str) -> None:
    upload(world, "a/c.mp4")
    upload(world, "d.mp4")
    before = {other: tags(world, other) for other in ("a/c.mp4", "d.mp4")}

    upload(world, key, text="")

    assert tags(world, key) == {"watermark": "none"}
    assert {other: tags(world, other) for other in before} == before


def test_other_tags_stay_and_an_old_verdict_goes(world: World) -> None:
    upload(world, team="red", watermark="none", project="p-1")

    assert tags(world, "a.mp4") == {"team": "red", "watermark": "found", "project": "p-1"}


def test_a_tag_changes_nothing_else_and_leads_to_no_job(world: World) -> None:
    # Whatever happens to an object is told of: all kinds of events are subscribed here.
    upload(world)
    before = len(runs(world, "submit"))
    world.cloud.advance(3600)

    assert len(runs(world, "submit")) == before == 2
    assert (len(world.jobs), world.writes, world.answer("a.mp4")) == (1, 1, ("found", "Studio-7"))


def test_should_a_tag_give_the_object_a_new_date_nothing_is_checked_again(world: World) -> None:
    # COS does not document that; whether it does is not known.
    upload(world)
    (first, *_) = (run.event for run in runs(world, "submit"))
    touched = world.get("a.mp4")
    world.cloud.advance(3600)
    world.cloud.cos.backend.bucket(BUCKET).swap(touched, replace(touched, last_modified=world.cloud.clock.now()))

    world.cloud.scf.backend.invoke("submit", first)
    world.cloud.advance(3600)

    assert len(world.jobs) == 1


def test_an_event_that_comes_twice_writes_once(world: World) -> None:
    world.cloud.scf.backend.cos_triggers.delivery = Delivery(copies=2)

    upload(world)

    assert [run.result for run in runs(world, "act")] == [{"tagged": 1}, {"tagged": 0}]
    assert calls(world, "PutObjectTagging") == 1


def test_a_video_that_was_replaced_meanwhile_is_left_alone(world: World) -> None:
    upload(world)
    (told,) = (run.event for run in runs(world, "act"))
    world.cloud.ci.backend.progression = Progression.MANUAL
    upload(world, text="", team="red")

    run = world.cloud.scf.backend.invoke("act", told)

    assert run.result == {"tagged": 0}
    assert tags(world, "a.mp4") == {"team": "red"}


def test_so_is_one_that_is_gone(world: World) -> None:
    upload(world)
    (told,) = (run.event for run in runs(world, "act"))
    world.cloud.cos.backend.delete(BUCKET, "a.mp4")

    assert world.cloud.scf.backend.invoke("act", told).result == {"tagged": 0}


def test_an_older_record_that_comes_late_does_not_undo_a_newer_one(world: World) -> None:
    upload(world)
    (old,) = (run.event for run in runs(world, "act"))
    with patch("faketencent.ci.models.conclude", lambda *_: Outcome(JobState.SUCCESS, "Success", "")):
        ask(world, "a.mp4", again=True)
        world.sweep()
        world.cloud.settle()
    assert tags(world, "a.mp4") == {"watermark": "none"}

    late = world.cloud.scf.backend.invoke("act", old)

    assert late.result == {"tagged": 0}
    assert tags(world, "a.mp4") == {"watermark": "none"}


def test_a_result_that_could_not_be_written_is_acted_upon_while_no_other_is_there(world: World) -> None:
    world.cloud.ci.backend.progression = Progression.MANUAL
    upload(world)

    keep(world, "1", verdict="none")
    assert tags(world, "a.mp4") == {"watermark": "none"}

    world.cloud.ci.backend.finish(world.jobs[0].id)
    world.cloud.settle()
    assert tags(world, "a.mp4") == {"watermark": "found"}

    keep(world, "2", verdict="none")
    assert tags(world, "a.mp4") == {"watermark": "found"}


@pytest.mark.parametrize("other", [{"crc64": "1"}, {"crc64": None}, {"size": 1}])
def test_a_record_of_other_bytes_is_no_word_on_these(world: World, other: dict[str, object]) -> None:
    world.cloud.ci.backend.progression = Progression.MANUAL
    upload(world)

    keep(world, "1", verdict="none", **other)

    assert (outcomes(world), tags(world, "a.mp4")) == ([Status.SUCCEEDED], {})


def test_what_was_not_checked_gets_no_tag(world: World) -> None:
    world.upload("old.mp4", marked_video("Studio-7"))
    world.archive("old.mp4")

    world.cloud.settle()

    assert [run.result for run in runs(world, "act")] == [{"tagged": 0}]
    assert tags(world, "old.mp4") == {}


def test_after_a_refusal_the_event_comes_again(world: World) -> None:
    world.cloud.faults.on("PutObjectTagging", Fault.ERROR_403)

    upload(world, team="red")
    assert (outcomes(world), tags(world, "a.mp4")) == ([Status.FAILED], {"team": "red"})
    world.cloud.advance(LATER)

    assert outcomes(world) == [Status.FAILED, Status.SUCCEEDED]
    assert tags(world, "a.mp4") == {"team": "red", "watermark": "found"}


@pytest.mark.parametrize("operation", ["GetObject", "HeadObject", "GetObjectTagging", "PutObjectTagging"])
def test_no_refusal_is_taken_for_an_answer(world: World, operation: str) -> None:
    upload(world, team="red")
    (told,) = (run.event for run in runs(world, "act"))
    world.cloud.cos.backend.change(world.get("a.mp4"), tags={"team": "red"})
    world.cloud.faults.on(operation, Fault.ERROR_403)

    first, second = (world.cloud.scf.backend.invoke("act", told) for _ in range(2))

    assert (first.status, second.result) == (Status.FAILED, {"tagged": 1})
    assert tags(world, "a.mp4") == {"team": "red", "watermark": "found"}


def test_one_record_that_cannot_be_read_does_not_keep_the_others_back(world: World) -> None:
    world.cloud.cos.backend.put(LEDGER, "results/2026-01-01/foreign.json", b"[]")
    upload(world)
    foreign, own = (run.event["Records"] for run in runs(world, "act"))
    world.cloud.cos.backend.change(world.get("a.mp4"), tags={})

    run = world.cloud.scf.backend.invoke("act", {"Records": [*foreign, *own]})

    assert run.status is Status.FAILED
    assert tags(world, "a.mp4") == {"watermark": "found"}


def test_no_room_for_a_tag_is_a_failure_too(world: World) -> None:
    ten = {f"tag-{number}": "x" for number in range(10)}

    upload(world, **ten)

    assert outcomes(world) == [Status.FAILED]
    assert tags(world, "a.mp4") == ten
