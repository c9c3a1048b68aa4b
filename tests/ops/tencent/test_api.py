"""Calls of API 3.0: what is answered, and that every way to fail ends as an error of ours."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault
from faketencent.refusals import BareReply, Refusal
from ops.tencent import api
from ops.tencent.api import Api, Product
from shared.errors import (
    BlockedError,
    CloudError,
    ConflictError,
    GarbledReplyError,
    NoReplyError,
    NotFoundError,
    RejectedError,
    ServerError,
    ThrottledError,
)
from shared.settings import read_credentials
from tests.faketencent.api.echo import EchoCloud, echo_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def cloud() -> Iterator[EchoCloud]:
    with echo_cloud() as cloud:
        yield cloud


def client(cloud: EchoCloud) -> Api:
    account = cloud.cam.account
    pair = {"TENCENTCLOUD_SECRETID": account.secret_id, "TENCENTCLOUD_SECRETKEY": account.secret_key}
    return Api(read_credentials(pair), "ap-beijing")


def test_an_answer_is_what_is_in_the_envelope(cloud: EchoCloud) -> None:
    assert client(cloud).call(Product.SCF, "Echo", {"Text": "a"})["Text"] == "a"


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Fault.TIMEOUT_BEFORE, NoReplyError),
        (Fault.TIMEOUT_AFTER, NoReplyError),
        (Fault.RESET, NoReplyError),
        (Fault.RESET_AFTER, NoReplyError),
        (Fault.ERROR_500, ServerError),
        (Fault.ERROR_503, ThrottledError),
        (Fault.ERROR_429, ThrottledError),
        (Fault.ERROR_403, BlockedError),
        (Fault.TRUNCATED, GarbledReplyError),
        (Fault.MALFORMED, GarbledReplyError),
        (BareReply(502), ServerError),
        (BareReply(200, b"<html>", "text/html"), GarbledReplyError),
        (BareReply(200, b"[]", "application/json"), GarbledReplyError),
        (BareReply(200, b'{"Response": {}}', "application/json"), GarbledReplyError),
        (BareReply(200, b'{"Response": null}', "application/json"), GarbledReplyError),
        (BareReply(200, b'{"Response": {"Error": "no", "RequestId": "r"}}', "text/html"), GarbledReplyError),
        (Refusal(200, "ResourceNotFound.Function"), NotFoundError),
        (Refusal(200, "InvalidParameter.RoleNotExist"), NotFoundError),
        (Refusal(200, "ResourceInUse.FunctionName"), ConflictError),
        (Refusal(200, "InvalidParameter.RoleNameInUse"), ConflictError),
        (Refusal(200, "UnauthorizedOperation.FunctionStatus"), ConflictError),
        (Refusal(200, "UnauthorizedOperation.CAM"), BlockedError),
        (Refusal(200, "AuthFailure.SignatureFailure"), BlockedError),
        (Refusal(200, "FailedOperation.AccountInsufficient"), BlockedError),
        (Refusal(200, "InvalidCredential"), BlockedError),
        (Refusal(200, "InvalidParameter.PolicyDocumentLengthOverLimit"), BlockedError),
        (Refusal(200, "InvalidParameterValue.Description"), RejectedError),
        (Refusal(200, "SomethingNew"), RejectedError),
    ],
)
def test_no_failure_leaves_as_an_error_of_the_sdk(
    cloud: EchoCloud, trouble: Fault | Refusal | BareReply, kind: type[CloudError]
) -> None:
    cloud.faults.on("Echo", trouble)

    with pytest.raises(CloudError) as caught:
        client(cloud).call(Product.SCF, "Echo", {"Text": "a"})

    assert type(caught.value) is kind
    assert caught.value.cause.call == "scf Echo"


def test_an_error_behind_another_content_type_is_an_error_all_the_same(cloud: EchoCloud) -> None:
    body = b'{"Response": {"Error": {"Code": "ResourceNotFound", "Message": "no"}, "RequestId": "r"}}'
    cloud.faults.on("Echo", BareReply(200, body, "application/json; charset=utf-8"))

    with pytest.raises(NotFoundError) as caught:
        client(cloud).call(Product.SCF, "Echo", {"Text": "a"})

    assert str(caught.value.cause) == "scf Echo: ResourceNotFound no (request id r)"


def test_no_call_is_repeated(cloud: EchoCloud) -> None:
    cloud.faults.on("Echo", Fault.TIMEOUT_AFTER)
    with pytest.raises(NoReplyError):
        client(cloud).call(Product.SCF, "Echo", {"Text": "a"})

    assert cloud.operations() == ["Echo"]


def test_a_silenced_sdk_shows_no_secret_even_to_a_root_logger_at_debug(
    cloud: EchoCloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api.silence()
    client(cloud).call(Product.SCF, "Echo", {"Text": "a secret of a function"})

    assert "secret of a function" not in caplog.text
    assert cloud.cam.account.secret_id not in caplog.text
