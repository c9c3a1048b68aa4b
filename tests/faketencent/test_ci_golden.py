"""What the documentation shows, the fake says and takes, name for name and in the same order."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from faketencent.ci.documents import (
    JobsDetailShape,
    callback_json,
    callback_xml,
    job_document,
)
from faketencent.ci.jobs import Embedding, Extraction, IgnoreError, Job, JobRequest, JobState
from faketencent.ci.media_info import MediaInfo
from faketencent.ci.submission import read_job
from faketencent.ci.targets import CallbackFormat, UrlTarget
from faketencent.ci.times import time_of
from faketencent.ci.xml import to_xml
from tests.faketencent.ci_fixtures import compact

#: Says the same on every Python.
pytestmark = pytest.mark.once

QUEUE_ID = "p2242ab62c7c94486915508540933a2c6"


#: The job of the samples of callbacks.
EXTRACTION = Job(
    id="j515a494af86111ecb8546d80f2baf56f",
    serial=1,
    bucket="test-123456789",
    region="ap-chongqing",
    queue_id=QUEUE_ID,
    request=JobRequest("output/digital.mp4", Extraction(), user_data="This is my ExtractDigitalWatermark job."),
    created_at=time_of("2022-06-30T18:42:20+0800"),
    state=JobState.SUCCESS,
    started_at=time_of("2022-06-30T18:42:21+0800"),
    ended_at=time_of("2022-06-30T18:42:54+0800"),
    message="done",
    watermark="123456789ab",
)


class TestExtraction:
    def test_request(self) -> None:
        """https://www.tencentcloud.com/document/product/1045/73155"""
        body = b"""
            <Request>
                <Tag>ExtractDigitalWatermark</Tag>
                <Input>
                    <Object>input/demo.mp4</Object>
                </Input>
                <Operation>
                    <ExtractDigitalWatermark>
                        <Type>Text</Type>
                        <Version>V1</Version>
                    </ExtractDigitalWatermark>
                    <UserData>This is my data.</UserData>
                    <JobLevel>0</JobLevel>
                </Operation>
                <CallBack>http://callback.demo.com</CallBack>
                <CallBackFormat>JSON</CallBackFormat>
            </Request>"""
        assert read_job(body) == JobRequest(
            key="input/demo.mp4",
            operation=Extraction(),
            user_data="This is my data.",
            job_level="0",
            callback=UrlTarget("http://callback.demo.com"),
            callback_format=CallbackFormat.JSON,
        )

    def test_request_with_queue_as_on_older_pages(self) -> None:
        """https://cloud.tencent.com/document/product/460/66008, its unclosed element closed"""
        body = f"""
            <Request><Tag>ExtractDigitalWatermark</Tag><Input><Object>input/demo.mp4</Object></Input>
            <Operation><ExtractDigitalWatermark><Type>Text</Type><Version>V1</Version></ExtractDigitalWatermark>
            <UserData>This is my data.</UserData><JobLevel>0</JobLevel></Operation><QueueId>{QUEUE_ID}</QueueId>
            <CallBack>http://callback.demo.com</CallBack><CallBackFormat>JSON</CallBackFormat></Request>"""
        assert read_job(body.encode()).queue_id == QUEUE_ID

    def test_reply(self) -> None:
        """https://www.tencentcloud.com/document/product/1045/73155"""
        request = JobRequest("input/demo.mp4", Extraction(), user_data="This is my data.", job_level="0")
        job = replace(
            EXTRACTION,
            id="j8d121820f5e411ec926ef19d53ba9c6f",
            request=request,
            created_at=time_of("2022-06-27T15:23:10+0800"),
            state=JobState.SUBMITTED,
            started_at=None,
            ended_at=None,
            message="",
            watermark="",
        )
        assert to_xml("Response", {"JobsDetail": job_document(job)}).decode() == compact("""
            <Response>
                <JobsDetail>
                    <Code>Success</Code>
                    <Message/>
                    <JobId>j8d121820f5e411ec926ef19d53ba9c6f</JobId>
                    <State>Submitted</State>
                    <CreationTime>2022-06-27T15:23:10+0800</CreationTime>
                    <StartTime>-</StartTime>
                    <EndTime>-</EndTime>
                    <QueueId>p2242ab62c7c94486915508540933a2c6</QueueId>
                    <Tag>ExtractDigitalWatermark</Tag>
                    <Input>
                        <BucketId>test-123456789</BucketId>
                        <Object>input/demo.mp4</Object>
                        <Region>ap-chongqing</Region>
                    </Input>
                    <Operation>
                        <ExtractDigitalWatermark>
                            <Type>Text</Type>
                            <Version>V1</Version>
                        </ExtractDigitalWatermark>
                        <UserData>This is my data.</UserData>
                        <JobLevel>0</JobLevel>
                    </Operation>
                </JobsDetail>
            </Response>""")

    def test_callback_in_xml(self) -> None:
        """https://www.tencentcloud.com/document/product/436/49067"""
        assert callback_xml(EXTRACTION).decode() == compact("""
            <Response>
                <EventName>TaskFinish</EventName>
                <JobsDetail>
                    <Code>Success</Code>
                    <CreationTime>2022-06-30T18:42:20+0800</CreationTime>
                    <EndTime>2022-06-30T18:42:54+0800</EndTime>
                    <Input>
                        <BucketId>test-123456789</BucketId>
                        <Object>output/digital.mp4</Object>
                        <Region>ap-chongqing</Region>
                    </Input>
                    <JobId>j515a494af86111ecb8546d80f2baf56f</JobId>
                    <Message>done</Message>
                    <Operation>
                        <ExtractDigitalWatermark>
                            <Message>123456789ab</Message>
                            <Type>Text</Type>
                            <Version>V1</Version>
                        </ExtractDigitalWatermark>
                        <UserData>This is my ExtractDigitalWatermark job.</UserData>
                    </Operation>
                    <QueueId>p2242ab62c7c94486915508540933a2c6</QueueId>
                    <StartTime>2022-06-30T18:42:21+0800</StartTime>
                    <State>Success</State>
                    <Tag>ExtractDigitalWatermark</Tag>
                </JobsDetail>
            </Response>""")

    def test_callback_in_json(self) -> None:
        """https://www.tencentcloud.com/document/product/436/49067"""
        sample = """
            {
                "EventName": "TaskFinish",
                "JobsDetail": {
                    "Code": "Success",
                    "CreationTime": "2022-06-30T18:42:20+0800",
                    "EndTime": "2022-06-30T18:42:54+0800",
                    "Input": {
                        "BucketId": "test-123456789",
                        "Object": "output/digital.mp4",
                        "Region": "ap-chongqing"
                    },
                    "JobId": "j515a494af86111ecb8546d80f2baf56f",
                    "Message": "done",
                    "Operation": {
                        "ExtractDigitalWatermark": {
                            "Message": "123456789ab",
                            "Type": "Text",
                            "Version": "V1"
                        },
                        "UserData": "This is my ExtractDigitalWatermark job."
                    },
                    "QueueId": "p2242ab62c7c94486915508540933a2c6",
                    "StartTime": "2022-06-30T18:42:21+0800",
                    "State": "Success",
                    "Tag": "ExtractDigitalWatermark"
                }
            }"""
        body = callback_json(EXTRACTION, JobsDetailShape.OBJECT)
        assert json.dumps(json.loads(body)) == json.dumps(json.loads(sample))


