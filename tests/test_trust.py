"""Callbacks are hints from strangers: what is not provably ours costs no call and changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.ticket import Ticket
from shared.signing import Secrets
from tests.world import BUCKET, REGION, SECRET, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = 86_400


@pytest.fixture
def world() -> Iterator[World]:
    """A video whose job has ended, but whose callback was lost."""
    with deployed(CALLBACK_URL="no") as world:
        world.upload("clip.mp4", marked_video("Hello_1"))
        world.cloud.settle()
        assert world.answer("clip.mp4") == ("", "")
        world.cloud.journal.clear()
        yield world


def body(world: World, **changes: Any) -> bytes:  # noqa: ANN401 - any node of the document
    """The callback that was lost, with changes."""
    job = world.jobs[0]
    detail = {
        "Code": "Success",
        "JobId": job.id,
        "State": "Success",
        "Tag": "ExtractDigitalWatermark",
        "Input": {"BucketId": BUCKET, "Object": "clip.mp4", "Region": REGION},
        "Operation": {"ExtractDigitalWatermark": {"Message": "believe me"}, "UserData": job.request.user_data},
    }
    return json.dumps({"EventName": "TaskFinish", "JobsDetail": {**detail, **changes}}).encode()


def operation(user_data: str) -> dict[str, Any]:
    return {"UserData": user_data}


def ticket_by(secret: str, world: World, key: str = "clip.mp4") -> str:
    stored = world.get("clip.mp4")
    content = Content(stored.crc64, stored.size)
    upload = Upload(ObjectRef(REGION, BUCKET, key), content, int(stored.last_modified))
    return Ticket(upload, 1).sign(Secrets(secret.encode()))


def assert_refused_without_a_call(world: World, document: bytes, status: int = 403) -> None:
    assert world.post(document) == {"status": status, "outcomes": ["failed"]}
    assert world.cloud.operations() == []
    assert world.answer("clip.mp4") == ("", "")


def test_a_genuine_hint_is_followed_but_its_words_are_not_believed(world: World) -> None:
    assert world.post(body(world))["status"] == 200
    assert world.answer("clip.mp4") == ("found", "Hello_1")


def test_a_ticket_by_another_secret_is_refused(world: World) -> None:
    forged = ticket_by("another secret of thirty-two bytes", world)
    assert_refused_without_a_call(world, body(world, Operation=operation(forged)))


def test_a_ticket_replayed_for_another_object_is_refused(world: World) -> None:
    world.upload("other.mp4", marked_video("Other"))
    other = {"BucketId": BUCKET, "Object": "other.mp4", "Region": REGION}
    assert_refused_without_a_call(world, body(world, Input=other))


def test_a_ticket_replayed_for_another_bucket_is_refused(world: World) -> None:
    other = {"BucketId": "other-1250000000", "Object": "clip.mp4", "Region": REGION}
    assert_refused_without_a_call(world, body(world, Input=other))


def test_a_ticket_does_not_expire(world: World) -> None:
    world.cloud.advance(400 * DAY)
    assert world.post(body(world))["status"] == 200
    assert world.answer("clip.mp4") == ("found", "Hello_1")


def test_a_callback_that_is_played_back_meets_an_object_that_has_its_answer(world: World) -> None:
    document = body(world)
    world.post(document)
    before = world.get("clip.mp4")

    assert world.post(document) == {"status": 200, "outcomes": ["skipped"]}
    assert world.get("clip.mp4") == before
    assert len(world.records) == 1


def test_nor_does_one_that_is_played_back_for_a_later_upload_change_it(world: World) -> None:
    # Given the same bytes, uploaded once more, and a job for the first upload that had read them
    document = body(world)
    world.cloud.advance(1)
    world.upload("clip.mp4", marked_video("Hello_1"))

    assert world.post(document) == {"status": 200, "outcomes": ["skipped"]}
    assert world.answer("clip.mp4") == ("", "")


def test_a_ticket_without_object_or_usable_job_id_is_malformed(world: World) -> None:
    assert_refused_without_a_call(world, body(world, Input={}), status=400)
    assert_refused_without_a_call(world, body(world, JobId="../queue"), status=400)


def test_a_ticket_by_the_previous_secret_is_accepted_until_the_next_rotation(world: World) -> None:
    world.configure(SECRET="the next secret of thirty-two bytes", SECRET_PREVIOUS=SECRET)
    assert world.post(body(world))["status"] == 200
    assert world.answer("clip.mp4") == ("found", "Hello_1")


def test_a_genuine_ticket_with_a_job_that_is_not_ours_is_refused(world: World) -> None:
    jobs = world.cloud.ci.backend.jobs
    with_other_ticket = ticket_by("another secret of thirty-two bytes", world)
    job = world.jobs[0]
    foreign = "j" + "f" * 32
    request = replace(job.request, user_data=with_other_ticket)
    jobs[foreign] = replace(job, id=foreign, request=request)

    assert world.post(body(world, JobId=foreign))["status"] == 403
    assert world.answer("clip.mp4") == ("", "")
    assert world.cloud.operations() == ["DescribeMediaJob"]


def test_a_job_unknown_to_ci_is_left_to_the_sweep(world: World) -> None:
    reply = world.post(body(world, JobId="j" + "0" * 32))
    assert reply == {"status": 200, "outcomes": ["skipped"]}
    assert len(world.claims) == 1


@pytest.mark.parametrize(
    "foreign",
    [
        b'{"EventName":"WorkflowFinish","WorkflowExecution":{"RunId":"1"}}',
        b"<Response><EventName>TaskFinish</EventName><JobsDetail><Tag>Animation</Tag></JobsDetail></Response>",
        b'{"code":0,"message":"Test request when setting callback url","data":{"trace_id":"test_trace_id"}}',
    ],
)
def test_news_of_others_is_acknowledged_and_ignored(world: World, foreign: bytes) -> None:
    assert world.post(foreign) == {"status": 200, "outcomes": ["skipped"]}
    assert world.cloud.operations() == []


@pytest.mark.parametrize("rubbish", [b"", b"hello", b"<a><b></a>", b'{"a":1,"a":2}', b"[NaN]"])
def test_rubbish_is_malformed(world: World, rubbish: bytes) -> None:
    assert_refused_without_a_call(world, rubbish, status=400)


def test_a_huge_body_is_not_looked_at(world: World) -> None:
    assert_refused_without_a_call(world, b"<" + b"a" * 2_000_000, status=413)


def test_wrong_settings_are_told_to_the_log_and_not_to_the_caller(world: World) -> None:
    document = body(world)
    world.configure(GIVE_UP_AFTER="soon")

    assert world.post(document) == {"status": 503}

    errors = [line for line in world.log if line["level"] == "ERROR"]
    assert "WATERMARK_GIVE_UP_AFTER" in str(errors)


def test_not_even_a_bug_of_ours_is_shown_to_the_caller(world: World) -> None:
    with patch("functions.callback.complete", side_effect=ZeroDivisionError("secret thoughts")):
        assert world.post(body(world)) == {"status": 500}
    assert "secret thoughts" in str(world.log[-1]["trace"])


def test_only_post_is_answered(world: World) -> None:
    for method in ("GET", "PUT", "DELETE", "HEAD"):
        assert world.post(b"", httpMethod=method)["status"] == 405


def test_no_secret_ever_reaches_a_log(world: World) -> None:
    world.post(body(world))
    world.post(body(world, Operation=operation(ticket_by("another secret of thirty-two bytes", world))))
    text = json.dumps(world.log) + "".join(i.log for i in world.cloud.scf.backend.invocations)

    assert SECRET not in text
    assert str(world.jobs[0].request.user_data) not in text
    for identity in ("secret-key-of", "token-of", "q-signature"):
        assert identity not in text
