"""Topics: who gets what is published, in which form, and what happens when they do not take it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from faketencent.cloud import FakeCloud
from faketencent.tdmq import NotifyFormat, NotifyStrategy
from faketencent.tdmq.exceptions import (
    EmptyMessageError,
    EndpointError,
    FormatOfQueueSubscriptionError,
    MessageTooLongError,
    NoSubscriptionError,
    QueueNotFoundError,
    SubscriptionExistsError,
    TopicNotFoundError,
)
from faketencent.wire import NoReplyError, Reply

if TYPE_CHECKING:
    from faketencent.tdmq import TdmqBackend
    from faketencent.wire import Request

#: Says the same on every Python.
pytestmark = pytest.mark.once

NOW = 1767225600
DAY = 86_400


class Endpoint:
    """Somebody's web server: answers with the statuses it is given, then with 200; `None` is a time-out."""

    def __init__(self, cloud: FakeCloud, *answers: int | None) -> None:
        self.cloud = cloud
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.times: list[float] = []
        cloud.send = self.serve

    def serve(self, request: Request) -> Reply:
        self.requests.append(request)
        self.times.append(self.cloud.clock.now() - NOW)
        answer = self.answers.pop(0) if self.answers else 200
        if answer is None:
            raise NoReplyError("timeout")
        return Reply(answer)


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def tdmq(cloud: FakeCloud) -> TdmqBackend:
    cloud.tdmq.backend.create_topic("MyTopic", "bj")
    return cloud.tdmq.backend


