"""Functions over HTTP: the request they are told of, the reply their answer becomes."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from faketencent.scf.http_event import EventShape
from faketencent.wire import Reply, Request

if TYPE_CHECKING:
    from faketencent.scf.models import ScfBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once

EVENTS = Path(__file__).parents[2] / "events" / "http"


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def scf(cloud: FakeCloud) -> ScfBackend:
    cloud.scf.backend.create_function("callback", lambda event, _: event)
    return cloud.scf.backend


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / name).read_text(encoding="utf-8"))
    return event


def answered(cloud: FakeCloud, result: object) -> Reply:
    """The reply when the function returns this."""
    scf = cloud.scf.backend
    scf.create_function("callback", lambda _, __: result)
    return cloud.dispatch(Request.to("POST", scf.function_url("callback"), body=b"{}"))


class TestAddress:
    def test_it_has_the_documented_form_and_never_changes(self, scf: ScfBackend) -> None:
        url = scf.function_url("callback")

        assert url.startswith("https://1250000000-")
        assert url.endswith(".ap-beijing.tencentscf.com")
        assert scf.function_url("callback") == url

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    @pytest.mark.parametrize("path", ["", "/", "/any/path", "/with%20space//and%2Fslash"])
    def test_any_method_and_path_leads_to_the_function(
        self, cloud: FakeCloud, scf: ScfBackend, method: str, path: str
    ) -> None:
        reply = cloud.dispatch(Request.to(method, scf.function_url("callback") + path))

        event = json.loads(reply.body)
        assert (reply.status, event["httpMethod"], event["path"]) == (200, method, path or "/")

    def test_a_url_that_nobody_has_is_not_found(self, cloud: FakeCloud) -> None:
        reply = cloud.dispatch(Request.to("POST", "https://1250000000-nobody.ap-beijing.tencentscf.com/"))

        assert (reply.status, json.loads(reply.body)["statusCode"]) == (404, 435)

    def test_a_custom_domain_answers_over_plain_http(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        scf.add_custom_domain("Callback.example.com", "callback")

        assert cloud.dispatch(Request.to("POST", "http://callback.example.com/push")).status == 200
        assert cloud.dispatch(Request.to("POST", "http://callbackXexample.com/push")).status == 421

    def test_a_function_may_call_the_cloud_while_it_answers(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        scf.create_function("front", lambda _, __: requests.post(back, timeout=5).json()["httpMethod"])
        back = scf.function_url("callback")

        with in_process(cloud):
            reply = requests.post(scf.function_url("front"), timeout=5)

        assert reply.json() == "POST"


class TestEvent:
    def request(self, scf: ScfBackend, body: bytes = b'{"test":"hello world"}') -> Request:
        return Request.to(
            "POST",
            scf.function_url("callback") + "/?a=1&b=2",
            [("Accept", "*/*"), ("Content-Type", "application/json")],
            body,
        )

    def told(self, cloud: FakeCloud, request: Request) -> dict[str, Any]:
        cloud.dispatch(request)
        event: dict[str, Any] = cloud.scf.backend.invocations[-1].event
        return event

    def test_as_documented(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        event = self.told(cloud, self.request(scf))

        documented = sample("function-url-documented-sample.json")
        assert event.keys() == documented.keys()
        assert event == {
            "body": '{"test":"hello world"}',
            "headers": {
                "accept": "*/*",
                "content-type": "application/json",
                "content-length": "22",
                "x-scf-remote-addr": "203.0.113.7",
            },
            "httpMethod": "POST",
            "path": "/",
            "queryString": {"a": "1", "b": "2"},
        }

    def test_without_a_body_there_is_no_node_for_it(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        event = self.told(cloud, self.request(scf, b""))

        assert event.keys() == sample("function-url-without-body.json").keys()

    def test_as_observed(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        scf.event_shape = EventShape.COMPATIBLE

        event = self.told(cloud, self.request(scf))

        assert event.keys() == sample("function-url-observed-extra-nodes.json").keys()
        assert event["isBase64Encoded"] is False
        assert event["requestContext"] == {"sourceIp": "203.0.113.7"}

    @pytest.mark.parametrize("shape", [EventShape.API_GATEWAY, EventShape.API_GATEWAY_BASE64])
    def test_as_api_gateway_has_it(self, cloud: FakeCloud, scf: ScfBackend, shape: EventShape) -> None:
        scf.event_shape = shape

        event = self.told(cloud, self.request(scf))

        expected = sample("api-gateway.json")
        assert event.keys() == expected.keys()
        assert event["requestContext"].keys() == expected["requestContext"].keys()
        assert event["headers"] == {"Accept": "*/*", "Content-Type": "application/json"}
        assert event["queryStringParameters"] == {"a": "1", "b": "2"}
        encoded = event["isBase64Encoded"]
        assert encoded is (shape is EventShape.API_GATEWAY_BASE64)
        body = base64.b64decode(event["body"]).decode() if encoded else event["body"]
        assert body == '{"test":"hello world"}'

    def test_api_gateway_lists_a_parameter_that_comes_twice(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        scf.event_shape = EventShape.API_GATEWAY
        url = scf.function_url("callback") + "?a=b&a=c&x=y&empty"

        query = self.told(cloud, Request.to("GET", url))["queryString"]

        assert query == {"a": ["b", "c"], "x": "y", "empty": ""}

    @given(body=st.binary(max_size=50))
    def test_only_base64_carries_any_bytes(self, body: bytes) -> None:
        cloud = FakeCloud()
        scf = cloud.scf.backend
        scf.create_function("callback", lambda event, _: event)
        scf.event_shape = EventShape.API_GATEWAY_BASE64

        event = self.told(cloud, self.request(scf, body))

        assert base64.b64decode(event["body"]) == body

    def test_an_event_of_more_than_6_mb_is_refused(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        reply = cloud.dispatch(self.request(scf, b"x" * (6 * 1024 * 1024)))

        assert (reply.status, json.loads(reply.body)["statusCode"]) == (413, 406)
        assert scf.invocations == []


class TestReply:
    def test_a_dict_with_a_status_code_is_an_http_answer(self, cloud: FakeCloud) -> None:
        reply = answered(cloud, {"statusCode": 201, "headers": {"X-Mine": "yes"}, "body": "héllo"})

        assert (reply.status, reply.headers, reply.body) == (201, [("X-Mine", "yes")], "héllo".encode())

    def test_headers_and_body_may_be_missing(self, cloud: FakeCloud) -> None:
        reply = answered(cloud, {"statusCode": 204})

        assert (reply.status, reply.headers, reply.body) == (204, [], b"")

    def test_the_body_may_be_base64(self, cloud: FakeCloud) -> None:
        reply = answered(cloud, {"statusCode": 200, "body": "AAEC", "isBase64Encoded": True})

        assert reply.body == b"\x00\x01\x02"

    @pytest.mark.parametrize("flag", [False, "false", None])
    def test_only_a_true_flag_means_base64(self, cloud: FakeCloud, flag: object) -> None:
        assert answered(cloud, {"statusCode": 200, "body": "AAEC", "isBase64Encoded": flag}).body == b"AAEC"

    @pytest.mark.parametrize("result", ["Hello, world!", {"message": "水"}, [1, 2], None, 7])
    def test_any_other_json_is_the_body_of_a_200(self, cloud: FakeCloud, result: object) -> None:
        reply = answered(cloud, result)

        assert (reply.status, reply.header("content-type")) == (200, "application/json")
        assert json.loads(reply.body) == result

    @pytest.mark.parametrize(
        "result",
        [
            {"statusCode": "200"},
            {"statusCode": True},
            {"statusCode": 42},
            {"statusCode": 200.0},
            {"statusCode": 200, "body": {"not": "text"}},
            {"statusCode": 200, "headers": ["no", "dict"]},
            {"statusCode": 200, "headers": {"X-Number": 1}},
            {"statusCode": 200, "headers": {"X-Split": "one\r\nX-Two: 2"}},
            {"statusCode": 200, "headers": {"X-Chinese": "水"}},
            {"statusCode": 200, "body": "AAEC!", "isBase64Encoded": True},
        ],
    )
    def test_an_answer_that_is_none_is_an_error(self, cloud: FakeCloud, result: object) -> None:
        reply = answered(cloud, result)

        assert reply.status == 500
        assert json.loads(reply.body)["statusCode"] == 403
        assert "Invalid scf response format" in json.loads(reply.body)["errorMessage"]

    def test_a_failed_run_shows_the_caller_its_stack_trace(self, cloud: FakeCloud) -> None:
        # given a function that raises
        scf = cloud.scf.backend
        scf.create_function("callback", lambda _, __: 1 / 0)

        # when it is called
        reply = cloud.dispatch(Request.to("POST", scf.function_url("callback")))

        # then https://cloud.tencent.com/document/product/583/9210
        assert reply.status == 500
        assert json.loads(reply.body) == {
            "errorCode": -1,
            "errorMessage": "user code exception caught",
            "requestId": "00000000-0000-0000-0000-000000000001",
            "stackTrace": scf.invocations[0].error,
            "statusCode": 430,
        }

    def test_a_killed_run_is_an_error_too(self, cloud: FakeCloud) -> None:
        scf = cloud.scf.backend
        scf.create_function("callback", lambda _, __: cloud.clock.sleep(4), timeout=3)

        reply = cloud.dispatch(Request.to("POST", scf.function_url("callback")))

        assert reply.status == 500
        assert json.loads(reply.body) == {
            "errorCode": -1,
            "errorMessage": "Invoking task timed out after 3 seconds",
            "requestId": "00000000-0000-0000-0000-000000000001",
            "statusCode": 433,
        }

    def test_a_failed_run_is_not_retried(self, cloud: FakeCloud) -> None:
        answered(cloud, b"not json")

        cloud.advance(600)

        assert len(cloud.scf.backend.invocations) == 1
