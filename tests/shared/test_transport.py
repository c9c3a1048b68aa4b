"""Calls to COS and CI: whatever comes back is a reply or one of our errors, within a bounded time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
import requests
import responses
from hypothesis import given
from hypothesis import strategies as st
from qcloud_cos import CosClientError

from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.faults import Fault
from faketencent.in_process import CLOCKED, in_process
from faketencent.server import serve
from shared import invocation
from shared.cloud import transport
from shared.cloud.transport import Call, Repeat, Service, Transport
from shared.errors import (
    BlockedError,
    CloudError,
    GarbledReplyError,
    NoReplyError,
    NotFoundError,
    RejectedError,
    ServerError,
    ThrottledError,
)
from shared.settings import Credentials, Scheme

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET, REGION = "videos-1250000000", "ap-beijing"
ACL_CALL = Call(Service.COS, "GET", REGION, BUCKET, "a.mp4", params={"acl": ""})
HEAD_CALL = Call(Service.COS, "HEAD", REGION, BUCKET, "a.mp4")


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    cloud = FakeCloud()
    cloud.cos.backend.create_bucket(BUCKET, REGION)
    cloud.cos.backend.put(BUCKET, "a.mp4", b"a video")
    with in_process(cloud, (*CLOCKED, "shared.cloud.transport")):
        yield cloud


def transport_of(cloud: FakeCloud, scheme: Scheme = Scheme.HTTPS) -> Transport:
    cloud.cam.create_role("watermark", {"version": "2.0", "statement": [
        {"effect": "allow", "action": ["*"], "resource": ["*"]}]})  # fmt: skip
    role = cloud.cam.assume("watermark")
    variables = {
        "TENCENTCLOUD_SECRETID": role.secret_id,
        "TENCENTCLOUD_SECRETKEY": role.secret_key,
        "TENCENTCLOUD_SESSIONTOKEN": role.token,
    }
    return Transport(Credentials.model_validate(variables), scheme)


def test_a_call_is_signed_with_the_token_and_answered(cloud: FakeCloud) -> None:
    assert transport_of(cloud).send(HEAD_CALL).headers["content-length"] == "7"


FAULTS = {
    Fault.TIMEOUT_BEFORE: NoReplyError,
    Fault.RESET: NoReplyError,
    Fault.ERROR_500: ServerError,
    Fault.ERROR_503: ThrottledError,
    Fault.ERROR_429: ThrottledError,
    Fault.OK_WITH_ERROR: ServerError,
    Fault.ERROR_403: BlockedError,
}


@pytest.mark.parametrize(("fault", "error"), FAULTS.items(), ids=lambda value: getattr(value, "name", ""))
def test_what_goes_wrong_is_sorted_into_our_errors(cloud: FakeCloud, fault: Fault, error: type[CloudError]) -> None:
    cloud.faults.on("GetObjectACL", fault, times=9)

    with pytest.raises(error) as raised:
        transport_of(cloud).send(ACL_CALL)

    assert "GET cos videos-1250000000/a.mp4?acl" in str(raised.value)


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.MALFORMED])
def test_a_garbled_document_is_found_when_it_is_read(cloud: FakeCloud, fault: Fault) -> None:
    cloud.faults.on("GetObjectACL", fault)
    reply = transport_of(cloud).send(ACL_CALL)

    with pytest.raises(GarbledReplyError):
        reply.document("AccessControlPolicy")


def test_a_momentary_error_is_tried_once_more_after_a_pause(cloud: FakeCloud) -> None:
    cloud.faults.on("GetObjectACL", Fault.ERROR_500)
    before = cloud.clock.now()

    transport_of(cloud).send(ACL_CALL)

    assert cloud.operations() == ["GetObjectACL", "GetObjectACL"]
    assert cloud.clock.now() - before == transport.PAUSE


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.ERROR_500, Fault.RESET, Fault.ERROR_503])
def test_a_call_that_costs_money_is_never_repeated(cloud: FakeCloud, fault: Fault) -> None:
    cloud.faults.when(lambda _: True, fault, times=9)
    create = Call(Service.CI, "POST", REGION, BUCKET, "jobs", body=b"<Request/>", repeat=Repeat.NEVER)

    with pytest.raises(CloudError):
        transport_of(cloud).send(create)

    assert len(cloud.journal) == 1


def test_what_an_operator_must_do_is_not_tried_again_and_is_said(cloud: FakeCloud) -> None:
    cloud.faults.on("GetObjectACL", Fault.ERROR_403)

    with pytest.raises(BlockedError, match="cos-watermark policy"):
        transport_of(cloud).send(ACL_CALL)

    assert len(cloud.journal) == 1


def test_a_missing_object_is_not_found_even_by_head(cloud: FakeCloud) -> None:
    with pytest.raises(NotFoundError):
        transport_of(cloud).send(Call(Service.COS, "HEAD", REGION, BUCKET, "b.mp4"))


@pytest.mark.parametrize(
    ("code", "error"),
    [("CIRoleNotExist", BlockedError), ("InvalidArgument", BlockedError), ("NoSuchKey", NotFoundError)],
)
def test_ci_errors_without_a_resource_keep_their_code(code: str, error: type[CloudError]) -> None:
    document = f"<Error><Code>{code}</Code><Message>no</Message><RequestId>1</RequestId></Error>"
    with responses.RequestsMock() as mock:
        mock.add(responses.GET, f"https://{BUCKET}.ci.{REGION}.myqcloud.com/jobs/j1", document, status=400)
        with pytest.raises(error) as raised:
            plain_transport().send(Call(Service.CI, "GET", REGION, BUCKET, "jobs/j1"))
    assert raised.value.cause.code == code
    assert raised.value.is_refusal


def plain_transport() -> Transport:
    variables = {
        "TENCENTCLOUD_SECRETID": "id",
        "TENCENTCLOUD_SECRETKEY": "a-secret-key",
        "TENCENTCLOUD_SESSIONTOKEN": "a-token",
    }
    return Transport(Credentials.model_validate(variables), Scheme.HTTPS)


@given(status=st.integers(200, 599), body=st.binary(max_size=200) | st.just(b"<Error><Code>X</Code></Error>"))
def test_any_reply_is_a_success_or_one_of_our_errors(status: int, body: bytes) -> None:
    with responses.RequestsMock() as mock, patch("shared.cloud.transport.time.sleep"):
        mock.add(responses.GET, f"https://{BUCKET}.cos.{REGION}.myqcloud.com/a.mp4", body, status=status)
        with suppress(CloudError):
            plain_transport().send(ACL_CALL).document("AccessControlPolicy")


ANYTHING_LOWER = [
    requests.exceptions.SSLError("bad certificate"),
    requests.exceptions.ProxyError("no way"),
    requests.exceptions.ChunkedEncodingError("half a chunk"),
    requests.exceptions.ContentDecodingError("no gzip"),
    requests.exceptions.TooManyRedirects("round and round"),
    requests.exceptions.InvalidHeader("a-secret-key"),
    CosClientError("whatever the SDK makes of it: a-token"),
    ConnectionResetError(104, "reset"),
    TimeoutError("too late"),
    OSError(28, "No space left on device"),
]


@pytest.mark.parametrize("lower", ANYTHING_LOWER, ids=lambda error: type(error).__name__)
def test_no_exception_of_a_lower_layer_escapes_and_none_of_their_words_do(lower: Exception) -> None:
    failing = patch.object(requests.Session, "get", side_effect=lower)
    with patch("shared.cloud.transport.time.sleep"), failing, pytest.raises((NoReplyError, RejectedError)) as raised:
        plain_transport().send(ACL_CALL)
    assert "a-secret-key" not in str(raised.value)
    assert "a-token" not in str(raised.value)


def test_a_reply_without_end_is_not_kept(cloud: FakeCloud) -> None:
    cloud.cos.backend.put(BUCKET, "big.mp4", b"x" * 5_000_000)
    with pytest.raises(RejectedError, match="over 4000000 bytes"):
        transport_of(cloud).send(Call(Service.COS, "GET", REGION, BUCKET, "big.mp4"))


#: As many fields as two kilobytes hold, near enough.
MUCH = {f"x-cos-meta-{n}": "1" for n in range(140)}


def test_an_object_with_more_than_a_hundred_headers_is_seen_whole(cloud: FakeCloud) -> None:
    cloud.cos.backend.put(BUCKET, "much.mp4", b"a video", MUCH)

    reply = transport_of(cloud).send(Call(Service.COS, "HEAD", REGION, BUCKET, "much.mp4"))

    assert MUCH.items() <= dict(reply.headers).items()


def test_over_real_http_too(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = FakeCloud(WallClock())
    cloud.cos.backend.create_bucket(BUCKET, REGION)
    cloud.cos.backend.put(BUCKET, "much.mp4", b"a video", MUCH)
    with serve(cloud) as server:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        reply = transport_of(cloud, Scheme.HTTP).send(Call(Service.COS, "HEAD", REGION, BUCKET, "much.mp4"))

    assert MUCH.items() <= dict(reply.headers).items()


def test_an_object_that_looks_like_an_error_is_still_an_object(cloud: FakeCloud) -> None:
    planted = b"<Error><Code>NoSuchKey</Code></Error>"
    cloud.cos.backend.put(BUCKET, "planted.mp4", planted)

    assert transport_of(cloud).send(Call(Service.COS, "GET", REGION, BUCKET, "planted.mp4")).body == planted


def test_a_header_that_http_cannot_carry_is_rejected(cloud: FakeCloud) -> None:
    call = Call(Service.COS, "HEAD", REGION, BUCKET, "a.mp4", headers={"x-cos-meta-title": "水印"})
    with pytest.raises(RejectedError, match="a header that HTTP cannot carry"):
        transport_of(cloud).send(call)


def test_the_worst_case_of_one_call_fits_into_the_margin_of_an_invocation() -> None:
    assert max(transport.WORST_CASE, transport.WORST_COPY) < invocation.LONGEST * invocation._MARGIN


def test_certificates_are_verified(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(variable, raising=False)
    seen: dict[str, Any] = {}
    send = requests.adapters.HTTPAdapter.send

    def watch(
        adapter: requests.adapters.HTTPAdapter,
        request: requests.PreparedRequest,
        **kwargs: Any,  # noqa: ANN401 - as requests passes them
    ) -> requests.Response:
        seen.update(kwargs, url=request.url)
        return send(adapter, request, **kwargs)

    with patch.object(requests.adapters.HTTPAdapter, "send", watch):
        transport_of(cloud).send(HEAD_CALL)

    assert seen["verify"] is True
    assert str(seen["url"]).startswith("https://")


AWKWARD = [
    "a b+c.mp4",
    "100%25.mp4",
    "/a.mp4",
    "//a.mp4",
    "a//b.mp4",
    "a/../b.mp4",
    "./a.mp4",
    "a/..",
    "水印🎬.mp4",
    "q?x#y&z=1.mp4",
]


@pytest.mark.parametrize("key", AWKWARD)
def test_over_real_http_every_key_arrives_as_it_is(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = FakeCloud(WallClock())
    cloud.cos.backend.create_bucket(BUCKET, REGION)
    cloud.cos.backend.put(BUCKET, key, b"1234567")
    with serve(cloud) as server:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        reply = transport_of(cloud, Scheme.HTTP).send(Call(Service.COS, "HEAD", REGION, BUCKET, key))
    assert reply.headers["content-length"] == "7"
