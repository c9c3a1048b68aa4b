"""Who may call TDMQ for CMQ: signatures, tokens, clocks, permissions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import requests

from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from faketencent.tdmq.signature import sign, signed_text
from tests.faketencent.tdmq_client import HOST, NOW, RECEIVE, post, prepare, signature, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cam import Identity

#: Says the same on every Python.
pytestmark = pytest.mark.once

SUCCESS, NO_MESSAGE, INVALID_HANDLE, NOTHING_DELETED = 0, 7000, 4430, 6020


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    cloud = FakeCloud()
    prepare(cloud)
    with in_process(cloud):
        yield cloud


class TestSignature:
    """https://www.tencentcloud.com/document/product/406/5906 (which algorithm, what is signed)."""

    # The worked example of this signature in https://github.com/tencentyun/qcloud-documents
    EXAMPLE = (
        "GETcvm.api.qcloud.com/v2/index.php?Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Nonce=11886"
        "&Region=ap-guangzhou&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA&SignatureMethod={}&Timestamp=1465185768"
    )
    EXAMPLE_KEY = "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA"

    @pytest.mark.parametrize(
        ("method", "expected"),
        [
            ("HmacSHA256", "0EEm/HtGRr/VJXTAD9tYMth1Bzm3lLHz5RCDv1GdM8s="),
            ("HmacSHA1", "nPVnY6njQmwQ8ciqbPl5Qe+Oru4="),
        ],
    )
    def test_agrees_with_the_documented_example(self, method: str, expected: str) -> None:
        params = {
            "Timestamp": "1465185768",
            "SignatureMethod": method,
            "SecretId": "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA",
            "Region": "ap-guangzhou",
            "Nonce": "11886",
            "InstanceIds.0": "ins-09dx96dg",
            "Action": "DescribeInstances",
        }

        text = signed_text("GET", "cvm.api.qcloud.com", "/v2/index.php", params)

        assert text == self.EXAMPLE.format(method)
        assert sign(self.EXAMPLE_KEY, method, text) == expected

    @pytest.mark.parametrize("method", [None, "", "HmacSHA512", "hmacsha256"])
    def test_is_hmac_sha1_unless_hmac_sha256_is_named(self, method: str | None) -> None:
        assert sign("key", method, "text") == signature("text", "key", "sha1")

    def test_replaces_underscores_in_names_but_not_in_values_and_sorts_before_that(self) -> None:
        params = {"b_1": "x_y", "a": "1", "b0": "2", "Signature": "not signed"}

        assert signed_text("POST", "host", "/path", params) == "POSThost/path?a=1&b0=2&b.1=x_y"

    ACTIONS = (
        (
            "SendMessage",
            {"queueName": "callbacks", "msgBody": "a b&c=%2B+数"},
            "&msgBody=a b&c=%2B+数&queueName=callbacks",
        ),
        (
            "BatchSendMessage",
            {"queueName": "callbacks", "msgBody.0": "one", "msgBody.1": "two", "delaySeconds": "0"},
            "&delaySeconds=0&msgBody.0=one&msgBody.1=two&queueName=callbacks",
        ),
        (
            "ReceiveMessage",
            {"queueName": "callbacks", "pollingWaitSeconds": "0"},
            "&pollingWaitSeconds=0&queueName=callbacks",
        ),
        ("BatchReceiveMessage", {"queueName": "callbacks", "numOfMsg": "16"}, "&numOfMsg=16&queueName=callbacks"),
        ("DeleteMessage", {"queueName": "callbacks", "receiptHandle": "+/="}, "&queueName=callbacks&receiptHandle=+/="),
        (
            "BatchDeleteMessage",
            {"queueName": "callbacks", "receiptHandle.1": "+/=", "receiptHandle.2": "x"},
            "&queueName=callbacks&receiptHandle.1=+/=&receiptHandle.2=x",
        ),
        ("GetQueueAttributes", {"queueName": "callbacks"}, "&queueName=callbacks"),
        ("PublishMessage", {"topicName": "results", "msgBody": "news"}, "&msgBody=news&topicName=results"),
        (
            "BatchPublishMessage",
            {"topicName": "results", "msgBody.1": "news", "msgTag.1": "t"},
            "&msgBody.1=news&msgTag.1=t&topicName=results",
        ),
    )

    @pytest.mark.parametrize("case", ACTIONS, ids=lambda case: case[0])
    @pytest.mark.parametrize("method", ["HmacSHA1", "HmacSHA256"])
    @pytest.mark.parametrize("verb", ["GET", "POST"])
    @pytest.mark.parametrize("host", [HOST, "bj.mqadapter.cmq.tencentyun.com"])
    def test_is_accepted_for_every_action_algorithm_verb_and_address(
        self, cloud: FakeCloud, case: tuple[str, dict[str, str], str], method: str, verb: str, host: str
    ) -> None:
        # given the text to sign, written out by hand
        action, params, tail = case
        text = (
            f"{verb}{host}/v2/index.php?Action={action}&Nonce=7&SecretId=AKIDaccount0000"
            f"&SignatureMethod={method}&Timestamp=1767225600{tail}"
        )
        algorithm = {"HmacSHA1": "sha1", "HmacSHA256": "sha256"}[method]
        given = {
            "Action": action,
            "Nonce": "7",
            "SecretId": "AKIDaccount0000",
            "SignatureMethod": method,
            "Timestamp": "1767225600",
            "Signature": signature(text, "secret-key-of-account-0000", algorithm),
            **params,
        }

        # when
        query, form = (given, None) if verb == "GET" else (None, given)
        reply = requests.request(verb, f"https://{host}/v2/index.php", params=query, data=form, timeout=5)

        # then nothing about the caller is wrong, and the journal tells the operations apart
        assert reply.json()["code"] in (SUCCESS, NO_MESSAGE, INVALID_HANDLE, NOTHING_DELETED)
        assert cloud.operations() == [action]

    @pytest.mark.parametrize("name", ["queueName", "msgBody", "Nonce", "Timestamp", "Action", "extra"])
    def test_covers_every_parameter(self, cloud: FakeCloud, name: str) -> None:
        given = signed({"Action": "SendMessage", "queueName": "callbacks", "msgBody": "x"}, cloud.cam.account)
        changed = {"queueName": "others", "msgBody": "y", "Nonce": "8", "Timestamp": str(NOW + 1), "extra": "1"}
        given[name] = changed.get(name, "PublishMessage")

        answer = post(given)

        assert answer["code"] == 4100
        assert len(cloud.tdmq.backend.queue("callbacks", "bj")) == 0

    def test_covers_method_and_host(self, cloud: FakeCloud) -> None:
        assert post(signed(RECEIVE, cloud.cam.account, method="GET"))["code"] == 4100
        assert post(signed(RECEIVE, cloud.cam.account, host="cmq-sh.public.tencenttdmq.com"))["code"] == 4100

    def test_may_cover_the_port_of_a_small_cluster_or_not(self, cloud: FakeCloud) -> None:
        for host in (f"{HOST}:8443", HOST):
            assert post(signed(RECEIVE, cloud.cam.account, host=host), host=f"{HOST}:8443")["code"] == 7000

    def test_that_is_wrong_is_answered_with_what_should_have_been_signed_but_no_secret(self, cloud: FakeCloud) -> None:
        cloud.cam.create_role("worker")
        worker = cloud.cam.assume("worker")
        given = signed({"Action": "SendMessage", "queueName": "callbacks", "msgBody": "m" * 100}, worker)

        answer = post({**given, "Signature": "AAAA"})

        assert answer["message"] == (
            "(10030)authentication failed: the Signature is not the HmacSHA256 of "
            f"POST{HOST}/v2/index.php?Action=SendMessage&Nonce=11886&SecretId={worker.secret_id}"
            f"&SignatureMethod=HmacSHA256&Timestamp={NOW}&Token=***&msgBody={'m' * 64}...&queueName=callbacks"
        )
        assert worker.secret_key not in json.dumps(answer)

    @pytest.mark.parametrize("missing", ["Signature", "SecretId", "Timestamp", "Nonce"])
    def test_needs_all_its_parameters(self, cloud: FakeCloud, missing: str) -> None:
        given = signed(RECEIVE, cloud.cam.account)
        del given[missing]

        answer = post(given)

        assert (answer["code"], answer["message"]) == (4000, f"(10390)lacked of required parameter {missing}")

    @pytest.mark.parametrize(("name", "value", "module"), [("Timestamp", "soon", 10360), ("Nonce", "0", 10350)])
    def test_needs_sound_numbers(self, cloud: FakeCloud, name: str, value: str, module: int) -> None:
        answer = post(signed({**RECEIVE, name: value}, cloud.cam.account))

        assert answer["code"] == 4000
        assert answer["message"].startswith(f"({module})parameter {name} ")


