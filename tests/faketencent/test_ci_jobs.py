"""How jobs run, and what they make of their objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.ci import watermark
from faketencent.ci.models import SERVICE_ROLE, Durations, IllegalTransitionError, Progression
from faketencent.video import tiny_mp4
from tests.faketencent.ci_fixtures import BUCKET, World, embedding, extraction, refusal, running_world
from tests.faketencent.sdk import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def world() -> Iterator[World]:
    with running_world() as world:
        world.put_video()
        yield world


def test_the_sdk_works_over_http_too(cloud: FakeCloud, videos: str, any_client: CosS3Client) -> None:
    # given
    cloud.ci.backend.bind_bucket(videos)
    cloud.cos.backend.put(videos, "a b+c.mp4", watermark.embed(tiny_mp4(), "found"))

    # when
    reply = any_client.ci_create_media_jobs(Bucket=videos, Jobs=extraction("a b+c.mp4"), ContentType="application/xml")
    cloud.settle()

    # then
    reply = any_client.ci_get_media_jobs(Bucket=videos, JobIDs=reply["JobsDetail"][0]["JobId"])
    assert reply["JobsDetail"][0]["Operation"]["ExtractDigitalWatermark"]["Message"] == "found"


class TestProgress:
    def test_immediately_needs_only_the_clock_to_be_run(self, world: World) -> None:
        job_id = world.submit()
        assert world.detail(job_id)["State"] == "Submitted"

        world.cloud.settle()

        detail = world.detail(job_id)
        assert (detail["State"], detail["Code"], detail["Message"]) == ("Success", "Success", "done")
        assert detail["Operation"]["ExtractDigitalWatermark"]["Message"] == "123456789ab"

    def test_timed_takes_as_long_as_it_was_told(self, world: World) -> None:
        world.ci.progression = Progression.TIMED
        world.ci.durations = Durations(waiting=2, running=10)
        job_id = world.submit()

        world.cloud.advance(1.9)
        assert world.detail(job_id)["State"] == "Submitted"
        world.cloud.advance(0.1)
        assert world.detail(job_id)["State"] == "Running"
        world.cloud.advance(10)

        detail = world.detail(job_id)
        assert detail["State"] == "Success"
        assert (detail["StartTime"], detail["EndTime"]) == ("2026-01-01T08:00:02+0800", "2026-01-01T08:00:12+0800")

    def test_by_hand_nothing_moves_by_itself(self, world: World) -> None:
        ci = world.manual()
        job_id = world.submit()

        world.cloud.advance(86400)
        assert world.detail(job_id)["State"] == "Submitted"
        ci.start(job_id)
        world.cloud.advance(86400)
        assert world.detail(job_id)["State"] == "Running"
        ci.finish(job_id)
        assert world.detail(job_id)["State"] == "Success"

    def test_a_job_can_be_made_to_fail(self, world: World) -> None:
        ci = world.manual()
        job_id = world.submit()

        ci.fail(job_id, "InternalError", "the machine is on fire")

        detail = world.detail(job_id)
        assert (detail["State"], detail["Code"]) == ("Failed", "InternalError")
        assert detail["Message"] == "the machine is on fire"
        assert "Message" not in detail["Operation"]["ExtractDigitalWatermark"]

    def test_a_held_job_goes_on_when_it_is_resumed(self, world: World) -> None:
        job_id = world.submit()
        world.ci.pause(job_id)
        world.cloud.settle()
        assert world.detail(job_id)["State"] == "Pause"

        world.ci.resume(job_id)
        world.cloud.settle()
        assert world.detail(job_id)["State"] == "Success"

    def test_steps_that_no_job_takes_are_refused(self, world: World) -> None:
        ci = world.manual()
        job_id = world.submit()
        ci.finish(job_id)
        for step in (ci.start, ci.finish, ci.fail, ci.pause, ci.resume):
            with pytest.raises(IllegalTransitionError, match="Success"):
                step(job_id)

    def test_an_expired_record_stops_the_job_silently(self, world: World) -> None:
        job_id = world.submit()
        world.ci.forget(job_id)
        world.cloud.settle()
        assert world.sdk.ci_get_media_jobs(Bucket=BUCKET, JobIDs=job_id) == {"NonExistJobIds": job_id}


class TestExtraction:
    def outcome(self, world: World, job_id: str) -> tuple[str, str, str | None]:
        world.cloud.settle()
        detail = world.detail(job_id)
        return detail["State"], detail["Code"], detail["Operation"]["ExtractDigitalWatermark"].get("Message")

    def test_looks_at_the_object_as_it_is_when_the_job_runs(self, world: World) -> None:
        job_id = world.submit()
        world.put_video(text="later")
        assert self.outcome(world, job_id) == ("Success", "Success", "later")

    def test_finds_nothing_in_a_video_without_watermark(self, world: World) -> None:
        world.put_video(text=None)
        assert self.outcome(world, world.submit()) == ("Success", "Success", None)

    def test_fails_when_the_object_is_gone(self, world: World) -> None:
        job_id = world.submit()
        world.cloud.cos.backend.delete(BUCKET, "a.mp4")
        assert self.outcome(world, job_id) == ("Failed", "ResourceNotFound", None)

    @pytest.mark.parametrize("content", [b"", b"plain text", tiny_mp4()[:-1]])
    def test_fails_on_what_is_not_a_whole_video(self, world: World, content: bytes) -> None:
        world.cloud.cos.backend.put(BUCKET, "a.mp4", content)
        assert self.outcome(world, world.submit()) == ("Failed", "UnsupportedMedia", None)

    @pytest.mark.parametrize(
        "headers",
        [
            {"x-cos-storage-class": "ARCHIVE"},
            {
                "x-cos-server-side-encryption-customer-algorithm": "AES256",
                "x-cos-server-side-encryption-customer-key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "x-cos-server-side-encryption-customer-key-MD5": "cLyPS3KoaSFGi/joRB3OUQ==",
            },
        ],
        ids=["archived", "under a key of the customer"],
    )
    def test_fails_on_an_object_that_ci_cannot_read(self, world: World, headers: dict[str, str]) -> None:
        world.cloud.cos.backend.put(BUCKET, "a.mp4", tiny_mp4(), headers)
        assert self.outcome(world, world.submit()) == ("Failed", "AccessDenied", None)

    def test_fails_when_ci_was_shut_out_meanwhile(self, world: World) -> None:
        ci = world.manual()
        unbound, roleless = world.submit(), world.submit()
        world.cloud.cam.delete_role(SERVICE_ROLE)
        assert ci.finish(roleless).code == "CIRoleNotExist"
        ci.unbind_bucket(BUCKET)
        assert ci.finish(unbound).code == "MediaBucketUnBinded"

    @pytest.mark.parametrize("key", ["a b+c%41&d.mp4", "目录/视频🎬.mp4", "/leading//double.mp4", "<&>\"'.mp4"])
    def test_takes_any_key(self, world: World, key: str) -> None:
        world.put_video(key, "found")
        job_id = world.submit(extraction(key))
        assert self.outcome(world, job_id) == ("Success", "Success", "found")
        assert world.detail(job_id)["Input"]["Object"] == key

    @pytest.mark.parametrize("text", ["a\r\nx-cos-acl: public-read", "<b>&amp;</b>", "\u202eabc", "x" * 10_000])
    def test_shows_hostile_text_as_it_is(self, world: World, text: str) -> None:
        world.put_video(text=text)
        assert self.outcome(world, world.submit()) == ("Success", "Success", text)

    def test_shows_what_xml_cannot_hold_as_replacement_characters(self, world: World) -> None:
        world.put_video(text="a\x00b\x1bc")
        assert self.outcome(world, world.submit()) == ("Success", "Success", "a\ufffdb\ufffdc")


class TestEmbedding:
    def test_writes_a_marked_copy_and_its_event(self, world: World) -> None:
        # given
        world.put_video(text=None)
        events: list[str] = []
        world.cloud.settle()
        world.cloud.cos.backend.listeners.append(lambda event: events.append(f"{event.name} {event.object.key}"))

        # when
        job_id = world.submit(embedding(message="Team_7-*"))
        world.cloud.settle()

        # then
        marked = world.cloud.cos.backend.get(BUCKET, "marked.mp4")
        assert watermark.extract(marked.body) == "Team_7-*"
        assert marked.headers["content-type"] == "video/mp4"
        assert events == ["cos:ObjectCreated:Put marked.mp4"]
        detail = world.detail(job_id)
        assert (detail["State"], detail["Message"]) == ("Success", None)
        assert detail["Operation"] == {
            "DigitalWatermark": {"Message": "Team_7-*", "Type": "Text", "Version": "V1"},
            "Output": {"Region": REGION, "Bucket": BUCKET, "Object": "marked.mp4"},
        }

    @pytest.mark.parametrize("message", ["", "x" * 65, "two words", "水印", "a/b"])
    def test_refuses_messages_that_the_page_does_not_allow(self, world: World, message: str) -> None:
        assert refusal(world, embedding(message=message)) == (400, "InvalidArgument")

    @pytest.mark.parametrize("name", ["Region", "Bucket", "Object"])
    def test_needs_a_whole_output(self, world: World, name: str) -> None:
        job = embedding()
        del job["Operation"]["Output"][name]
        assert refusal(world, job) == (400, "InvalidArgument")

    @pytest.mark.parametrize(("name", "value"), [("Bucket", "nowhere-1250000000"), ("Region", "ap-shanghai")])
    def test_fails_when_there_is_no_such_bucket_for_the_output(self, world: World, name: str, value: str) -> None:
        job = embedding()
        job["Operation"]["Output"][name] = value
        job_id = world.submit(job)
        world.cloud.settle()
        assert (world.detail(job_id)["State"], world.detail(job_id)["Code"]) == ("Failed", "WriteTargetBucketDenied")

    @pytest.mark.parametrize(("ignore", "state"), [("true", "Success"), ("false", "Failed"), (None, "Failed")])
    def test_copies_what_cannot_be_marked_if_errors_are_ignored(
        self, world: World, ignore: str | None, state: str
    ) -> None:
        # given
        world.cloud.cos.backend.put(BUCKET, "a.mp4", b"not a video")
        job = embedding()
        if ignore:
            job["Operation"]["DigitalWatermark"]["IgnoreError"] = ignore

        # when
        job_id = world.submit(job)
        world.cloud.settle()

        # then
        detail = world.detail(job_id)
        assert detail["State"] == state
        assert detail["Operation"]["DigitalWatermark"].get("IgnoreError") == ignore
        assert ("marked.mp4" in world.cloud.cos.backend.keys(BUCKET)) == (state == "Success")
