"""The sample that tells another system: every record is told of, again if need be, and no secret gets out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faketencent.faults import Fault
from faketencent.pacing import Pacing
from faketencent.scf.cos_event import Dialect, KeyEncoding
from faketencent.scf.cos_trigger import Delivery
from faketencent.scf.invocation import Status
from tests.samples.stand import LATER, Receiver, runs, with_sample
from tests.world import BUCKET, LEDGER, REGION, World, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: Keys of everyday use and of strangers.
KEYS = ("a.mp4", "holiday/beach 1+2%20.mp4", "影片/猫 🎬.mp4", 'x";<b>&.mp4', "/a//b/../c.mp4")


@pytest.fixture
def stand() -> Iterator[tuple[World, Receiver]]:
    with with_sample("tell") as made:
        yield made


def upload(world: World, key: str = "a.mp4", text: str = "Studio-7") -> None:
    """Upload a video, and let everything that follows happen, but nothing that takes time."""
    world.upload(key, marked_video(text, key))
    world.cloud.settle()


def outcomes(world: World) -> list[Status]:
    return [run.status for run in runs(world, "tell")]


def test_a_result_is_told_as_the_record_has_it(stand: tuple[World, Receiver]) -> None:
    world, receiver = stand

    upload(world)

    (record,) = world.records
    assert receiver.received == [
        {
            "upload": record.upload,
            "applied": True,
            "verdict": "found",
            "text": "Studio-7",
            "reason": None,
            "region": REGION,
            "bucket": BUCKET,
            "key": "a.mp4",
            "job": world.jobs[0].id,
            "at": record.at,
        }
    ]


def test_so_is_what_was_not_checked_and_why(stand: tuple[World, Receiver]) -> None:
    world, receiver = stand
    world.upload("old.mp4", marked_video("Studio-7"))
    world.archive("old.mp4")

    world.cloud.settle()

    (told,) = receiver.received
    assert (told["verdict"], told["reason"], told["applied"], told["text"]) == ("skipped", "archived", False, None)


def test_every_key_and_text_arrives_as_it_is(stand: tuple[World, Receiver]) -> None:
    world, receiver = stand

    for key in KEYS:
        upload(world, key, text=f"水印 {len(key)}")

    assert {told["key"]: told["text"] for told in receiver.received} == {key: f"水印 {len(key)}" for key in KEYS}


@pytest.mark.parametrize("encoding", KeyEncoding)
@pytest.mark.parametrize("prefix", ["", "team a/正式/"])
def test_a_record_is_found_however_the_event_spells_its_name(encoding: KeyEncoding, prefix: str) -> None:
    with with_sample("tell", ledger_prefix=prefix) as (world, receiver):
        world.cloud.scf.backend.cos_triggers.dialect = Dialect(key=encoding)

        upload(world)

        assert [told["verdict"] for told in receiver.received] == ["found"]


def test_all_records_of_an_event_are_told_of(stand: tuple[World, Receiver]) -> None:
    world, receiver = stand
    world.cloud.scf.backend.cos_triggers.delivery = Delivery(batch=10, window=60)
    for key in KEYS:
        world.upload(key, marked_video("Studio-7", key))

    world.cloud.advance(600)

    assert sorted(told["key"] for told in receiver.received) == sorted(KEYS)
    assert [run.result for run in runs(world, "tell")] == [{"told": len(KEYS)}]


def test_an_event_that_comes_twice_is_told_twice_with_the_same_words(stand: tuple[World, Receiver]) -> None:
    world, receiver = stand
    world.cloud.scf.backend.cos_triggers.delivery = Delivery(copies=2)

    upload(world)

    first, second = receiver.received
    assert first == second


def test_while_the_webhook_is_down_the_event_comes_again(stand: tuple[World, Receiver]) -> None:
    world, receiver = stand
    receiver.answer = {"statusCode": 503, "body": "later"}
    upload(world)
    assert outcomes(world) == [Status.FAILED]

    receiver.answer = {"statusCode": 204, "body": ""}
    world.cloud.advance(LATER)

    assert outcomes(world) == [Status.FAILED, Status.SUCCEEDED]
    assert len(receiver.received) == 2


@pytest.mark.parametrize(
    "answer", [{"statusCode": 302, "headers": {"Location": "https://elsewhere.example"}}, {"statusCode": 404}]
)
def test_whatever_is_no_success_counts_as_not_told(stand: tuple[World, Receiver], answer: dict[str, Any]) -> None:
    world, receiver = stand
    receiver.answer = {"body": "", **answer}

    upload(world)

    assert outcomes(world) == [Status.FAILED]


def test_one_record_that_cannot_be_read_does_not_keep_the_others_back(stand: tuple[World, Receiver]) -> None:
    world, receiver = stand
    world.cloud.cos.backend.put(LEDGER, "results/2026-01-01/foreign.json", b"\xff no JSON")
    upload(world)
    foreign, own = (run.event["Records"] for run in runs(world, "tell"))
    receiver.received.clear()

    run = world.cloud.scf.backend.invoke("tell", {"Records": [*foreign, *own]})

    assert run.status is Status.FAILED
    assert [told["key"] for told in receiver.received] == ["a.mp4"]


@pytest.mark.parametrize("trouble", [Fault.RESET, Pacing(before=1000)])
def test_a_webhook_that_does_not_answer_in_time_is_told_again(
    stand: tuple[World, Receiver], trouble: Fault | Pacing
) -> None:
    world, receiver = stand
    world.cloud.faults.when(lambda call: call.request.host in receiver.url, trouble)

    upload(world)
    world.cloud.advance(LATER)

    assert outcomes(world) == [Status.FAILED, Status.SUCCEEDED]
    assert "no reply from the webhook" in runs(world, "tell")[0].error


def test_a_ledger_that_refuses_is_no_result_lost(stand: tuple[World, Receiver]) -> None:
    world, receiver = stand
    world.cloud.faults.when(_reads_a_record, Fault.ERROR_403)

    upload(world)
    world.cloud.advance(LATER)

    assert outcomes(world) == [Status.FAILED, Status.SUCCEEDED]
    assert len(receiver.received) == 1


def _reads_a_record(call: Any) -> bool:  # noqa: ANN401 - a call of the fake cloud
    return bool(call.route.operation == "GetObject" and call.identity is None and "results/" in call.key)