class TestForm:
    """https://www.tencentcloud.com/document/product/1111/46529 (the requests are those of its examples)."""

    def test_of_a_json_push(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        endpoint = Endpoint(cloud)
        tdmq.subscribe("MyTopic", "bj", "mysubscription", endpoint="http://test.com/cgi?a=1")

        message_id = tdmq.publish("MyTopic", "bj", 'test "message" 数', tags=["a", "b"])
        cloud.settle()

        (request,) = endpoint.requests
        assert (request.method, request.url) == ("POST", "http://test.com/cgi?a=1")
        assert json.loads(request.body) == {
            "TopicOwner": 1250000000,
            "topicName": "MyTopic",
            "subscriptionName": "mysubscription",
            "msgId": message_id,
            "msgBody": 'test "message" 数',
            "publishTime": NOW,
        }
        assert request.headers["Content-Type"] == "text/plain"
        assert request.headers["Content-Length"] == str(len(request.body))
        assert request.headers["User-Agent"] == "Qcloud Notification Service Agent"
        assert request.headers["x-cmq-message-id"] == message_id
        assert request.headers["x-cmq-message-tag"] == "a, b"
        assert request.headers["x-cmq-request-id"] not in ("", message_id)

    def test_of_a_simplified_push(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        endpoint = Endpoint(cloud)
        tdmq.subscribe("MyTopic", "bj", "s", endpoint="http://test.com/cgi", notify_format=NotifyFormat.SIMPLIFIED)

        message_id = tdmq.publish("MyTopic", "bj", "test message 数")
        cloud.settle()

        (request,) = endpoint.requests
        assert request.body == "test message 数".encode()
        assert request.headers["Content-Type"] == "text/plain"
        assert request.headers["x-cmq-message-id"] == message_id
        assert request.headers["x-cmq-message-tag"] == ""

    def test_in_a_queue_is_the_bare_message(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        tdmq.create_queue("callbacks", "bj")
        tdmq.subscribe("MyTopic", "bj", "s", queue="callbacks")

        tdmq.publish("MyTopic", "bj", "test message")
        assert tdmq.receive("callbacks", "bj") == []
        cloud.settle()

        assert [message.body for message in tdmq.receive("callbacks", "bj", 2)] == ["test message"]


class TestDelivery:
    def test_happens_when_the_clock_runs_and_not_before(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        endpoint = Endpoint(cloud)
        tdmq.subscribe("MyTopic", "bj", "s", endpoint="http://test.com/")

        tdmq.publish("MyTopic", "bj", "x")
        assert endpoint.requests == []
        cloud.settle()
        assert len(endpoint.requests) == 1

    def test_reaches_every_subscription_once(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        endpoint = Endpoint(cloud, 204, 299)
        tdmq.subscribe("MyTopic", "bj", "one", endpoint="http://one.com/")
        tdmq.subscribe("MyTopic", "bj", "two", endpoint="http://two.com/")

        tdmq.publish("MyTopic", "bj", "x")
        cloud.advance(DAY)

        assert [request.host for request in endpoint.requests] == ["one.com", "two.com"]
        assert tdmq.undeliverable == []

    def test_is_filtered_by_tags(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        endpoint = Endpoint(cloud)
        tdmq.subscribe("MyTopic", "bj", "all", endpoint="http://all.com/")
        tdmq.subscribe("MyTopic", "bj", "some", endpoint="http://some.com/", filter_tags=["a", "b"])

        for tags in ([], ["b", "c"], ["c"]):
            tdmq.publish("MyTopic", "bj", "x", tags)
        cloud.settle()

        assert [request.host for request in endpoint.requests] == ["all.com", "all.com", "some.com", "all.com"]

    @pytest.mark.parametrize("answer", [None, 199, 301, 400, 403, 500, 503])
    def test_is_repeated_after_anything_but_2xx(self, cloud: FakeCloud, tdmq: TdmqBackend, answer: int | None) -> None:
        endpoint = Endpoint(cloud, answer)
        tdmq.subscribe("MyTopic", "bj", "s", endpoint="http://test.com/")

        tdmq.publish("MyTopic", "bj", "x")
        cloud.advance(DAY)

        assert endpoint.times == [0, 1]
        first, second = endpoint.requests
        assert first.body == second.body
        assert first.headers["x-cmq-message-id"] == second.headers["x-cmq-message-id"]
        assert first.headers["x-cmq-request-id"] != second.headers["x-cmq-request-id"]

    def test_decays_exponentially_and_is_given_up_after_a_day(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        endpoint = Endpoint(cloud, *[503] * 1000)
        subscription = tdmq.subscribe("MyTopic", "bj", "s", endpoint="http://test.com/")

        message_id = tdmq.publish("MyTopic", "bj", "x")
        cloud.advance(2 * DAY)

        gaps = [later - earlier for earlier, later in zip(endpoint.times, endpoint.times[1:], strict=False)]
        assert gaps[:12] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 512]
        assert set(gaps[12:]) == {512}
        assert DAY - 512 <= endpoint.times[-1] < DAY
        (given_up,) = tdmq.undeliverable
        assert (given_up.subscription, given_up.publication.id) == (subscription, message_id)
        assert (given_up.attempts, given_up.reason) == (len(endpoint.requests), "503")

    def test_backs_off_three_times_if_told_to(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        endpoint = Endpoint(cloud, *[None] * 1000)
        tdmq.subscribe("MyTopic", "bj", "s", endpoint="http://test.com/", strategy=NotifyStrategy.BACKOFF_RETRY)

        tdmq.publish("MyTopic", "bj", "x")
        cloud.advance(DAY)

        gaps = [later - earlier for earlier, later in zip(endpoint.times, endpoint.times[1:], strict=False)]
        assert len(gaps) == 3
        assert all(10 <= gap <= 20 for gap in gaps)
        (given_up,) = tdmq.undeliverable
        assert (given_up.attempts, given_up.reason) == (4, "timeout")

    def test_of_one_message_does_not_hold_up_the_next(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        endpoint = Endpoint(cloud, 503)
        simplified = NotifyFormat.SIMPLIFIED
        tdmq.subscribe("MyTopic", "bj", "s", endpoint="http://test.com/", notify_format=simplified)

        tdmq.publish("MyTopic", "bj", "first")
        tdmq.publish("MyTopic", "bj", "second")
        cloud.advance(1)

        assert [request.body for request in endpoint.requests] == [b"first", b"second", b"first"]

    def test_into_a_queue_that_cannot_hold_the_message_is_given_up(self, cloud: FakeCloud, tdmq: TdmqBackend) -> None:
        tdmq.create_queue("callbacks", "bj", max_message_size=1024)
        tdmq.subscribe("MyTopic", "bj", "s", queue="callbacks")

        tdmq.publish("MyTopic", "bj", "x" * 1025)
        cloud.settle()

        (given_up,) = tdmq.undeliverable
        assert given_up.reason == "(10230)exceed maximum message size"


class TestRefusals:
    @pytest.mark.parametrize(
        "endpoint",
        ["https://test.com/", "test.com", "", "ftp://test.com", "HTTP//x", "http://te st.com/", "http://x/\n"],
    )
    def test_of_an_endpoint_that_is_not_plain_http(self, tdmq: TdmqBackend, endpoint: str) -> None:
        with pytest.raises(EndpointError):
            tdmq.subscribe("MyTopic", "bj", "s", endpoint=endpoint)

    def test_of_a_json_subscription_of_a_queue(self, tdmq: TdmqBackend) -> None:
        tdmq.create_queue("callbacks", "bj")
        with pytest.raises(FormatOfQueueSubscriptionError):
            tdmq.subscribe("MyTopic", "bj", "s", queue="callbacks", notify_format=NotifyFormat.JSON)

    def test_of_a_queue_that_does_not_exist(self, tdmq: TdmqBackend) -> None:
        with pytest.raises(QueueNotFoundError):
            tdmq.subscribe("MyTopic", "bj", "s", queue="none")

    def test_of_neither_or_both_targets(self, tdmq: TdmqBackend) -> None:
        with pytest.raises(ValueError, match="either an endpoint or a queue"):
            tdmq.subscribe("MyTopic", "bj", "s")

    def test_of_a_name_that_is_taken(self, tdmq: TdmqBackend) -> None:
        tdmq.subscribe("MyTopic", "bj", "s", endpoint="http://test.com/")
        with pytest.raises(SubscriptionExistsError):
            tdmq.subscribe("MyTopic", "bj", "s", endpoint="http://test.com/")

    def test_of_publishing_to_nobody_or_nothing_or_too_much(self, tdmq: TdmqBackend) -> None:
        with pytest.raises(NoSubscriptionError):
            tdmq.publish("MyTopic", "bj", "x")
        with pytest.raises(TopicNotFoundError):
            tdmq.publish("MyTopic", "sh", "x")
        with pytest.raises(EmptyMessageError):
            tdmq.publish("MyTopic", "bj", "")
        with pytest.raises(MessageTooLongError):
            tdmq.publish("MyTopic", "bj", "x" * 1_048_577)
