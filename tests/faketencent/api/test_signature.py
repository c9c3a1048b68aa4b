"""TC3-HMAC-SHA256 as the official SDK makes it, as a published recipe gives it, and as nobody may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from requests.structures import CaseInsensitiveDict
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException

from faketencent.api import signature
from faketencent.api.errors import ApiError
from faketencent.cam import Cam, Identity
from faketencent.clock import EPOCH, Clock
from faketencent.wire import Request
from tests.faketencent.api.echo import EchoCloud, echo_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def cloud() -> Iterator[EchoCloud]:
    with echo_cloud() as cloud:
        yield cloud


def call(identity: Identity, action: str = "Echo", region: str = "ap-beijing", **parameters: object) -> Any:  # noqa: ANN401 - JSON
    credential = Credential(identity.secret_id, identity.secret_key, identity.token)
    return CommonClient("scf", "2018-04-16", credential, region).call_json(action, parameters)["Response"]


def refused(identity: Identity, action: str = "Echo", region: str = "ap-beijing", **parameters: object) -> str:
    with pytest.raises(TencentCloudSDKException) as caught:
        call(identity, action, region, **parameters)
    code: str = caught.value.code
    return code


def test_the_official_sdk_is_understood(cloud: EchoCloud) -> None:
    answer = call(cloud.cam.account, Text="假期", Number=3)

    assert (answer["Text"], answer["Region"], answer["Number"]) == ("假期", "ap-beijing", 3)
    assert answer["RequestId"]


def test_a_role_signs_with_its_token(cloud: EchoCloud) -> None:
    cloud.cam.create_role("reader", {"version": "2.0", "statement": [
        {"effect": "allow", "action": ["scf:Echo"], "resource": ["*"]}]})  # fmt: skip

    assert call(cloud.cam.assume("reader"), Text="a")["Text"] == "a"


def test_whoever_may_not_is_told_which_right_is_missing(cloud: EchoCloud) -> None:
    cloud.cam.create_role("nobody")
    with pytest.raises(TencentCloudSDKException) as caught:
        call(cloud.cam.assume("nobody"), Text="a")

    assert caught.value.code == "UnauthorizedOperation"
    assert "not authorized to perform operation (scf:Echo)\nresource (*) has no permission" in caught.value.message


def test_what_is_wrong_with_a_call_is_said_by_its_code(cloud: EchoCloud) -> None:
    account = cloud.cam.account
    assert refused(account) == "MissingParameter"
    assert refused(account, Text="a", Extra=1) == "UnknownParameter"
    assert refused(account, Text=1) == "InvalidParameter"
    assert refused(account, "Other", Text="a") == "InvalidAction"
    assert refused(account, region="", Text="a") == "MissingParameter"


def test_a_wrong_key_an_unknown_one_and_a_late_request_are_refused(cloud: EchoCloud) -> None:
    account = cloud.cam.account
    assert refused(Identity("a", account.secret_id, "other", ()), Text="a") == "AuthFailure.SignatureFailure"
    assert refused(Identity("a", "AKIDother", account.secret_key, ()), Text="a") == "AuthFailure.SecretIdNotFound"
    cloud.cam.create_role("late")
    late = cloud.cam.assume("late", 10)
    cloud.clock.advance(11)
    assert refused(late, Text="a") == "AuthFailure.TokenFailure"


def sample(body: bytes = b'{"FunctionName": "cos-watermark-submit", "Namespace": "default"}') -> Request:
    signed = "5bba4cd39f94593566bbb593a866fc087d5da78d25a812c066c04b8bb506e4ab"
    scope = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2026-01-01/scf/tc3_request"
    headers = {
        "Content-Type": "application/json",
        "Host": "scf.tencentcloudapi.com",
        "X-TC-Timestamp": str(int(EPOCH)),
        "Authorization": f"TC3-HMAC-SHA256 Credential={scope}, SignedHeaders=content-type;host, Signature={signed}",
    }
    host = "scf.tencentcloudapi.com"
    return Request("POST", "https", host, "/", "", CaseInsensitiveDict(headers), body)


def known() -> Cam:
    cam = Cam(Clock())
    identity = Identity("a", "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", ())
    cam._identities[identity.secret_id] = identity
    return cam


def test_the_recipe_gives_this_signature() -> None:
    assert signature.authenticate(known(), sample(), "scf", EPOCH + 299).name == "a"


@pytest.mark.parametrize(
    ("request_", "service", "now", "code"),
    [
        (sample(b'{"FunctionName": "another"}'), "scf", EPOCH, "AuthFailure.SignatureFailure"),
        (sample(), "cam", EPOCH, "AuthFailure.InvalidAuthorization"),
        (sample(), "scf", EPOCH + 301, "AuthFailure.SignatureExpire"),
        (sample(), "scf", EPOCH - 301, "AuthFailure.SignatureExpire"),
    ],
)
def test_it_holds_for_one_body_service_and_time(request_: Request, service: str, now: float, code: str) -> None:
    with pytest.raises(ApiError) as caught:
        signature.authenticate(known(), request_, service, now)

    assert caught.value.code == code
