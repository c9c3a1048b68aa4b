"""What the client of TDMQ signs and sends."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import parse_qsl

import pytest
import requests
import responses
from requests.adapters import HTTPAdapter

from shared.cloud import transport
from shared.cloud.tdmq import Message, connect_queue
from shared.cloud.tdmq_signature import SignatureMethod, sign, signed_text
from shared.errors import ConfigurationError, NoReplyError
from tests.shared.samples import settings
from tests.shared.tdmq_samples import HOST, KEY, NO_MESSAGE, NOW, TOKEN, URL, answering, credentials, plain_queue

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

COMMON = {"SecretId": "AKIDexample", "Timestamp": str(NOW), "Nonce": "11886", "Token": TOKEN}
RECEIVE = {"Action": "BatchReceiveMessage", "queueName": "callbacks", "numOfMsg": "16", "pollingWaitSeconds": "5"}
DELETE = {
    "Action": "BatchDeleteMessage", "queueName": "callbacks", "receiptHandle.2": "a+b/c==", "receiptHandle.1": "3423",
}  # fmt: skip
RECEIVE_TEXT = (
    f"POST{HOST}/v2/index.php?Action=BatchReceiveMessage&Nonce=11886&SecretId=AKIDexample&SignatureMethod={{}}"
    f"&Timestamp={NOW}&Token=a-token&numOfMsg=16&pollingWaitSeconds=5&queueName=callbacks"
)
DELETE_TEXT = (
    f"POST{HOST}/v2/index.php?Action=BatchDeleteMessage&Nonce=11886&SecretId=AKIDexample&SignatureMethod={{}}"
    f"&Timestamp={NOW}&Token=a-token&queueName=callbacks&receiptHandle.1=3423&receiptHandle.2=a+b/c=="
)
#: Made by `openssl dgst -sha1 -hmac 'a very secret key' -binary | base64`, and the same with -sha256.
SIGNATURES = {
    (RECEIVE_TEXT, SignatureMethod.SHA1): "PlZIpGjR9PnRStKAeOHOpmd9snk=",
    (RECEIVE_TEXT, SignatureMethod.SHA256): "tJ/ASJUy7GetonqXo/AaFtg7Ene1wdJpH6aurbppamU=",
    (DELETE_TEXT, SignatureMethod.SHA1): "K5mcsKDA18ZSuQEu4GuyA4H/fS8=",
    (DELETE_TEXT, SignatureMethod.SHA256): "2ishUpy1YF/wQCaoOVUbflajki8RmnsRnvZaw9CBGBM=",
}


def fixed_nonce() -> AbstractContextManager[object]:
    return patch("shared.cloud.tdmq.secrets.randbelow", return_value=11885)


def form(mock: responses.RequestsMock, call: int = 0) -> dict[str, str]:
    return dict(parse_qsl(str(mock.calls[call].request.body), strict_parsing=True))


def sent_with(wait: int) -> dict[str, Any]:
    """How `requests` is told to send a call."""
    seen: dict[str, Any] = {}

    def watch(_: HTTPAdapter, __: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        seen.update(kwargs)
        raise requests.ConnectionError

    with (
        patch.object(HTTPAdapter, "send", watch),
        patch("shared.cloud.transport.time.sleep"),
        suppress(NoReplyError),
    ):
        plain_queue().receive(wait)
    return seen


class TestSignature:
    @pytest.mark.parametrize(
        ("method", "expected"),
        [
            (SignatureMethod.SHA256, "0EEm/HtGRr/VJXTAD9tYMth1Bzm3lLHz5RCDv1GdM8s="),
            (SignatureMethod.SHA1, "nPVnY6njQmwQ8ciqbPl5Qe+Oru4="),
        ],
    )
    def test_agrees_with_the_documented_example(self, method: SignatureMethod, expected: str) -> None:
        # https://cloud.tencent.com/document/product/406/5906
        parameters = {
            "Timestamp": "1465185768",
            "SignatureMethod": method.value,
            "SecretId": "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA",
            "Region": "ap-guangzhou",
            "Nonce": "11886",
            "InstanceIds.0": "ins-09dx96dg",
            "Action": "DescribeInstances",
        }

        text = signed_text("GET", "cvm.api.qcloud.com", "/v2/index.php", parameters)

        assert sign(text, "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA", method) == expected

    @pytest.mark.parametrize("method", SignatureMethod, ids=lambda method: method.value)
    @pytest.mark.parametrize(
        ("parameters", "text"),
        [(RECEIVE, RECEIVE_TEXT), (DELETE, DELETE_TEXT)],
        ids=["BatchReceiveMessage", "BatchDeleteMessage"],
    )
    def test_of_each_action(self, parameters: dict[str, str], text: str, method: SignatureMethod) -> None:
        signed = signed_text("POST", HOST, "/v2/index.php", COMMON | parameters | {"SignatureMethod": method.value})

        assert signed == text.format(method.value)
        assert sign(signed, KEY, method) == SIGNATURES[text, method]

    def test_has_dots_for_underscores_in_names_but_not_in_values(self) -> None:
        assert signed_text("GET", "h", "/p", {"a_b": "c_d"}) == "GETh/p?a.b=c_d"


class TestRequest:
    def test_is_a_form_signed_together_with_the_token(self) -> None:
        with answering(NO_MESSAGE) as mock, fixed_nonce():
            plain_queue().receive(5)
            request, sent = mock.calls[0].request, form(mock)

        assert (request.method, request.url) == ("POST", URL)
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
        signature = SIGNATURES[RECEIVE_TEXT, SignatureMethod.SHA256]
        assert sent == {**COMMON, **RECEIVE, "SignatureMethod": "HmacSHA256", "Signature": signature}

    def test_to_delete_numbers_the_receipt_handles(self) -> None:
        with answering({"code": 0, "message": ""}) as mock, fixed_nonce():
            plain_queue().delete([Message("1", b"", "3423"), Message("2", b"", "a+b/c==")])
            sent = form(mock)

        signature = SIGNATURES[DELETE_TEXT, SignatureMethod.SHA256]
        assert sent == {**COMMON, **DELETE, "SignatureMethod": "HmacSHA256", "Signature": signature}

    def test_with_a_permanent_key_pair_has_no_token(self) -> None:
        with answering(NO_MESSAGE) as mock:
            plain_queue(token=None).receive(0)

            assert "Token" not in form(mock)

    def test_has_a_nonce_of_its_own_which_is_never_zero(self) -> None:
        with answering(NO_MESSAGE) as mock, patch("shared.cloud.tdmq.secrets.randbelow", side_effect=[0, 1]):
            plain_queue().receive(0)
            plain_queue().receive(0)

            assert [form(mock, call)["Nonce"] for call in (0, 1)] == ["1", "2"]

    @pytest.mark.parametrize("wait", [0, 5, 30])
    def test_waits_longer_for_its_reply_than_the_service_for_a_message(self, wait: int) -> None:
        assert sent_with(wait)["timeout"] == (transport.CONNECT_TIMEOUT, wait + transport.READ_TIMEOUT)

    def test_verifies_certificates(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.delenv(variable, raising=False)

        assert sent_with(0)["verify"] is True


class TestAddress:
    PRIVATE = "http://gz.mqadapter.cmq.tencentyun.com"

    @pytest.mark.parametrize(
        ("chosen", "address"),
        [
            ({}, "https://cmq-gz.public.tencenttdmq.com"),
            ({"SCHEME": "http"}, "http://cmq-gz.public.tencenttdmq.com"),
            ({"MQ_ENDPOINT": PRIVATE}, PRIVATE),
            ({"MQ_ENDPOINT": f"{PRIVATE}:8080/"}, f"{PRIVATE}:8080"),
            ({"MQ_ENDPOINT": "http://127.0.0.1:8080"}, "http://127.0.0.1:8080"),
        ],
    )
    def test_is_the_regions_public_one_unless_told_otherwise(self, chosen: dict[str, str], address: str) -> None:
        queue = connect_queue(settings(MQ_REGION="gz", MQ_NAME="callbacks", **chosen), credentials(), lambda: NOW)
        with responses.RequestsMock() as mock:
            mock.add(responses.POST, f"{address}/v2/index.php", json=NO_MESSAGE)

            assert queue.receive(0) == []

    def test_needs_a_queue_in_the_settings(self) -> None:
        with pytest.raises(ConfigurationError, match="WATERMARK_MQ_REGION and WATERMARK_MQ_NAME"):
            connect_queue(settings(), credentials(), lambda: NOW)
