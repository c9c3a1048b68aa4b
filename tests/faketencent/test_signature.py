"""The signature of COS and CI: https://cloud.tencent.com/document/product/436/7778."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from faketencent.cam import EVERYTHING, Cam, Identity
from faketencent.clock import Clock
from faketencent.errors import ServiceError
from faketencent.signature import authenticate
from faketencent.wire import Request

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from tests.faketencent.conftest import Connect, Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once

TOKEN_HEADER = "x-cos-security-token"
HOST = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com"
PATH = "/exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)"
#: The two worked examples on the page, with the key pair it makes up.
KEY_PAIR = ("AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q", "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz")
UPLOAD_TIME, DOWNLOAD_TIME = "1557989151;1557996351", "1557989753;1557996953"
UPLOAD = {
    "Date": "Thu, 16 May 2019 06:45:51 GMT",
    "Host": HOST,
    "Content-Type": "text/plain",
    "Content-Length": "13",
    "Content-MD5": "mQ/fVh815F3k6TAUm8m0eg==",
    "x-cos-acl": "private",
    "x-cos-grant-read": 'uin="100000000011"',
    "Authorization": (
        f"q-sign-algorithm=sha1&q-ak={KEY_PAIR[0]}&q-sign-time={UPLOAD_TIME}&q-key-time={UPLOAD_TIME}"
        "&q-header-list=content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read"
        "&q-url-param-list=&q-signature=3b8851a11a569213c17ba8fa7dcf2abec6935172"
    ),
}
DOWNLOAD = {
    "Date": "Thu, 16 May 2019 06:55:53 GMT",
    "Host": HOST,
    "Authorization": (
        f"q-sign-algorithm=sha1&q-ak={KEY_PAIR[0]}&q-sign-time={DOWNLOAD_TIME}&q-key-time={DOWNLOAD_TIME}"
        "&q-header-list=date;host&q-url-param-list=response-cache-control;response-content-type"
        "&q-signature=01681b8c9d798a678e43b685a9f1bba0f6c0e012"
    ),
}
QUERY = "?response-content-type=application%2Foctet-stream&response-cache-control=max-age%3D600"

SIGNED_KEYS = [
    "plain.mp4", "a b.mp4", "a+b.mp4", "a%20b.mp4", "中文.mp4", "🎬.mp4", "a//b", "//a", "a/../b", "~!*'()[]@,;:&=$#?",
]  # fmt: skip


@pytest.fixture
def documented() -> Cam:
    cam = Cam(Clock())
    cam._identities[KEY_PAIR[0]] = Identity("documented", *KEY_PAIR, (EVERYTHING,))
    return cam


def upload(**changed: str) -> Request:
    return Request.to("PUT", f"https://{HOST}{PATH}", {**UPLOAD, **changed}.items(), b"ObjectContent")


def download(query: str = QUERY, path: str = PATH, **changed: str) -> Request:
    return Request.to("GET", f"https://{HOST}{path}{query}", {**DOWNLOAD, **changed}.items())


def test_the_documented_upload_is_signed_right(documented: Cam) -> None:
    assert authenticate(documented, upload(), TOKEN_HEADER, 1557989151).name == "documented"


def test_the_documented_download_is_signed_right(documented: Cam) -> None:
    assert authenticate(documented, download(), TOKEN_HEADER, 1557989753).name == "documented"


def test_what_is_not_listed_is_not_signed(documented: Cam) -> None:
    request = download(f"{QUERY}&more=1", **{"x-cos-meta-more": "1"})

    assert authenticate(documented, request, TOKEN_HEADER, 1557989753).name == "documented"


@pytest.mark.parametrize(
    "tampered",
    [
        upload(Host="otherbucket-1250000000.cos.ap-beijing.myqcloud.com", **{"x-cos-acl": "public-read"}),
        upload(**{"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}),
        upload(Authorization=UPLOAD["Authorization"][:-1] + "3"),
        upload(Authorization=UPLOAD["Authorization"].replace("content-length;", "")),
        download(QUERY.replace("600", "601")),
        download(""),
        download(path="/exampleobject"),
        Request.to("HEAD", f"https://{HOST}{PATH}{QUERY}", DOWNLOAD.items()),
        Request.to("GET", f"https://other.cos.ap-beijing.myqcloud.com{PATH}{QUERY}", DOWNLOAD.items()),
    ],
    ids=[
        "header", "digest", "signature", "header list", "parameter", "missing parameters", "path", "method", "host",
    ],
)  # fmt: skip
def test_whatever_was_signed_cannot_be_changed(documented: Cam, tampered: Request) -> None:
    now = 1557989753

    with pytest.raises(ServiceError, match="403 SignatureDoesNotMatch"):
        authenticate(documented, tampered, TOKEN_HEADER, now)


@pytest.mark.parametrize(
    ("now", "refusal"),
    [
        (1557989150, "403 RequestTimeTooSkewed"),
        (1557989151, None),
        (1557996351, None),
        (1557996352, "403 AccessDenied: Request has expired"),
    ],
)
def test_a_signature_has_its_time(documented: Cam, now: int, refusal: str | None) -> None:
    if refusal is None:
        authenticate(documented, upload(), TOKEN_HEADER, now)
    else:
        with pytest.raises(ServiceError, match=refusal):
            authenticate(documented, upload(), TOKEN_HEADER, now)


@pytest.mark.parametrize(
    ("authorization", "refusal"),
    [
        ("", "403 AccessDenied"),
        ("Basic YTpi", "403 AccessDenied"),
        (UPLOAD["Authorization"].replace("sha1", "sha256"), "400 AuthorizationQueryParametersError"),
        (UPLOAD["Authorization"].replace("&q-key-time=" + UPLOAD_TIME, ""), "400 Authorization"),
        (UPLOAD["Authorization"].replace(UPLOAD_TIME, "soon;later"), "400 Authorization"),
        (UPLOAD["Authorization"].replace("q-ak=AKID", "q-ak=AKIE"), "403 InvalidAccessKeyId"),
    ],
)
def test_authorizations_that_are_none(documented: Cam, authorization: str, refusal: str) -> None:
    with pytest.raises(ServiceError, match=refusal):
        authenticate(documented, upload(Authorization=authorization), TOKEN_HEADER, 1557989151)


@pytest.mark.parametrize("key", SIGNED_KEYS)
def test_the_sdk_signs_any_key_so_that_it_is_accepted(
    client: CosS3Client, cos: CosBackend, videos: str, key: str
) -> None:
    client.put_object(Bucket=videos, Key=key, Body=b"", Metadata={"x-cos-meta-name": "née 片"})

    assert cos.keys(videos) == [key.removeprefix("/")]


def test_a_wrong_secret_is_refused(connect: Connect, videos: str, refused: Refused) -> None:
    with refused(403, "SignatureDoesNotMatch"):
        connect(SecretKey="guessed").get_object(Bucket=videos, Key="a")


def test_temporary_credentials_need_their_token_while_it_lasts(
    connect: Connect, cloud: FakeCloud, videos: str, refused: Refused
) -> None:
    cloud.cam.create_role("worker", EVERYTHING)
    identity = cloud.cam.assume("worker", lifetime=600)
    other = cloud.cam.assume("worker")

    connect(identity).put_object(Bucket=videos, Key="a", Body=b"")
    for token in (None, other.token, "made-up"):
        with refused(403, "InvalidAccessKeyId"):
            connect(identity, Token=token).get_object(Bucket=videos, Key="a")
    cloud.advance(600)
    with refused(400, "ExpiredToken"):
        connect(identity).get_object(Bucket=videos, Key="a")


def test_a_presigned_url_carries_its_signature_and_expires(
    client: CosS3Client, cloud: FakeCloud, cos: CosBackend, videos: str
) -> None:
    cos.put(videos, "a b", b"hello")
    url = client.get_presigned_url(Bucket=videos, Key="a b", Method="GET", Expired=300)

    assert requests.get(url, timeout=1).content == b"hello"
    assert requests.put(url, data=b"other", timeout=1).status_code == 403
    cloud.advance(301)
    assert requests.get(url, timeout=1).status_code == 403


def test_a_value_that_is_signed_with_space_at_its_end_arrives_without_it(
    any_client: CosS3Client, videos: str, refused: Refused
) -> None:
    with refused(403, "SignatureDoesNotMatch"):
        any_client.put_object(Bucket=videos, Key="a", Body=b"", Metadata={"x-cos-meta-note": "found "})
