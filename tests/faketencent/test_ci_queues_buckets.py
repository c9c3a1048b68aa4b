"""Queues that pause and call back, and the buckets that media processing is enabled on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from qcloud_cos import CosServiceError

from tests.faketencent.ci_fixtures import BUCKET, HOST, World, error_of, running_world
from tests.faketencent.sdk import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

NOTIFY = {"State": "On", "Url": "http://callback.demo.com", "Type": "Url", "Event": "TaskFinish,WorkflowFinish"}
OFF = {"State": "Off"}


@pytest.fixture
def world() -> Iterator[World]:
    with running_world() as world:
        world.put_video()
        yield world


@pytest.fixture
def queue_id(world: World) -> str:
    return world.ci.buckets[BUCKET].queue_id


def update(world: World, queue_id: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - text or fields
    request = {"Name": "queue-1", "State": "Active", "NotifyConfig": OFF, **changes}
    return dict(world.sdk.ci_update_media_queue(Bucket=BUCKET, QueueId=queue_id, Request=request)["Queue"][0])


def states(world: World) -> list[str]:
    return [job.state.value for job in world.ci.jobs.values()]


class TestReadingQueues:
    def test_a_bound_bucket_has_one_active_queue_that_does_not_call_back(self, world: World, queue_id: str) -> None:
        reply = world.sdk.ci_get_media_queue(Bucket=BUCKET)

        assert (reply["TotalCount"], reply["PageNumber"], reply["PageSize"]) == ("1", "1", "10")
        (queue,) = reply["QueueList"]
        assert (queue["QueueId"], queue["Name"], queue["State"]) == (queue_id, "queue-1", "Active")
        assert (queue["MaxSize"], queue["MaxConcurrent"], queue["Category"]) == ("10000", "10", "Transcoding")
        assert queue["NotifyConfig"]["State"] == "Off"

    def test_asked_by_id_it_names_those_that_do_not_exist(self, world: World, queue_id: str) -> None:
        reply = world.sdk.ci_get_media_queue(Bucket=BUCKET, QueueIds=f"p1,{queue_id},p2")
        assert [queue["QueueId"] for queue in reply["QueueList"]] == [queue_id]
        assert reply["NonExistPIDs"] == ["p1", "p2"]

    @pytest.mark.parametrize(
        ("query", "total"),
        [
            ("state=Active", 1), ("state=Paused", 0), ("state=All", 1), ("category=CateAll", 1),
            ("category=Transcoding", 1), ("category=SpeedTranscoding", 0), ("pageNumber=2", 1),
        ],
    )  # fmt: skip
    def test_filters(self, world: World, query: str, total: int) -> None:
        text = world.send("GET", f"/queue?{query}").text
        assert f"<TotalCount>{total}</TotalCount>" in text
        assert text.count("<QueueList>") == (0 if "pageNumber" in query else total)

    @pytest.mark.parametrize(
        "query", ["state=active", "category=X", "pageSize=0", "pageSize=101", "bogus=1", "queueIds=" + "p," * 10 + "p"]
    )
    def test_refuses_what_the_page_does_not_allow(self, world: World, query: str) -> None:
        assert world.send("GET", f"/queue?{query}").status_code == 400


class TestUpdatingQueues:
    def test_replaces_name_state_and_callback(self, world: World, queue_id: str) -> None:
        world.cloud.advance(60)

        changed = update(world, queue_id, Name="队列_1", State="Paused", NotifyConfig=NOTIFY | {"ResultFormat": "JSON"})

        assert (changed["Name"], changed["State"]) == ("队列_1", "Paused")
        assert changed["NotifyConfig"] == {
            **NOTIFY, "ResultFormat": "JSON", "MqMode": None, "MqName": None, "MqRegion": None
        }  # fmt: skip
        assert changed["CreateTime"] == "2026-01-01T08:00:00+0800"
        assert changed["UpdateTime"] == "2026-01-01T08:01:00+0800"
        assert world.sdk.ci_get_media_queue(Bucket=BUCKET)["QueueList"] == [changed]

    def test_takes_a_message_queue(self, world: World, queue_id: str) -> None:
        notify = {
            "State": "On",
            "Type": "TDMQ",
            "Event": "TaskFinish",
            "MqRegion": "sh",
            "MqMode": "Topic",
            "MqName": "t",
        }
        shown = update(world, queue_id, NotifyConfig=notify)["NotifyConfig"]
        assert shown == {**notify, "Url": None, "ResultFormat": "XML"}

    @pytest.mark.parametrize(
        "changes",
        [
            {"Name": ""},
            {"Name": "x" * 129},
            {"Name": "a b"},
            {"State": ""},
            {"State": "Pause"},
            {"NotifyConfig": ""},
            {"NotifyConfig": {**NOTIFY, "State": "on"}},
            {"NotifyConfig": {**NOTIFY, "Event": ""}},
            {"NotifyConfig": {**NOTIFY, "Event": "TaskFinish,Other"}},
            {"NotifyConfig": {**NOTIFY, "Type": ""}},
            {"NotifyConfig": {**NOTIFY, "Url": ""}},
            {"NotifyConfig": {**NOTIFY, "Url": "callback.demo.com"}},
            {"NotifyConfig": {**NOTIFY, "Url": "http://10.0.0.1/ci"}},
            {"NotifyConfig": {**NOTIFY, "ResultFormat": "YAML"}},
            {"NotifyConfig": {**NOTIFY, "Type": "TDMQ"}},
            {"Url": "http://callback.demo.com"},
        ],
        ids=str,
    )
    def test_refuses_what_the_page_does_not_allow(self, world: World, queue_id: str, changes: dict[str, Any]) -> None:
        with pytest.raises(CosServiceError) as refused:
            update(world, queue_id, **changes)
        assert error_of(refused.value) == (400, "InvalidArgument")

    def test_refuses_a_queue_that_does_not_exist(self, world: World) -> None:
        with pytest.raises(CosServiceError) as refused:
            update(world, "p1")
        assert error_of(refused.value) == (400, "QueueNotFound")


class TestPausing:
    def test_holds_the_jobs_that_wait_until_the_queue_is_active_again(self, world: World, queue_id: str) -> None:
        world.submit()

        update(world, queue_id, State="Paused")
        world.cloud.advance(86400)
        assert states(world) == ["Pause"]

        update(world, queue_id, State="Active")
        world.cloud.settle()
        assert states(world) == ["Success"]

    def test_holds_new_jobs_from_the_start(self, world: World, queue_id: str) -> None:
        update(world, queue_id, State="Paused")
        job_id = world.submit()
        world.cloud.settle()
        assert world.detail(job_id)["State"] == "Pause"

    def test_leaves_jobs_alone_that_have_started(self, world: World, queue_id: str) -> None:
        ci = world.manual()
        running, done, cancelled = world.submit(), world.submit(), world.submit()
        ci.start(running)
        ci.finish(done)
        ci.cancel(cancelled)

        update(world, queue_id, State="Paused")
        update(world, queue_id, State="Active")

        assert states(world) == ["Running", "Success", "Cancel"]


class TestBuckets:
    @pytest.fixture
    def others(self, world: World) -> None:
        for name, region in (("logs-1250000000", REGION), ("videos-sh-1250000000", "ap-shanghai")):
            world.cloud.cos.backend.create_bucket(name, region)
            world.ci.bind_bucket(name)

    def test_the_sdk_finds_a_bucket_by_name(self, world: World) -> None:
        reply = world.sdk.ci_get_media_bucket(BucketNames=BUCKET)
        assert reply["TotalCount"] == "1"
        assert reply["MediaBucketList"] == [
            {"BucketId": BUCKET, "Name": BUCKET, "Region": REGION, "CreateTime": "2026-01-01T08:00:00+0800"}
        ]

    @pytest.mark.usefixtures("others")
    @pytest.mark.parametrize(
        ("params", "found"),
        [
            ({}, [BUCKET, "logs-1250000000", "videos-sh-1250000000"]),
            ({"Regions": "All"}, [BUCKET, "logs-1250000000", "videos-sh-1250000000"]),
            ({"Regions": "ap-shanghai,ap-beijing"}, [BUCKET, "logs-1250000000", "videos-sh-1250000000"]),
            ({"Regions": "ap-shanghai"}, ["videos-sh-1250000000"]),
            ({"BucketName": "videos"}, [BUCKET, "videos-sh-1250000000"]),
            ({"BucketNames": f"{BUCKET},logs-1250000000"}, [BUCKET, "logs-1250000000"]),
            ({"BucketNames": "videos"}, []),
            ({"PageNumber": "2", "PageSize": "2"}, ["videos-sh-1250000000"]),
        ],
        ids=str,
    )
    def test_filters(self, world: World, params: dict[str, str], found: list[str]) -> None:
        reply = world.sdk.ci_get_media_bucket(**params)
        assert [bucket["Name"] for bucket in reply.get("MediaBucketList", [])] == found

    def test_enabling_makes_a_queue(self, world: World) -> None:
        world.cloud.cos.backend.create_bucket("new-1250000000", REGION)

        reply = world.send("POST", "/mediabucket", host=HOST.replace("videos", "new"))

        assert "<BucketId>new-1250000000</BucketId>" in reply.text
        assert len(world.sdk.ci_get_media_queue(Bucket="new-1250000000")["QueueList"]) == 1

    @pytest.mark.parametrize(
        ("host", "status", "code"),
        [
            (HOST.replace("videos", "missing"), 404, "NoSuchBucket"),
            (HOST.replace(REGION, "ap-shanghai"), 404, "NoSuchBucket"),
        ],
    )
    def test_enabling_is_refused(self, world: World, host: str, status: int, code: str) -> None:
        reply = world.send("POST", "/mediabucket", host=host)
        assert (reply.status_code, f"<Code>{code}</Code>" in reply.text) == (status, True)

    def test_disabling_deletes_the_queue_and_ends_the_service(self, world: World, queue_id: str) -> None:
        reply = world.send("DELETE", "/mediabucket")

        assert f"<BucketName>{BUCKET}</BucketName>" in reply.text
        assert world.sdk.ci_get_media_bucket(BucketNames=BUCKET)["TotalCount"] == "0"
        for method, path in (("GET", f"/queue?queueIds={queue_id}"), ("GET", "/jobs"), ("DELETE", "/mediabucket")):
            refused = world.send(method, path)
            assert (refused.status_code, "MediaBucketUnBinded" in refused.text) == (400, True)

    def test_a_bucket_that_is_enabled_again_gets_another_queue(self, world: World, queue_id: str) -> None:
        world.ci.unbind_bucket(BUCKET)
        assert world.ci.bind_bucket(BUCKET).queue_id != queue_id
