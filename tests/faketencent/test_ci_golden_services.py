"""What the documentation shows of queues, buckets and whole replies, the fake says and takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.buckets import MediaBucket
from faketencent.ci.documents import (
    bucket_document,
    queue_document,
)
from faketencent.ci.queues import NotifyConfig, Queue, read_queue_update
from faketencent.ci.targets import UrlTarget
from faketencent.ci.times import time_of, time_text
from faketencent.ci.xml import to_xml
from tests.faketencent.ci_fixtures import World, compact, running_world

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once


class TestQueues:
    UPDATE = b"""
        <Request>
            <Name>My-Queue-Media</Name>
            <State>Active</State>
            <NotifyConfig>
                <State>On</State>
                <Url>http://callback.demo.com</Url>
                <Type>Url</Type>
                <Event>TaskFinish,WorkflowFinish</Event>
                <ResultFormat>JSON</ResultFormat>
            </NotifyConfig>
        </Request>"""

    def test_update(self) -> None:
        """https://www.tencentcloud.com/document/product/1045/72940"""
        update = read_queue_update(self.UPDATE)
        assert (update.name, update.notify.target) == ("My-Queue-Media", UrlTarget("http://callback.demo.com"))

    def test_list_entry(self) -> None:
        """https://cloud.tencent.com/document/product/441/38913, the first of its two"""
        at = time_of("2022-08-09T16:23:11+0800")
        notify = read_queue_update(self.UPDATE).notify
        queue = Queue("p4a17eeea29334bf499b7e20e2fbfd99d", "test-123456789", at, at, notify=notify)
        assert to_xml("QueueList", queue_document(queue)).decode() == compact("""
            <QueueList>
                <QueueId>p4a17eeea29334bf499b7e20e2fbfd99d</QueueId>
                <Name>queue-1</Name>
                <State>Active</State>
                <NotifyConfig>
                    <Url>http://callback.demo.com</Url>
                    <Event>TaskFinish,WorkflowFinish</Event>
                    <Type>Url</Type>
                    <State>On</State>
                    <ResultFormat>JSON</ResultFormat>
                    <MqMode/>
                    <MqName/>
                    <MqRegion/>
                </NotifyConfig>
                <MaxSize>10000</MaxSize>
                <MaxConcurrent>10</MaxConcurrent>
                <UpdateTime>2022-08-09T16:23:11+0800</UpdateTime>
                <CreateTime>2022-08-09T16:23:11+0800</CreateTime>
                <Category>Transcoding</Category>
            </QueueList>""")

    def test_a_new_queue_says_that_it_does_not_call_back(self) -> None:
        """https://cloud.tencent.com/document/product/460/42324: the default of State is Off"""
        assert NotifyConfig().target is None


class TestBuckets:
    def test_list_entry(self) -> None:
        """https://cloud.tencent.com/document/api/1545/65343, with the Name that its table has and its sample lacks"""
        bucket = MediaBucket("examplebucket-1250000000", "ap-beijing", time_of("2019-11-15T12:12:12+0800"), "p1")
        assert to_xml("MediaBucketList", bucket_document(bucket)).decode() == compact("""
            <MediaBucketList>
                <BucketId>examplebucket-1250000000</BucketId>
                <Name>examplebucket-1250000000</Name>
                <Region>ap-beijing</Region>
                <CreateTime>2019-11-15T12:12:12+0800</CreateTime>
            </MediaBucketList>""")


class TestWholeReplies:
    """The names at the top of each reply, in their order; values differ from one call to the next."""

    @pytest.fixture
    def world(self) -> Iterator[World]:
        with running_world() as world:
            yield world

    def names(self, xml: str) -> list[str]:
        inner = re.fullmatch("<Response>(.*)</Response>", xml)
        assert inner
        names, rest = [], inner[1]
        while rest:
            element = re.match(r"<(\w+)(?:/>|>.*?</\1>)", rest, re.DOTALL)
            assert element
            names.append(element[1])
            rest = rest[element.end() :]
        return names

    @pytest.mark.parametrize(
        ("method", "path", "names"),
        [
            # https://www.tencentcloud.com/document/product/436/49202
            ("GET", "/jobs/j1", ["NonExistJobIds"]),
            # https://tencentcloud.com/document/api/1045/50356
            ("GET", "/jobs?size=1", ["JobsDetail", "NextToken"]),
            # https://cloud.tencent.com/document/product/441/38913
            ("GET", "/queue", ["RequestId", "TotalCount", "PageNumber", "PageSize", "QueueList"]),
            # https://cloud.tencent.com/document/product/1545/65215
            ("GET", "/queue?queueIds=A,B", ["RequestId", "NonExistPIDs", "NonExistPIDs"]),
            # https://cloud.tencent.com/document/api/436/98447
            ("DELETE", "/mediabucket", ["RequestId", "BucketName"]),
        ],
    )
    def test_names(self, world: World, method: str, path: str, names: list[str]) -> None:
        world.submit()
        assert self.names(world.send(method, path).text) == names

    def test_enabling(self, world: World) -> None:
        """https://www.tencentcloud.com/document/product/1045/48856"""
        world.ci.unbind_bucket("videos-1250000000")
        assert self.names(world.send("POST", "/mediabucket").text) == ["RequestId", "MediaBucket"]

    def test_cancelling(self, world: World) -> None:
        """https://cloud.tencent.com/document/product/436/76252: no body"""
        reply = world.send("PUT", f"/jobs/{world.submit()}?cancel")
        assert (reply.status_code, reply.content) == (200, b"")

    def test_errors(self, world: World) -> None:
        """https://www.tencentcloud.com/document/product/1045/43611"""
        text = world.send("POST", "/jobs", b"x").text
        form = "<Code>.+</Code><Message>.+</Message><RequestId>.+</RequestId><TraceId>.+</TraceId>"
        assert re.fullmatch(rf"<\?xml version='1.0' encoding='utf-8' \?><Error>{form}</Error>", text)


def test_times() -> None:
    """https://www.tencentcloud.com/document/product/1045/73155: Beijing time, and a dash for what is not yet"""
    assert time_text(1656314590) == "2022-06-27T15:23:10+0800"
    assert time_of("2022-06-27T15:23:10+0800") == time_of("2022-06-27T07:23:10+0000") == 1656314590
    assert time_text(None) == "-"
