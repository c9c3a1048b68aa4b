"""What the client of TDMQ makes of failures: always one of our errors, and never a secret in one."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
import requests
import responses
from hypothesis import given
from hypothesis import strategies as st

from faketencent.faults import Fault
from faketencent.tdmq.exceptions import TdmqError, UnknownSecretIdError
from faketencent.tdmq.exceptions import ThrottledError as Throttling
from shared.cloud import tdmq, transport
from shared.cloud.tdmq import Message, Queue
from shared.documents import MAX_BYTES
from shared.errors import (
    BlockedError,
    CloudError,
    GarbledReplyError,
    NoReplyError,
    NotFoundError,
    ServerError,
    ThrottledError,
)
from tests.shared.tdmq_samples import (
    HOST,
    KEY,
    TOKEN,
    VISIBILITY,
    answering,
    assert_refused,
    cloud_with_queue,
    credentials,
    no_pause,
    plain_queue,
    queue_of,
    role,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cloud import FakeCloud
    from faketencent.tdmq.message_queue import MessageQueue


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    with cloud_with_queue() as cloud:
        yield cloud


@pytest.fixture
def stored(cloud: FakeCloud) -> MessageQueue:
    """The queue as the service sees it."""
    return cloud.tdmq.backend.queue("callbacks", "bj")


class TestRefusals:
    def test_an_unknown_queue_is_for_an_operator(self, cloud: FakeCloud) -> None:
        assert_refused(queue_of(cloud, name="others"), BlockedError, "4440", "WATERMARK_MQ_NAME")

    @pytest.mark.parametrize(("allowed", "refused"), [("tdmq:BatchReceiveMessage", "delete"), ("cos:*", "receive")])
    def test_missing_rights_are_for_an_operator(self, cloud: FakeCloud, allowed: str, refused: str) -> None:
        queue = queue_of(cloud, role(cloud, allowed))

        with pytest.raises(BlockedError, match="cos-watermark policy") as raised:
            queue.receive(0) if refused == "receive" else queue.delete([Message("1", b"", "h")])

        assert raised.value.cause.code == "4000"

    def test_expired_credentials(self, cloud: FakeCloud) -> None:
        queue = queue_of(cloud)
        cloud.advance(601)

        assert_refused(queue, BlockedError, "4100", "credentials")

    def test_a_token_of_somebody_else(self, cloud: FakeCloud) -> None:
        ours, theirs = role(cloud, "tdmq:*"), cloud.cam.assume("watermark")
        mixed = credentials(ours.secret_id, ours.secret_key, theirs.token)

        assert_refused(
            Queue(f"https://{HOST}", "callbacks", mixed, cloud.clock.now), BlockedError, "4100", "credentials"
        )

    def test_a_wrong_key_an_unknown_id_and_a_clock_that_is_off(self, cloud: FakeCloud) -> None:
        ours = role(cloud, "tdmq:*")
        wrong_key = credentials(ours.secret_id, "another key", ours.token)
        unknown = credentials("AKIDnobody", "a key", None)
        right = credentials(ours.secret_id, ours.secret_key, ours.token)

        for held, now in ((wrong_key, cloud.clock.now), (unknown, cloud.clock.now), (right, lambda: 0.0)):
            assert_refused(Queue(f"https://{HOST}", "callbacks", held, now), BlockedError, "4100", "credentials")

    @pytest.mark.parametrize(
        ("code", "message", "kind"),
        [
            (4420, "(10250)qps throttling", ThrottledError),
            (4480, "(10520)topic publish qps throttling", ThrottledError),
            (6000, "(10050)server internal error", ServerError),
            (6090, "(10430)something new", ServerError),
            (4000, "(10350)parameter numOfMsg value or length is out of range", BlockedError),
            (5100, "(100004)projectId is not correct", BlockedError),
        ],
    )
    def test_every_code_means_something(self, code: int, message: str, kind: type[CloudError]) -> None:
        with answering({"code": code, "message": message, "requestId": "14534664555"}), no_pause():
            assert_refused(plain_queue(), kind, str(code), message)

    def test_a_success_needs_a_status_that_says_so_too(self) -> None:
        with answering({"code": 0, "message": ""}, status=500), no_pause():
            assert_refused(plain_queue(), ServerError, "0", "500")

    @pytest.mark.parametrize("code", [7000, 6010, 6020])
    def test_a_code_that_is_normal_for_one_action_is_an_error_for_another(self, code: int) -> None:
        with answering({"code": code, "message": ""}), no_pause():
            if code == 7000:
                with pytest.raises(ServerError):
                    plain_queue().delete([Message("1", b"", "h")])
            else:
                assert_refused(plain_queue(), ServerError, str(code), "")

    @pytest.mark.parametrize(
        ("status", "kind"),
        [(502, ServerError), (503, ServerError), (429, ThrottledError), (403, BlockedError), (404, NotFoundError),
         (302, ServerError), (200, GarbledReplyError)],
    )  # fmt: skip
    def test_a_gateways_page_is_judged_by_its_status(self, status: int, kind: type[CloudError]) -> None:
        with answering(body="<html><h1>Bad Gateway</h1></html>", status=status), no_pause():
            assert_refused(plain_queue(), kind, "", "BatchReceiveMessage callbacks")


class TestMomentaryErrors:
    @pytest.mark.parametrize("error", [Throttling, TdmqError])
    def test_are_tried_once_more_after_a_pause(
        self, cloud: FakeCloud, stored: MessageQueue, error: type[TdmqError]
    ) -> None:
        stored.send("body")
        cloud.tdmq.backend.refuse_next(error)
        before = cloud.clock.now()

        assert len(queue_of(cloud).receive(0)) == 1
        assert cloud.clock.now() - before == transport.PAUSE

    def test_are_not_tried_for_ever(self, cloud: FakeCloud) -> None:
        cloud.tdmq.backend.refuse_next(Throttling, times=9)

        assert_refused(queue_of(cloud), ThrottledError, "4420", "throttling")
        assert len(cloud.journal) == 2

    def test_do_not_include_what_an_operator_must_do(self, cloud: FakeCloud) -> None:
        cloud.tdmq.backend.refuse_next(UnknownSecretIdError)

        with pytest.raises(CloudError):
            queue_of(cloud).receive(0)
        assert len(cloud.journal) == 1

    @pytest.mark.parametrize(
        "fault", [fault for fault in Fault if "KILL" not in fault.name and fault is not Fault.ERROR_403]
    )
    def test_of_every_kind_are_survived(self, cloud: FakeCloud, stored: MessageQueue, fault: Fault) -> None:
        stored.send(*(str(n) for n in range(32)))
        cloud.faults.on("BatchReceiveMessage", fault)
        cloud.faults.on("BatchDeleteMessage", fault)
        queue = queue_of(cloud)

        received = queue.receive(0)
        queue.delete(received)

        cloud.advance(VISIBILITY)
        left = queue.receive(0) + queue.receive(0)
        assert len(received) == len(left) == 16


ANYTHING_LOWER = [
    requests.exceptions.SSLError(KEY),
    requests.exceptions.ProxyError(TOKEN),
    requests.exceptions.ChunkedEncodingError("half a chunk"),
    requests.exceptions.ReadTimeout(TOKEN),
    ConnectionResetError(104, "reset"),
    TimeoutError("too late"),
]


class TestHostileReplies:
    @pytest.mark.parametrize("lower", ANYTHING_LOWER, ids=lambda error: type(error).__name__)
    def test_no_exception_of_a_lower_layer_escapes_and_none_of_their_words_do(self, lower: Exception) -> None:
        with no_pause(), patch.object(requests.adapters.HTTPAdapter, "send", side_effect=lower):
            assert_refused(plain_queue(), NoReplyError, "", type(lower).__name__)

    @pytest.mark.parametrize(
        "body",
        [b"", b"null", b"[]", b"{}", b'"0"', b"0", b'{"code":null}', b'{"code":[0]}', b'{"code":0,"code":7000}',
         b"\xff", b'{"code":0,"msgInfoList":{}', b'{"code":0,"msgInfoList":["text"]}', b'{"code":0,"msgInfoList":[[]]}',
         b'{"code":0,"msgInfoList":[{"msgBody":"no handle"}]}', b"<Error><Code>InternalError</Code></Error>"],
    )  # fmt: skip
    def test_what_is_no_reply_of_tdmq_is_garbled(self, body: bytes) -> None:
        with answering(body=body), no_pause():
            assert_refused(plain_queue(), GarbledReplyError, "", "POST tdmq BatchReceiveMessage callbacks")

    def test_truncated_json_is_garbled_wherever_it_was_cut(self) -> None:
        whole = json.dumps({"code": 0, "msgInfoList": [{"msgId": "1", "msgBody": "水🎬", "receiptHandle": "h"}]})
        raw = whole.encode()
        for length in range(len(raw)):
            with answering(body=raw[:length]), no_pause(), pytest.raises(GarbledReplyError):
                plain_queue().receive(0)

    def test_a_huge_reply_is_not_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with answering(body=b"[" * MAX_BYTES), no_pause():
            assert_refused(plain_queue(), GarbledReplyError, "", "unreadable")
        monkeypatch.setattr(tdmq, "MAX_REPLY", MAX_BYTES)
        with answering(body=b'"' + b"x" * MAX_BYTES), no_pause():
            assert_refused(plain_queue(), NoReplyError, "", "no reply")

    @given(
        st.integers(200, 599),
        st.binary(max_size=60) | st.recursive(
            st.none() | st.integers() | st.text(max_size=4),
            lambda inner: st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["code", "message", "msgInfoList", "errorList", "msgId", "msgBody",
                                               "receiptHandle", "dequeueCount", "enqueueTime"]), inner, max_size=6),
            max_leaves=12,
        ).map(lambda tree: json.dumps(tree).encode()),
    )  # fmt: skip
    def test_any_reply_is_understood_or_one_of_our_errors(self, status: int, body: bytes) -> None:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mock, no_pause():
            mock.add(responses.POST, f"https://{HOST}/v2/index.php", body, status=status)
            with suppress(CloudError):
                assert all(isinstance(message, Message) for message in plain_queue().receive(0))
            with suppress(CloudError):
                assert plain_queue().delete([Message("1", b"", "h")]) >= 0