class TestCaller:
    @pytest.fixture
    def worker(self, cloud: FakeCloud) -> Identity:
        allow = {
            "effect": "allow",
            "action": ["tdmq:ReceiveMessage", "tdmq:PublishMessage"],
            "resource": [
                f"qcs::tdmq:bj:uin/{cloud.cam.uin}:queue/callbacks",
                f"qcs::tdmq:bj:uin/{cloud.cam.uin}:topic/results",
            ],
        }
        cloud.cam.create_role("worker", {"version": "2.0", "statement": [allow]})
        return cloud.cam.assume("worker", lifetime=600)

    def test_may_have_temporary_credentials(self, worker: Identity) -> None:
        assert post(signed(RECEIVE, worker))["code"] == 7000

    def test_needs_the_token_of_those_credentials(self, cloud: FakeCloud, worker: Identity) -> None:
        other = cloud.cam.assume("worker")
        without = {k: v for k, v in signed(RECEIVE, worker).items() if k != "Token"}

        for given in (without, signed({**RECEIVE, "Token": str(other.token)}, worker)):
            answer = post(given)
            assert answer["code"] == 4100
            assert answer["message"].endswith("the Token does not belong to the SecretId")

    def test_with_a_permanent_key_has_no_token(self, cloud: FakeCloud) -> None:
        assert post(signed({**RECEIVE, "Token": "stray"}, cloud.cam.account))["code"] == 4100
        assert post(signed({**RECEIVE, "Token": ""}, cloud.cam.account))["code"] == 7000

    def test_is_refused_once_the_credentials_have_expired(self, cloud: FakeCloud, worker: Identity) -> None:
        cloud.advance(600)

        answer = post(signed(RECEIVE, worker, now=NOW + 600))

        assert (answer["code"], answer["message"]) == (
            4100,
            "(10080)secret id status error: the temporary credentials have expired",
        )

    @pytest.mark.parametrize(("off", "code"), [(-301, 4100), (-300, 7000), (300, 7000), (301, 4100)])
    def test_needs_a_clock_that_is_about_right(self, cloud: FakeCloud, off: int, code: int) -> None:
        answer = post(signed(RECEIVE, cloud.cam.account, now=NOW + off))

        assert answer["code"] == code
        assert code == 7000 or f"{off:+d} s from the server's time" in answer["message"]

    def test_must_be_known(self, cloud: FakeCloud) -> None:
        answer = post({**signed(RECEIVE, cloud.cam.account), "SecretId": "AKIDnobody"})

        assert (answer["code"], answer["message"]) == (4100, "(10270)secret id is not existed")

    def test_needs_permission_for_the_action_and_the_queue(self, cloud: FakeCloud, worker: Identity) -> None:
        cloud.tdmq.backend.create_queue("others", "bj")
        refused = (
            {"Action": "SendMessage", "queueName": "callbacks", "msgBody": "x"},
            {"Action": "ReceiveMessage", "queueName": "others"},
            # naming a topic that one may publish to does not open somebody else's queue
            {"Action": "ReceiveMessage", "queueName": "others", "topicName": "results"},
        )
        for params in refused:
            answer = post(signed(params, worker))
            assert answer["code"] == 4000
            assert answer["message"].startswith("(10461)no cam authentication")

    def test_needs_permission_for_the_topic(self, cloud: FakeCloud, worker: Identity) -> None:
        cloud.tdmq.backend.create_topic("others", "bj")
        publish = {"Action": "PublishMessage", "msgBody": "x"}

        assert post(signed({**publish, "topicName": "results"}, worker))["code"] == 0
        assert post(signed({**publish, "topicName": "others"}, worker))["message"].startswith("(10461)")
