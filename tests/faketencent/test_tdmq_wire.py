"""TDMQ for CMQ as a client sees it: parameters, replies, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from faketencent.cloud import FakeCloud
from faketencent.faults import Fault
from faketencent.in_process import in_process
from faketencent.tdmq.exceptions import TdmqError, ThrottledError
from tests.faketencent.tdmq_client import NOW, RECEIVE, ask, post, prepare, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

MEGABYTE = 1_048_576


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    cloud = FakeCloud()
    prepare(cloud)
    with in_process(cloud):
        yield cloud


def numbered(name: str, *numbers: int) -> dict[str, str]:
    return {f"{name}.{n}": "x" for n in numbers}


def out_of_range(name: str) -> str:
    return f"(10350)parameter {name} value or length is out of range"


def not_consequent(name: str) -> str:
    return f"(10380){name} parameter is not consequent"


class TestReplies:
    def test_have_a_request_id_each(self, cloud: FakeCloud) -> None:
        ids = {ask(cloud, "ReceiveMessage", queueName=name)["requestId"] for name in ("callbacks", "callbacks", "none")}

        assert len(ids) == 3

    def test_to_sending_name_the_message(self, cloud: FakeCloud) -> None:
        one = ask(cloud, "SendMessage", queueName="callbacks", msgBody="first")
        two = ask(cloud, "BatchSendMessage", queueName="callbacks", msgBody_0="second", msgBody_1="third")

        assert (one["code"], one["message"]) == (0, "")
        received = cloud.tdmq.backend.receive("callbacks", "bj", 16)
        assert [message.id for message in received] == [one["msgId"], *(m["msgId"] for m in two["msgList"])]
        assert [message.body for message in received] == ["first", "second", "third"]

    def test_to_receiving_describe_the_message(self, cloud: FakeCloud) -> None:
        sent = cloud.tdmq.backend.send("callbacks", "bj", "<Job>数字水印 😀</Job>")
        cloud.advance(5)

        answer = ask(cloud, "ReceiveMessage", queueName="callbacks")

        assert answer == {
            "code": 0,
            "message": "",
            "requestId": answer["requestId"],
            "msgBody": "<Job>数字水印 😀</Job>",
            "msgId": sent,
            "receiptHandle": answer["receiptHandle"],
            "enqueueTime": NOW,
            "firstDequeueTime": NOW + 5,
            "nextVisibleTime": NOW + 35,
            "dequeueCount": 1,
        }

    def test_to_receiving_a_batch_list_the_same(self, cloud: FakeCloud) -> None:
        for body in ("one", "two", "three"):
            cloud.tdmq.backend.send("callbacks", "bj", body)

        answer = ask(cloud, "BatchReceiveMessage", queueName="callbacks", numOfMsg="2")

        assert [message["msgBody"] for message in answer["msgInfoList"]] == ["one", "two"]
        assert set(answer["msgInfoList"][0]) == {
            "msgBody", "msgId", "receiptHandle", "enqueueTime", "firstDequeueTime", "nextVisibleTime", "dequeueCount",
        }  # fmt: skip

    @pytest.mark.parametrize(
        "params", [{"Action": "ReceiveMessage"}, {"Action": "BatchReceiveMessage", "numOfMsg": "1"}]
    )
    def test_to_receiving_from_an_empty_queue_are_code_7000(self, cloud: FakeCloud, params: dict[str, str]) -> None:
        answer = post(signed({**params, "queueName": "callbacks"}, cloud.cam.account))

        assert (answer["code"], answer["message"]) == (7000, "(10200)no message")

    def test_to_deleting_say_whether_the_handle_was_good(self, cloud: FakeCloud) -> None:
        cloud.tdmq.backend.send("callbacks", "bj", "x")
        handle = ask(cloud, "ReceiveMessage", queueName="callbacks")["receiptHandle"]

        assert ask(cloud, "DeleteMessage", queueName="callbacks", receiptHandle=handle)["code"] == 0
        again = ask(cloud, "DeleteMessage", queueName="callbacks", receiptHandle=handle)
        assert (again["code"], again["message"]) == (4430, "(10260)receipt handle is invalid")

    def test_to_deleting_a_batch_list_what_failed(self, cloud: FakeCloud) -> None:
        for body in ("one", "two"):
            cloud.tdmq.backend.send("callbacks", "bj", body)
        one, two = (message.handle or "" for message in cloud.tdmq.backend.receive("callbacks", "bj", 2))

        # counting may begin at 0 or at 1
        partly = ask(cloud, "BatchDeleteMessage", queueName="callbacks", receiptHandle_1=one, receiptHandle_2="stale")
        wholly = ask(cloud, "BatchDeleteMessage", queueName="callbacks", receiptHandle_0=two)
        not_at_all = ask(cloud, "BatchDeleteMessage", queueName="callbacks", receiptHandle_0=two)

        failure = {"code": 4430, "message": "(10260)receipt handle is invalid"}
        assert partly["code"] == 6010
        assert partly["errorList"] == [{**failure, "receiptHandle": "stale"}]
        assert (wholly["code"], wholly["errorList"]) == (0, [])
        assert not_at_all["code"] == 6020
        assert not_at_all["errorList"] == [{**failure, "receiptHandle": two}]

    def test_to_asking_for_attributes_count_messages(self, cloud: FakeCloud) -> None:
        for delay in (0, 0, 0, 60, 60):
            cloud.tdmq.backend.send("callbacks", "bj", "x", delay)
        cloud.tdmq.backend.receive("callbacks", "bj")

        answer = ask(cloud, "GetQueueAttributes", queueName="callbacks")

        assert (answer["activeMsgNum"], answer["inactiveMsgNum"], answer["delayMsgNum"]) == (2, 1, 2)
        assert (answer["visibilityTimeout"], answer["msgRetentionSeconds"]) == (30, 3600)
        assert (answer["pollingWaitSeconds"], answer["maxMsgSize"]) == (3, MEGABYTE)
        assert answer["createTime"] == answer["minMsgTime"] == NOW

    def test_to_publishing_name_the_message(self, cloud: FakeCloud) -> None:
        one = ask(cloud, "PublishMessage", topicName="results", msgBody="first")
        more = ask(cloud, "BatchPublishMessage", topicName="results", msgBody_1="second", msgBody_2="third")
        cloud.settle()

        assert one["msgId"]
        assert len(more["msgList"]) == 2
        received = cloud.tdmq.backend.receive("callbacks", "bj", 16)
        assert [message.body for message in received] == ["first", "second", "third"]


class TestRefusals:
    """https://cloud.tencent.com/document/product/1496/70948"""

    @pytest.mark.parametrize(
        ("action", "params", "code", "message"),
        [
            ("ReceiveMessage", {"queueName": ""}, 4000, "(10390)lacked of required parameter queueName"),
            ("ReceiveMessage", {"queueName": "none"}, 4440, "(10100)queue is not existed, or deleted"),
            ("ReceiveMessage", {"pollingWaitSeconds": "31"}, 4000, out_of_range("pollingWaitSeconds")),
            ("ReceiveMessage", {"pollingWaitSeconds": "1.5"}, 4000, "(10360)parameter pollingWaitSeconds error type"),
            ("BatchReceiveMessage", {}, 4000, "(10390)lacked of required parameter numOfMsg"),
            ("BatchReceiveMessage", {"numOfMsg": "0"}, 4000, out_of_range("numOfMsg")),
            ("BatchReceiveMessage", {"numOfMsg": "17"}, 4000, out_of_range("numOfMsg")),
            ("DeleteMessage", {}, 4000, "(10390)lacked of required parameter receiptHandle"),
            ("BatchDeleteMessage", {}, 4000, "(10390)lacked of required parameter receiptHandle.n"),
            ("BatchDeleteMessage", numbered("receiptHandle", 0, 2), 4000, not_consequent("receiptHandle")),
            ("BatchDeleteMessage", numbered("receiptHandle", 2), 4000, not_consequent("receiptHandle")),
            ("BatchDeleteMessage", {"receiptHandle.a": "x"}, 4000, not_consequent("receiptHandle")),
            (
                "BatchSendMessage",
                numbered("msgBody", *range(17)),
                4000,
                "(10370)msgBody parameter batch size is out of range",
            ),
            ("BatchSendMessage", {"msgBody.0": "x", "msgBody.1": ""}, 4000, "(10120)message body can't be empty"),
            ("SendMessage", {"msgBody": ""}, 4000, "(10390)lacked of required parameter msgBody"),
            ("SendMessage", {"msgBody": "x", "delaySeconds": "43201"}, 4000, "(10692)delay seconds is out of range"),
            ("PublishMessage", {"topicName": "none", "msgBody": "x"}, 4440, "(10600)topic is not existed, or deleted"),
        ],
    )
    def test_name_what_is_wrong(
        self, cloud: FakeCloud, action: str, params: dict[str, str], code: int, message: str
    ) -> None:
        answer = post(signed({"Action": action, "queueName": "callbacks", **params}, cloud.cam.account))

        assert (answer["code"], answer["message"]) == (code, message)
        assert len(cloud.tdmq.backend.queue("callbacks", "bj")) == 0

    def test_of_what_is_too_long(self, cloud: FakeCloud) -> None:
        longest, longer = "m" * MEGABYTE, "m" * (MEGABYTE + 1)

        assert ask(cloud, "SendMessage", queueName="callbacks", msgBody=longest)["code"] == 0
        assert ask(cloud, "SendMessage", queueName="callbacks", msgBody=longer)["code"] == 4400
        both = ask(cloud, "BatchSendMessage", queueName="callbacks", msgBody_0=longest, msgBody_1="x")
        assert (both["code"], both["message"]) == (4470, "(10300)total message size exceed 1MB")
        assert len(cloud.tdmq.backend.queue("callbacks", "bj")) == 1

    def test_of_a_topic_without_subscription(self, cloud: FakeCloud) -> None:
        cloud.tdmq.backend.create_topic("lonely", "bj")

        assert ask(cloud, "PublishMessage", topicName="lonely", msgBody="x")["code"] == 6030

    @pytest.mark.parametrize(
        ("error", "code", "message"),
        [
            (ThrottledError, 4420, "(10250)qps throttling"),
            (TdmqError, 6000, "(10050)server internal error"),
        ],
    )
    def test_on_demand_have_no_effect(self, cloud: FakeCloud, error: type[TdmqError], code: int, message: str) -> None:
        cloud.tdmq.backend.send("callbacks", "bj", "x")
        cloud.tdmq.backend.refuse_next(error, times=2)

        answers = [ask(cloud, "ReceiveMessage", queueName="callbacks") for _ in range(3)]

        assert [answer["code"] for answer in answers] == [code, code, 0]
        assert answers[0]["message"] == message
        assert answers[2]["dequeueCount"] == 1

    def test_of_the_queue_of_another_region(self, cloud: FakeCloud) -> None:
        host = "cmq-sh.public.tencenttdmq.com"
        assert post(signed(RECEIVE, cloud.cam.account, host=host), host=host)["code"] == 4440


def test_faults_can_be_ordered_for_one_action(cloud: FakeCloud) -> None:
    cloud.tdmq.backend.send("callbacks", "bj", "x")
    cloud.faults.on("ReceiveMessage", Fault.TRUNCATED)

    with pytest.raises(requests.exceptions.JSONDecodeError):
        ask(cloud, "ReceiveMessage", queueName="callbacks")
    # the message was handed out all the same
    assert ask(cloud, "ReceiveMessage", queueName="callbacks")["code"] == 7000


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Fault.ERROR_500, 6000), (Fault.ERROR_503, 4420), (Fault.ERROR_429, 4420), (Fault.ERROR_403, 4000)],
)
def test_faults_are_put_into_words_of_tdmq(cloud: FakeCloud, fault: Fault, code: int) -> None:
    cloud.faults.on("ReceiveMessage", fault)

    assert ask(cloud, "ReceiveMessage", queueName="callbacks")["code"] == code
