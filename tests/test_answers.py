"""Bytes for which the ledger has an answer are answered by it: under another key, in another bucket, or touched."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from faketencent.ci.jobs import JobState
from faketencent.ci.models import Progression
from faketencent.cos import copying
from faketencent.cos.checksums import crc64, etag, multipart_etag
from faketencent.cos.objects import Content, Properties
from faketencent.cos.store import Cause
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from tests.direct import direct
from tests.world import BUCKET, LEDGER, REGION, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.cos.objects import StoredObject

#: Says the same on every Python.
pytestmark = pytest.mark.once

MINUTE, HOUR = 60, 3600
VIDEO = marked_video("Hello_1")
#: Leaves no room for even the shortest result.
FULL = {"x-cos-meta-title": "t" * 1895}
OTHERS = "films-1250000000"


@pytest.fixture
def world() -> Iterator[World]:
    with deployed() as world, direct(world.cloud):
        yield world


def upload(world: World, key: str, body: bytes = VIDEO, headers: dict[str, str] | None = None) -> None:
    world.upload(key, body, headers)
    world.cloud.settle()


def in_parts(world: World, key: str, body: bytes = VIDEO) -> None:
    """A multipart upload: the same bytes, with an ETag of its own."""
    content = Content(body, multipart_etag([etag(body[:9]), etag(body[9:])]), crc64(body))
    cos = world.cloud.cos.backend
    cos.store(cos.bucket(BUCKET), key, content, Properties(), Cause("CompleteMultipartUpload"))
    world.cloud.settle()


def touch(world: World, key: str) -> None:
    """Somebody replaces the metadata, and does not know ours."""
    world.cloud.cos.backend.copy(BUCKET, key, key, {"x-cos-metadata-directive": "Replaced"})
    world.cloud.settle()


def swept(world: World) -> None:
    world.cloud.advance(HOUR)
    world.sweep()


def is_answered(stored: StoredObject) -> bool:
    return stored.headers.get("x-cos-meta-watermark-text") == "Hello_1"


@contextmanager
def copies_with_new_etags() -> Iterator[None]:
    """A COS that gives a copy the ETag of an upload in one piece: whether it does is not documented."""
    with patch.object(copying, "copied_content", lambda source: Content.of(source.body)):
        yield


class TestKnownBytes:
    """One job, whatever becomes of them."""

    def under_another_key(self, world: World) -> StoredObject:
        upload(world, "again.mp4")
        return world.get("again.mp4")

    def copied_without_our_fields(self, world: World) -> StoredObject:
        world.cloud.cos.backend.copy(BUCKET, "clip.mp4", "copy.mp4", {"x-cos-metadata-directive": "Replaced"})
        return world.get("copy.mp4")

    def renamed(self, world: World) -> StoredObject:
        return world.cloud.cos.backend.rename(BUCKET, "clip.mp4", "film.mp4")

    def in_another_bucket(self, world: World) -> StoredObject:
        cos = world.cloud.cos.backend
        cos.create_bucket(OTHERS, REGION)
        world.cloud.ci.backend.bind_bucket(OTHERS)
        world.cloud.scf.backend.add_cos_trigger("submit", OTHERS)
        world.buckets = (BUCKET, OTHERS)
        world.deny()
        cos.put(OTHERS, "clip.mp4", VIDEO)
        world.cloud.settle()
        swept(world)
        return cos.get(OTHERS, "clip.mp4")

    def uploaded_again(self, world: World) -> StoredObject:
        world.cloud.advance(1)
        upload(world, "clip.mp4")
        return world.get("clip.mp4")

    def touched_at_once(self, world: World) -> StoredObject:
        touch(world, "clip.mp4")
        return world.get("clip.mp4")

    def touched_later(self, world: World) -> StoredObject:
        world.cloud.advance(100 * HOUR)
        touch(world, "clip.mp4")
        return world.get("clip.mp4")

    @pytest.mark.parametrize(
        "become",
        [
            under_another_key, copied_without_our_fields, renamed, in_another_bucket, uploaded_again, touched_at_once,
            touched_later,
        ],
    )  # fmt: skip
    def test_are_paid_for_once(self, world: World, become: Callable[[TestKnownBytes, World], StoredObject]) -> None:
        upload(world, "clip.mp4")
        assert world.answer("clip.mp4") == ("found", "Hello_1")

        stored = become(self, world)
        world.cloud.settle()
        swept(world)

        assert is_answered(world.cloud.cos.backend.get(stored.bucket, stored.key))
        assert (len(world.jobs), world.claims) == (1, [])

    def test_have_a_record_each_which_names_the_job_that_found_it_and_none_of_their_own(self, world: World) -> None:
        upload(world, "clip.mp4")
        upload(world, "again.mp4")
        swept(world)

        paid, known = world.record("clip.mp4"), world.record("again.mp4")
        [job] = world.jobs
        assert (paid.job, paid.jobs, known.job, known.jobs) == (job.id, (job.id,), job.id, ())
        assert (known.applied, known.text, known.at, known.seal is not None) == (True, "Hello_1", paid.at, True)

    def test_without_a_watermark_have_an_answer_too(self, world: World) -> None:
        upload(world, "clip.mp4", marked_video(""))
        upload(world, "again.mp4", marked_video(""))
        swept(world)

        assert (world.answer("again.mp4")[0], len(world.jobs)) == ("none", 1)

    @pytest.mark.parametrize(("put", "days"), [(upload, 7), (in_parts, 2)])
    def test_whose_metadata_somebody_replaces_every_hour_for_days_are_paid_for_once(
        self, world: World, put: Callable[[World, str], None], days: int
    ) -> None:
        put(world, "clip.mp4")
        for _ in range(days * 24):
            world.cloud.advance(10 * MINUTE)
            world.sweep()
            assert is_answered(world.get("clip.mp4"))
            world.cloud.advance(50 * MINUTE)
            touch(world, "clip.mp4")

        assert len(world.jobs) == 1

    @pytest.mark.parametrize("put", [upload, in_parts])
    def test_also_where_a_copy_gets_another_etag(self, world: World, put: Callable[[World, str], None]) -> None:
        with copies_with_new_etags():
            put(world, "clip.mp4")
            for _ in range(24):
                world.cloud.advance(10 * MINUTE)
                world.sweep()
                assert is_answered(world.get("clip.mp4"))
                touch(world, "clip.mp4")

        assert len(world.jobs) == 1

    def test_are_known_while_the_limit_of_the_day_is_reached(self, world: World) -> None:
        world.configure(MAX_JOBS_PER_DAY="1")
        upload(world, "clip.mp4")
        upload(world, "again.mp4")
        swept(world)

        assert (is_answered(world.get("again.mp4")), len(world.ledger("slots/"))) == (True, 1)

    def test_are_known_to_what_waited_for_the_limit_meanwhile(self, world: World) -> None:
        # Given two uploads of the same bytes, of which only one may have a job today
        world.configure(MAX_JOBS_PER_DAY="1")
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world, "clip.mp4")
        upload(world, "again.mp4")
        world.cloud.ci.backend.finish(world.jobs[0].id)
        world.cloud.settle()

        for _ in range(26):
            swept(world)

        assert is_answered(world.get("again.mp4"))
        assert (len(world.jobs), world.claims) == (1, [])


class TestWhatIsNoAnswer:
    """Others have to pay."""

    def test_a_failure(self, world: World) -> None:
        for key in ("clip.mp4", "again.mp4"):
            upload(world, key, b"this cannot be decoded")
            swept(world)

        assert ([world.answer(key)[0] for key in ("clip.mp4", "again.mp4")], len(world.jobs)) == (["failed"] * 2, 2)
        assert world.ledger("answers/") == []

    def test_a_cancelled_job(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world, "clip.mp4")
        world.cloud.ci.backend.cancel(world.jobs[0].id)
        swept(world)

        assert (world.answer("clip.mp4")[0], world.ledger("answers/")) == ("failed", [])

    def test_what_a_job_said_of_an_object_that_was_replaced_before_it_ended(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world, "clip.mp4")
        world.cloud.ci.backend.start(world.jobs[0].id)
        world.cloud.advance(10)
        upload(world, "clip.mp4", marked_video("Other_2"))
        world.cloud.ci.backend.finish(world.jobs[0].id)
        world.cloud.settle()
        for _ in range(2):
            swept(world)
        assert (world.records[0].unattributed, world.ledger("answers/")) == ("Hello_1", [])

        upload(world, "again.mp4")

        assert [job.request.key for job in world.jobs] == ["clip.mp4", "clip.mp4", "again.mp4"]

    def test_anything_if_answers_are_not_to_be_reused(self, world: World) -> None:
        world.configure(REUSE_ANSWERS="no")
        upload(world, "clip.mp4")
        upload(world, "again.mp4")
        world.cloud.advance(1)
        touch(world, "clip.mp4")

        assert len(world.jobs) == 3
        assert all(is_answered(world.get(key)) for key in ("clip.mp4", "again.mp4"))

    def test_one_that_is_there_is_used_as_soon_as_they_may_be(self, world: World) -> None:
        world.configure(REUSE_ANSWERS="no")
        upload(world, "clip.mp4")
        world.configure(REUSE_ANSWERS=None)

        upload(world, "again.mp4")
        swept(world)

        assert (is_answered(world.get("again.mp4")), len(world.jobs)) == (True, 1)

    def test_that_of_the_same_bytes_with_another_etag(self, world: World) -> None:
        # Who crafts bytes with the same CRC-64 would also have to craft their MD5.
        upload(world, "clip.mp4")
        in_parts(world, "again.mp4")

        assert len(world.jobs) == 2

    def test_one_that_was_removed(self, world: World) -> None:
        upload(world, "clip.mp4")
        [name] = world.ledger("answers/")
        world.cloud.cos.backend.delete(LEDGER, name)

        upload(world, "again.mp4")

        assert len(world.jobs) == 2
        assert world.ledger("answers/") == [name]


def damaged(world: World, body: bytes) -> str:
    """A deployment with an answer that somebody has written over; its name."""
    upload(world, "clip.mp4")
    [name] = world.ledger("answers/")
    world.cloud.cos.backend.put(LEDGER, name, body)
    return name


class TestAnAnswerThatCannotBeRead:
    BODIES = (b"", b"rubbish", b"{}", b'{"v": 2}', b"\xff", b'{"verdict":"failed","at":"","job":"j1","upload":"x"}')

    @pytest.mark.parametrize("body", BODIES, ids=repr)
    def test_is_reported_by_name_and_left_alone_and_its_objects_wait(self, world: World, body: bytes) -> None:
        name = damaged(world, body)
        upload(world, "again.mp4")
        for _ in range(3):
            swept(world)

        assert (len(world.jobs), world.kept(name)) == (1, body)
        said = [line for line in world.log if line.get("error") == "Claim"]
        assert len(said) == 4
        assert all(line["level"] == "ERROR" and f"{LEDGER}/{name} " in line["message"] for line in said)
        assert all(line["key"] == "again.mp4" for line in said)

    def test_costs_one_job_once_it_is_removed(self, world: World) -> None:
        name = damaged(world, b"rubbish")
        upload(world, "again.mp4")
        swept(world)
        world.cloud.cos.backend.delete(LEDGER, name)
        for _ in range(3):
            swept(world)

        assert is_answered(world.get("again.mp4"))
        assert (len(world.jobs), world.claims) == (2, [])

    def test_keeps_no_job_of_the_same_bytes_from_its_end(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world, "clip.mp4")
        upload(world, "again.mp4")
        world.cloud.ci.backend.finish(world.jobs[0].id)
        world.cloud.settle()
        [name] = world.ledger("answers/")
        world.cloud.cos.backend.put(LEDGER, name, b"rubbish")

        world.cloud.ci.backend.finish(world.jobs[1].id)
        world.cloud.settle()

        assert is_answered(world.get("again.mp4"))
        assert (world.claims, world.kept(name)) == ([], b"rubbish")


class TestAResultThatCouldNotBeWritten:
    def full(self, world: World, make_room: Callable[[World], object]) -> None:
        """2 KB of metadata leave no room for the result; hours later somebody makes some, who does not know of us."""
        upload(world, "clip.mp4", headers=FULL)
        for _ in range(3):
            swept(world)
        assert not is_answered(world.get("clip.mp4"))
        make_room(world)
        world.cloud.settle()

    @pytest.mark.parametrize(
        "make_room",
        [
            lambda world: world.cloud.cos.backend.edit(BUCKET, "clip.mp4", {"x-cos-meta-title": "short"}),
            lambda world: touch(world, "clip.mp4"),
            lambda world: world.upload("clip.mp4", VIDEO),
        ],
        ids=["title shortened", "metadata replaced", "uploaded again"],
    )
    def test_is_written_without_another_job_once_there_is_room(
        self, world: World, make_room: Callable[[World], object]
    ) -> None:
        self.full(world, make_room)

        for _ in range(3):
            swept(world)

        assert is_answered(world.get("clip.mp4"))
        assert (len(world.jobs), world.claims) == (1, [])
        first, second = sorted(world.records, key=lambda record: record.modified)
        assert (first.text, first.jobs) == ("Hello_1", (world.jobs[0].id,))
        assert (second.applied, second.text, second.jobs) == (True, "Hello_1", ())

    def test_also_if_it_was_given_up_before(self, world: World) -> None:
        world.configure(GIVE_UP_AFTER=str(2 * HOUR))
        upload(world, "clip.mp4", headers=FULL)
        for _ in range(5):
            swept(world)
        [record] = world.records
        assert (record.reason, world.claims) == (Reason.UNWRITABLE, [])

        touch(world, "clip.mp4")
        swept(world)

        assert (is_answered(world.get("clip.mp4")), len(world.jobs)) == (True, 1)

    def test_also_if_an_event_asks_for_the_same_upload_again(self, world: World) -> None:
        world.configure(GIVE_UP_AFTER=str(2 * HOUR))
        upload(world, "clip.mp4", headers=FULL)
        for _ in range(5):
            swept(world)

        world.cloud.scf.backend.invoke("submit", first_event(world))
        for _ in range(5):
            swept(world)

        [record] = world.records
        assert (record.reason, record.verdict, record.jobs) == (Reason.UNWRITABLE, Verdict.FOUND, (world.jobs[0].id,))
        assert (len(world.jobs), world.claims) == (1, [])


def first_event(world: World) -> Any:  # noqa: ANN401 - any JSON value
    invocations = world.cloud.scf.backend.invocations
    return next(invocation.event for invocation in invocations if invocation.function == "submit")


def test_an_object_that_is_encrypted_with_kms_has_another_etag_at_each_write_and_so_costs_a_job_at_each(
    world: World,
) -> None:
    upload(world, "clip.mp4", headers={"x-cos-server-side-encryption": "cos/kms"})
    stored = world.get("clip.mp4")
    world.cloud.advance(HOUR)
    world.cloud.cos.backend.put(BUCKET, "clip.mp4", VIDEO, {"x-cos-server-side-encryption": "cos/kms"})
    world.cloud.settle()

    assert len(world.jobs) == 2
    assert world.get("clip.mp4").etag != stored.etag


def test_what_lies_there_is_plain_json(world: World) -> None:
    upload(world, "clip.mp4")

    [name] = world.ledger("answers/")
    assert json.loads(world.kept(name)) == {
        "v": 1,
        "verdict": "found",
        "text": "Hello_1",
        "job": world.jobs[0].id,
        "at": world.record("clip.mp4").at,
        "upload": world.record("clip.mp4").upload,
        "run": "",
    }


def test_two_uploads_of_the_same_bytes_at_once_have_a_job_each_and_one_answer(world: World) -> None:
    world.cloud.ci.backend.progression = Progression.MANUAL
    upload(world, "clip.mp4")
    upload(world, "again.mp4")

    for job in world.jobs:
        world.cloud.ci.backend.finish(job.id)
    world.cloud.settle()

    assert all(is_answered(world.get(key)) for key in ("clip.mp4", "again.mp4"))
    assert [job.state for job in world.jobs] == [JobState.SUCCESS] * 2
    assert (len(world.ledger("answers/")), world.claims) == (1, [])
    [name] = world.ledger("answers/")
    assert json.loads(world.kept(name))["job"] == world.jobs[0].id


def test_an_answer_is_sealed_for_its_own_object_and_says_which_job_found_it(world: World) -> None:
    upload(world, "clip.mp4")
    upload(world, "again.mp4")
    swept(world)

    ours = [world.fields(key) for key in ("clip.mp4", "again.mp4")]
    assert ours[0] == ours[1]
    assert replace(world.get("again.mp4"), key="clip.mp4").headers == world.get("clip.mp4").headers
