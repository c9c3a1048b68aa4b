"""Which jobs are accepted: every field, in its place, with the values that the page allows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from faketencent.ci.models import SERVICE_ROLE
from tests.faketencent.ci_fixtures import BUCKET, HOST, World, extraction, refusal, running_world
from tests.faketencent.sdk import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once


MQ = {"MqRegion": "bj", "MqMode": "Queue", "MqName": "callbacks"}


@pytest.fixture
def world() -> Iterator[World]:
    with running_world() as world:
        world.put_video()
        yield world


class TestSubmitting:
    def test_answers_with_the_job_as_submitted(self, world: World) -> None:
        # given a job with every optional field of the operation
        job = extraction()
        job["Operation"] |= {"UserData": "This is my data.", "JobLevel": "2"}

        # when
        (detail,) = world.sdk.ci_create_media_jobs(Bucket=BUCKET, Jobs=job, Lst={}, ContentType="application/xml")[
            "JobsDetail"
        ]

        # then
        assert re.fullmatch("j[0-9a-f]{32}", detail.pop("JobId"))
        assert re.fullmatch("p[0-9a-f]{32}", detail.pop("QueueId"))
        assert detail == {
            "Code": "Success",
            "Message": None,
            "State": "Submitted",
            "CreationTime": "2026-01-01T08:00:00+0800",
            "StartTime": "-",
            "EndTime": "-",
            "Tag": "ExtractDigitalWatermark",
            "Input": {"BucketId": BUCKET, "Object": "a.mp4", "Region": REGION},
            "Operation": {
                "ExtractDigitalWatermark": {"Type": "Text", "Version": "V1"},
                "UserData": "This is my data.",
                "JobLevel": "2",
            },
        }

    def test_ids_are_the_same_in_every_run_and_differ_within_one(self, world: World) -> None:
        first, second = world.submit(), world.submit()
        with running_world() as other:
            assert other.submit() == first != second

    def test_takes_a_body_without_content_type_as_the_sdk_sends_it(self, world: World) -> None:
        assert world.sdk.ci_create_media_jobs(Bucket=BUCKET, Jobs=extraction(), Lst={})["JobsDetail"]

    @pytest.mark.parametrize(
        "fields",
        [
            {"CallBack": "https://example.com/c?token=x"},
            {"CallBack": "no"},
            {"CallBackFormat": "JSON", "CallBackType": "Url"},
            {"CallBackType": "TDMQ", "CallBackMqConfig": MQ},
            {"CallBackType": "TDMQ", "CallBackMqConfig": {"MqRegion": "hk", "MqName": "q"}},
            {"CallBack": "", "QueueId": "", "CallBackMqConfig": ""},
        ],
        ids=str,
    )
    def test_takes_what_the_page_allows(self, world: World, fields: dict[str, Any]) -> None:
        assert world.submit(extraction(**fields))

    def test_takes_the_longest_user_data(self, world: World) -> None:
        job = extraction()
        job["Operation"]["UserData"] = (bytes(range(0x20, 0x7F)).decode() * 11)[:1024]
        assert world.detail(world.submit(job))["Operation"]["UserData"] == job["Operation"]["UserData"]

    @pytest.mark.parametrize(
        "fields",
        [
            {"Tag": "Transcode"},
            {"Tag": ""},
            {"Input": {}},
            {"Input": {"Object": "a.mp4", "Bucket": BUCKET}},
            {"Input": "a.mp4"},
            {"Operation": {}},
            {"CallBackFormat": "json"},
            {"CallBackType": "Kafka"},
            {"CallBackType": "TDMQ"},
            {"CallBackType": "TDMQ", "CallBackMqConfig": MQ, "CallBack": "http://example.com"},
            {"CallBackType": "TDMQ", "CallBackMqConfig": {**MQ, "MqRegion": "ap-beijing"}},
            {"CallBackType": "TDMQ", "CallBackMqConfig": {**MQ, "MqMode": "queue"}},
            {"CallBackType": "TDMQ", "CallBackMqConfig": {**MQ, "MqName": ""}},
            {"CallBackMqConfig": MQ},
            {"CallBack": "NO"},
            {"CallBack": "ftp://example.com"},
            {"CallBack": "http://"},
            {"CallBack": "http://[::1"},
            {"CallBack": {"Url": "http://example.com"}},
            {"CallBack": ["http://a.example.com", "http://b.example.com"]},
            {"Bogus": "x"},
        ],
        ids=str,
    )
    def test_refuses_fields_that_the_page_does_not_allow(self, world: World, fields: dict[str, Any]) -> None:
        assert refusal(world, extraction(**fields)) == (400, "InvalidArgument")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("JobLevel", "3"),
            ("JobLevel", "high"),
            ("UserData", "x" * 1025),
            ("UserData", "é"),
            ("UserData", "two\nlines"),
            ("ExtractDigitalWatermark", {"Type": "Image", "Version": "V1"}),
            ("ExtractDigitalWatermark", {"Type": "Text", "Version": "V2"}),
            ("ExtractDigitalWatermark", {"Type": "Text"}),
            ("ExtractDigitalWatermark", {"Type": "Text", "Version": "V1", "Message": "x"}),
            ("Output", {"Region": REGION, "Bucket": BUCKET, "Object": "x"}),
        ],
    )
    def test_refuses_operations_that_the_page_does_not_allow(self, world: World, name: str, value: Any) -> None:  # noqa: ANN401 - text or fields
        job = extraction()
        job["Operation"][name] = value
        assert refusal(world, job) == (400, "InvalidArgument")

    @pytest.mark.parametrize("name", ["UserData", "JobLevel"])
    def test_refuses_a_field_of_the_operation_under_the_request(self, world: World, name: str) -> None:
        assert refusal(world, extraction(**{name: "1"})) == (400, "InvalidArgument")

    @pytest.mark.parametrize("name", ["CallBack", "CallBackFormat", "CallBackType", "QueueId"])
    def test_refuses_a_field_of_the_request_under_the_operation(self, world: World, name: str) -> None:
        job = extraction()
        job["Operation"][name] = "JSON"
        assert refusal(world, job) == (400, "InvalidArgument")

    def test_knows_only_the_queues_of_the_bucket(self, world: World) -> None:
        world.cloud.cos.backend.create_bucket("other-1250000000", REGION)
        foreign = world.ci.bind_bucket("other-1250000000").queue_id
        own = world.ci.buckets[BUCKET].queue_id

        assert world.submit(extraction(QueueId=own))
        assert refusal(world, extraction(QueueId=foreign)) == (400, "QueueNotFound")
        assert refusal(world, extraction(QueueId="p" + "0" * 32)) == (400, "QueueNotFound")


class TestBodies:
    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "MissingContent"),
            (b" \n", "MissingContent"),
            (b"{}", "InvalidContent"),
            (b"<Request>", "InvalidContent"),
            (b"<Response/>", "InvalidContent"),
            (b'<!DOCTYPE Request [<!ENTITY a "aaaa">]><Request><Tag>&a;</Tag></Request>', "InvalidContent"),
            (b"<!DOCTYPE Request><Request/>", "InvalidContent"),
            (b'<?xml version="1.0" encoding="no-such"?><Request/>', "InvalidContent"),
            (b"<Request/>", "InvalidArgument"),
        ],
    )
    def test_what_is_not_a_request_is_refused(self, world: World, body: bytes, code: str) -> None:
        reply = world.send("POST", "/jobs", body, Content_Type="application/xml")
        assert (reply.status_code, f"<Code>{code}</Code>" in reply.text) == (400, True)

    def test_a_body_declared_to_be_something_else_is_refused(self, world: World) -> None:
        reply = world.send("POST", "/jobs", b"<Request/>", Content_Type="application/json")
        assert (reply.status_code, "InvalidContentType" in reply.text) == (400, True)

    @given(body=st.binary() | st.binary().map(lambda inner: b"<Request>" + inner + b"</Request>"))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
    def test_any_bytes_get_an_answer(self, world: World, body: bytes) -> None:
        assert world.send("POST", "/jobs", body).status_code == 400


class TestPreconditions:
    def test_a_bucket_that_is_not_bound_is_refused(self, world: World) -> None:
        world.ci.unbind_bucket(BUCKET)
        assert refusal(world, extraction()) == (400, "MediaBucketUnBinded")

    def test_a_bucket_is_bound_in_its_own_region_only(self, world: World) -> None:
        reply = world.send("GET", "/jobs", host=HOST.replace(REGION, "ap-shanghai"))
        assert (reply.status_code, "MediaBucketUnBinded" in reply.text) == (400, True)

    def test_without_the_service_role_nothing_is_accepted(self, world: World) -> None:
        world.cloud.cam.delete_role(SERVICE_ROLE)
        assert refusal(world, extraction()) == (403, "CIRoleNotExist")
