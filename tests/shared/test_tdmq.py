"""The client of TDMQ and what it is answered: messages, or one of our errors, and never a secret in one."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
import requests
import responses
from hypothesis import given
from hypothesis import strategies as st

from fakes.cloud import FakeCloud
from fakes.faults import Fault
from fakes.in_process import in_process
from fakes.tdmq.exceptions import TdmqError, UnknownSecretIdError
from fakes.tdmq.exceptions import ThrottledError as Throttling
from shared import transport
from shared.errors import (
    BlockedError,
    CloudError,
    GarbledReplyError,
    NoReplyError,
    NotFoundError,
    ServerError,
    ThrottledError,
)
from shared.tdmq import MAX_REPLY, Message, Queue
from tests.shared.tdmq_samples import HOST, KEY, TOKEN, answering, credentials, plain_queue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.cam import Identity
    from fakes.tdmq.message_queue import MessageQueue

VISIBILITY = 30


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    cloud = FakeCloud()
    cloud.tdmq.backend.create_queue("callbacks", "bj", visibility_timeout=VISIBILITY)
    with in_process(cloud, ("shared.transport",)):
        yield cloud


@pytest.fixture
def stored(cloud: FakeCloud) -> MessageQueue:
    """The queue as the service sees it."""
    return cloud.tdmq.backend.queue("callbacks", "bj")


def role(cloud: FakeCloud, *actions: str) -> Identity:
    allow = {"effect": "allow", "action": list(actions), "resource": ["*"]}
    cloud.cam.create_role("watermark", {"version": "2.0", "statement": [allow]})
    return cloud.cam.assume("watermark", lifetime=600)


def queue_of(cloud: FakeCloud, who: Identity | None = None, name: str = "callbacks") -> Queue:
    who = who or role(cloud, "tdmq:*")
    return Queue(f"https://{HOST}", name, credentials(who.secret_id, who.secret_key, who.token), cloud.clock.now)


class TestReceiving:
    def test_an_empty_queue_has_no_messages_and_is_no_error(self, cloud: FakeCloud) -> None:
        assert queue_of(cloud).receive(5) == []
        assert cloud.operations() == ["BatchReceiveMessage"]

    def test_up_to_sixteen_messages_come_at_once(self, cloud: FakeCloud, stored: MessageQueue) -> None:
        ids = stored.send(*(f"body {n}" for n in range(20)))
        queue = queue_of(cloud)

        first, second = queue.receive(0), queue.receive(0)

        assert [message.id for message in first + second] == ids
        assert len(first) == 16
        assert first[3].body == b"body 3"

    def test_a_message_says_when_it_was_sent_and_how_often_it_was_received(
        self, cloud: FakeCloud, stored: MessageQueue
    ) -> None:
        sent = cloud.clock.now()
        stored.send("body")
        queue = queue_of(cloud)

        times = []
        for _ in range(3):
            (message,) = queue.receive(0)
            times.append((message.receives, message.sent))
            cloud.advance(VISIBILITY)

        assert times == [(1, sent), (2, sent), (3, sent)]

    @pytest.mark.parametrize("untold", [{}, {"dequeueCount": 0, "enqueueTime": 0}, {"dequeueCount": "reserved"},
                                        {"dequeueCount": None, "enqueueTime": "9" * 5000}])  # fmt: skip
    def test_that_it_does_not_say_so_does_not_matter(self, untold: dict[str, Any]) -> None:
        item = {"msgBody": "body", "msgId": "1", "receiptHandle": "h", **untold}
        with answering({"code": 0, "message": "", "msgInfoList": [item]}):
            assert plain_queue().receive(0) == [Message("1", b"body", "h", None, None)]

    def test_the_code_may_be_text(self) -> None:
        with answering({"code": "7000", "message": ""}):
            assert plain_queue().receive(0) == []

    def test_one_message_in_a_strange_encoding_leaves_the_others_readable(self) -> None:
        items = (
            b'{"msgId":"1","receiptHandle":"h","msgBody":"\xff\xfe"},{"msgId":"2","receiptHandle":"i","msgBody":"b"}'
        )
        lone = b',{"msgId":"3","receiptHandle":"j","msgBody":"\\ud83d"},{"msgId":"4","receiptHandle":"k"}'
        with answering(body=b'{"code":0,"msgInfoList":[' + items + lone + b"]}"):
            bodies = [message.body for message in plain_queue().receive(0)]

        assert bodies == ["\ufffd\ufffd".encode(), b"b", b"?", b""]

    def test_a_batch_of_the_largest_messages_is_read(self, cloud: FakeCloud, stored: MessageQueue) -> None:
        for _ in range(16):
            stored.send('"' * 1_048_576)

        assert len(queue_of(cloud).receive(0)) == 16


class TestDeleting:
    def test_deleted_messages_do_not_come_back(self, cloud: FakeCloud, stored: MessageQueue) -> None:
        stored.send(*(str(n) for n in range(16)))
        queue = queue_of(cloud)

        assert queue.delete(queue.receive(0)) == 0
        cloud.advance(VISIBILITY)
        assert queue.receive(0) == []

    def test_a_receipt_handle_that_expired_is_no_error(self, cloud: FakeCloud, stored: MessageQueue) -> None:
        stored.send("early")
        queue = queue_of(cloud)
        early = queue.receive(0)
        cloud.advance(VISIBILITY)

        assert queue.delete(early) == 1
        assert len(stored) == 1

    def test_the_others_of_its_batch_are_deleted_all_the_same(self, cloud: FakeCloud, stored: MessageQueue) -> None:
        stored.send("early")
        queue = queue_of(cloud)
        early = queue.receive(0)
        cloud.advance(VISIBILITY - 1)
        stored.send("late")
        late = queue.receive(0)
        cloud.advance(1)

        assert queue.delete(early + late) == 1
        assert [message.body for message in queue.receive(0)] == [b"early"]

    def test_a_reply_without_a_list_of_errors_tells_by_its_code(self) -> None:
        messages = [Message("1", b"", "h"), Message("2", b"", "i")]
        for code, undeleted in ((0, 0), (6020, 2)):
            with answering({"code": code, "message": ""}):
                assert plain_queue().delete(messages) == undeleted


class TestRefusals:
    def test_an_unknown_queue_is_to_be_mended(self, cloud: FakeCloud) -> None:
        assert_refused(queue_of(cloud, name="others"), BlockedError, "4440", "WATERMARK_MQ_NAME")

    @pytest.mark.parametrize(("allowed", "refused"), [("tdmq:BatchReceiveMessage", "delete"), ("cos:*", "receive")])
    def test_missing_rights_are_to_be_mended(self, cloud: FakeCloud, allowed: str, refused: str) -> None:
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

    def test_do_not_include_what_an_operator_must_mend(self, cloud: FakeCloud) -> None:
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
        with no_pause(), patch.object(requests.Session, "send", side_effect=lower):
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

    def test_a_huge_reply_is_not_kept(self) -> None:
        with answering(body=b"[" * (MAX_REPLY + 1)), no_pause():
            assert_refused(plain_queue(), NoReplyError, "", "no reply")

    def test_a_reply_that_trickles_is_cut_off(self, cloud: FakeCloud) -> None:
        response = requests.Response()
        response.status_code, response.raw = 200, Trickle(cloud)
        before = cloud.clock.now()

        with patch.object(requests.Session, "send", return_value=response):
            assert_refused(plain_queue(), NoReplyError, "", "no reply")

        assert cloud.clock.now() - before < transport.WORST_CASE

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


class Trickle(io.RawIOBase):
    """A body that never ends, a byte at a time."""

    def __init__(self, cloud: FakeCloud) -> None:
        self.cloud = cloud

    def read1(self, _size: int, **_: Any) -> bytes:  # noqa: ANN401 - whatever the caller passes
        self.cloud.clock.sleep(1)
        return b"x"


def no_pause() -> Any:  # noqa: ANN401 - a patch
    return patch("shared.transport.time.sleep")


def assert_refused(queue: Queue, kind: type[CloudError], code: str, words: str) -> None:
    with pytest.raises(CloudError) as raised:
        queue.receive(0)

    error = raised.value
    assert (type(error), error.cause.code) == (kind, code)
    assert str(error).startswith("POST tdmq BatchReceiveMessage ")
    assert words in str(error)
    shown = str(error) + repr(error) + repr(queue)
    assert KEY not in shown
    assert TOKEN not in shown
