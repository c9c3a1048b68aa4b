"""How long a video is, asked of CI: what is answered, and that every way to fail ends as an error of ours."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from faketencent.cloud import FakeCloud
from faketencent.faults import Fault
from faketencent.in_process import CLOCKED, in_process
from faketencent.refusals import BareReply
from faketencent.video import tiny_mp4
from ops.tencent.calls import PersonalTransport
from ops.tencent.videoinfo import VideoInfo
from shared.documents import MAX_BYTES
from shared.domain.objects import ObjectRef
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
from shared.settings import Scheme, read_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cam import Identity

#: Says the same on every Python.
pytestmark = pytest.mark.once

VIDEO = ObjectRef("ap-beijing", "videos-1250000000", "a b+c/片🎬.mp4")


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    cloud = FakeCloud()
    cloud.cos.backend.create_bucket(VIDEO.bucket, VIDEO.region)
    cloud.ci.backend.bind_bucket(VIDEO.bucket)
    cloud.cos.backend.put(VIDEO.bucket, VIDEO.key, tiny_mp4(seconds=90.5))
    with in_process(cloud, (*CLOCKED, "shared.cloud.transport")):
        yield cloud


def seconds(cloud: FakeCloud, video: ObjectRef = VIDEO, who: Identity | None = None) -> float:
    key = who or cloud.cam.account
    pair = {"TENCENTCLOUD_SECRETID": key.secret_id, "TENCENTCLOUD_SECRETKEY": key.secret_key}
    return VideoInfo(PersonalTransport(read_credentials(pair), Scheme.HTTPS)).seconds(video)


def failure(cloud: FakeCloud, video: ObjectRef = VIDEO, who: Identity | None = None) -> CloudError:
    with pytest.raises(CloudError) as raised:
        seconds(cloud, video, who)
    return raised.value


def says(cloud: FakeCloud, body: bytes | str) -> None:
    """Have the next call answered with this."""
    body = body if isinstance(body, bytes) else body.encode()
    cloud.faults.on("GetMediaInfo", BareReply(200, body, "application/xml"))


def document(duration: str) -> str:
    return f"<Response><MediaInfo><Format><Duration>{duration}</Duration></Format></MediaInfo></Response>"


def test_a_video_is_as_long_as_ci_says(cloud: FakeCloud) -> None:
    assert seconds(cloud) == 90.5
    assert cloud.operations() == ["GetMediaInfo"]


@pytest.mark.parametrize(("said", "length"), [("10.125000", 10.125), ("0.000000", 0), ("7", 7), ("\n 1.5 \n", 1.5)])
def test_every_documented_way_to_write_it_is_read(cloud: FakeCloud, said: str, length: float) -> None:
    says(cloud, document(said))
    assert seconds(cloud) == length


ODD = [
    "",
    "-1.000000",
    "nan",
    "NaN",
    "inf",
    "N/A",
    "1e3",
    "1,5",
    "1_000",
    "٣",
    "0x10",
    "1.",
    "9" * 400,
    "00:01:30",
    "🎬",
]


@pytest.mark.parametrize("said", ODD, ids=range(len(ODD)))
def test_a_length_that_is_none_is_not_believed(cloud: FakeCloud, said: str) -> None:
    says(cloud, document(said))
    assert isinstance(failure(cloud), GarbledReplyError)


@pytest.mark.parametrize(
    "body",
    [
        "<Response><MediaInfo><Stream><Video><Duration>3</Duration></Video></Stream></MediaInfo></Response>",
        "<Response><MediaInfo><Format/></MediaInfo></Response>",
        "<Response><MediaInfo/></Response>",
        "<Response/>",
        "<MediaInfo><Format><Duration>3</Duration></Format></MediaInfo>",
        document("3").replace("<Duration>3</Duration>", "<Duration>3</Duration><Duration>4</Duration>"),
        document("<Second>3</Second>"),
        '{"MediaInfo": {"Format": {"Duration": "3"}}}',
        b"\x00\xff\xed\xa0\x80",
        tiny_mp4(),
        b"",
    ],
    ids=range(11),
)
def test_a_reply_without_a_length_is_garbled(cloud: FakeCloud, body: bytes | str) -> None:
    says(cloud, body)
    assert isinstance(failure(cloud), GarbledReplyError)


def test_the_error_holds_the_request_id_and_nothing_else_of_the_reply(cloud: FakeCloud) -> None:
    says(cloud, document("\x7f\u202e" + "x" * 4000))

    error = failure(cloud)

    assert error.cause.request_id
    said = f"GET cos {VIDEO}?ci-process: 200 the reply has no length in seconds"
    assert str(error) == f"{said} (request id {error.cause.request_id})"


def test_an_error_in_a_success_is_an_error(cloud: FakeCloud) -> None:
    says(cloud, "<Error><Code>InternalError</Code><Message>failed on the way</Message></Error>")
    assert isinstance(failure(cloud), ServerError)


def test_a_reply_that_does_not_end_is_not_read(cloud: FakeCloud) -> None:
    says(cloud, document("3") + " " * MAX_BYTES)
    assert isinstance(failure(cloud), RejectedError)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=60) | st.text(max_size=20).map(lambda said: document(said).encode(errors="replace")))
def test_any_reply_is_a_length_or_an_error(cloud: FakeCloud, body: bytes) -> None:
    says(cloud, body)
    with suppress(CloudError):
        assert 0 <= seconds(cloud) < float("inf")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.TIMEOUT_BEFORE, NoReplyError),
        (Fault.TIMEOUT_AFTER, NoReplyError),
        (Fault.RESET_AFTER, NoReplyError),
        (Fault.ERROR_500, ServerError),
        (Fault.ERROR_503, ThrottledError),
        (Fault.ERROR_429, ThrottledError),
        (Fault.ERROR_403, BlockedError),
        (Fault.OK_WITH_ERROR, ServerError),
        (Fault.TRUNCATED, GarbledReplyError),
        (Fault.MALFORMED, GarbledReplyError),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_call_that_fails_is_not_made_again(cloud: FakeCloud, fault: Fault, kind: type[CloudError]) -> None:
    cloud.faults.on("GetMediaInfo", fault)

    assert isinstance(failure(cloud), kind)
    # For each one is paid for, and only so many were announced.
    assert cloud.operations() == ["GetMediaInfo"]


def test_what_cannot_be_measured_is_refused_for_its_own_reason(cloud: FakeCloud) -> None:
    cos = cloud.cos.backend
    cos.put(VIDEO.bucket, "archived.mp4", tiny_mp4(), {"x-cos-storage-class": "ARCHIVE"})
    cos.put(VIDEO.bucket, "empty.mp4", b"")

    gone, archived, empty = (failure(cloud, replace(VIDEO, key=f"{key}.mp4")) for key in ("gone", "archived", "empty"))

    assert (type(gone), gone.cause.code) == (NotFoundError, "NoSuchKey")
    assert (type(archived), archived.cause.code) == (BlockedError, "InvalidObjectState")
    assert "restore it" in archived.advice
    assert (type(empty), empty.cause.code) == (RejectedError, "InvalidArgument")


@pytest.mark.parametrize("key", ["\ud83d", "\x00\r\n", "/../a", "k" * 4096, "?ci-process=snapshot&x=1#"], ids=range(5))
def test_no_key_is_too_odd_to_ask_about(cloud: FakeCloud, key: str) -> None:
    assert isinstance(failure(cloud, replace(VIDEO, key=key)), NotFoundError | RejectedError)


def test_a_bucket_without_media_processing_is_the_operators_to_mend(cloud: FakeCloud) -> None:
    cloud.ci.backend.unbind_bucket(VIDEO.bucket)
    error = failure(cloud)
    assert (type(error), error.cause.code) == (BlockedError, "MediaBucketUnBinded")
    assert "media processing" in error.advice


def test_it_takes_the_right_to_read_the_video(cloud: FakeCloud) -> None:
    statement = {"effect": "allow", "action": ["cos:HeadObject", "ci:*"], "resource": ["*"]}
    error = failure(cloud, who=cloud.cam.create_user("someone", {"version": "2.0", "statement": [statement]}))
    assert (type(error), error.cause.code) == (BlockedError, "AccessDenied")
    assert "The right cos:GetObject is missing" in error.advice