class TestEmbedding:
    def test_request(self) -> None:
        """https://cloud.tencent.com/document/api/1545/65271, its unclosed element closed"""
        body = b"""
            <Request>
                <Tag>DigitalWatermark</Tag>
                <Input>
                    <Object>input/demo.mp4</Object>
                </Input>
                <Operation>
                    <DigitalWatermark>
                        <Type>Text</Type>
                        <Message>123456789ab</Message>
                        <Version>V1</Version>
                    </DigitalWatermark>
                    <Output>
                        <Region>ap-chongqing</Region>
                        <Bucket>test-123456789</Bucket>
                        <Object>output/out.mp4</Object>
                    </Output>
                    <UserData>This is my data.</UserData>
                    <JobLevel>0</JobLevel>
                </Operation>
                <CallBack>http://callback.demo.com</CallBack>
                <CallBackFormat>JSON</CallBackFormat>
            </Request>"""
        assert read_job(body).operation == Embedding("123456789ab", "ap-chongqing", "test-123456789", "output/out.mp4")

    def test_callback_in_xml(self) -> None:
        """https://www.tencentcloud.com/document/product/436/75163, without MediaInfo and MediaResult"""
        embedding = Embedding("123456789ab", "ap-chongqing", "test-123456789", "output/out.mp4")
        job = replace(
            EXTRACTION,
            id="ja8de3b46f86011ec9452c1c27f56a659",
            request=JobRequest("input/demo.mp4", embedding),
            created_at=time_of("2022-06-30T18:37:37+0800"),
            ended_at=time_of("2022-06-30T18:39:08+0800"),
            message="",
        )
        assert (
            compact("""
            <Response>
                <EventName>TaskFinish</EventName>
                <JobsDetail>
                    <Code>Success</Code>
                    <CreationTime>2022-06-30T18:37:37+0800</CreationTime>
                    <EndTime>2022-06-30T18:39:08+0800</EndTime>
                    <Input>
                        <BucketId>test-123456789</BucketId>
                        <Object>input/demo.mp4</Object>
                        <Region>ap-chongqing</Region>
                    </Input>
                    <JobId>ja8de3b46f86011ec9452c1c27f56a659</JobId>
                    <Message/>
                    <Operation>
                        <DigitalWatermark>
                            <Message>123456789ab</Message>
                            <Type>Text</Type>
                            <Version>V1</Version>
                        </DigitalWatermark>""")
            in callback_xml(job).decode()
        )

    def test_ignore_error_has_its_documented_place(self) -> None:
        """https://tencentcloud.com/zh/document/product/436/49076"""
        embedding = Embedding("123456789ab", "ap-chongqing", "b", "o", IgnoreError.FALSE)
        assert (
            "<DigitalWatermark><IgnoreError>false</IgnoreError><Message>123456789ab</Message>"
            in callback_xml(replace(EXTRACTION, request=JobRequest("input/demo.mp4", embedding))).decode()
        )


class TestMediaInfo:
    def test_reply(self) -> None:
        """https://www.tencentcloud.com/document/product/1045/72941, without what is inside its streams"""
        info = MediaInfo(size=1284547, seconds=10.125, tracks=2)
        assert to_xml("Response", info.document()).decode() == compact("""
            <Response>
                <MediaInfo>
                    <Format>
                        <Bitrate>1014.950000</Bitrate>
                        <Duration>10.125000</Duration>
                        <FormatLongName>QuickTime / MOV</FormatLongName>
                        <FormatName>mov,mp4,m4a,3gp,3g2,mj2</FormatName>
                        <NumProgram>0</NumProgram>
                        <NumStream>2</NumStream>
                        <Size>1284547</Size>
                        <StartTime>0.000000</StartTime>
                    </Format>
                    <Stream>
                        <Audio/>
                        <Subtitle/>
                        <Video/>
                    </Stream>
                </MediaInfo>
            </Response>""")
