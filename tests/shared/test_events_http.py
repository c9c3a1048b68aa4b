"""The HTTP channel: every shape of request, a status for every kind of outcome, and nothing told to a forger."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import documents
from shared.domain.outcome import Kind, Outcome, Reason
from shared.errors import (
    BlockedError,
    Cause,
    ConfigurationError,
    MalformedError,
    NoReplyError,
    ThrottledError,
    TicketError,
    TooLargeError,
    UnfinishedError,
)
from shared.events.http import answer, answer_outcomes, is_http, read_request
from tests.shared.samples import EVENTS, UPLOAD, VIDEO, any_text, event

if TYPE_CHECKING:
    from pathlib import Path

#: What the platform lets through: https://cloud.tencent.com/document/product/583/11637
SIX_MEGABYTES = 6 * 1024 * 1024
CAUSE = Cause("GET ci videos-1250000000/jobs/j1", 503, "SlowDown", "please", "NWMx")


def post(body: object, **more: object) -> dict[str, Any]:
    return {"httpMethod": "POST", "path": "/", "headers": {}, "queryString": {}, "body": body, **more}


class TestRequests:
    @pytest.mark.parametrize("path", sorted((EVENTS / "http").iterdir()), ids=lambda path: path.name)
    def test_the_sample_events_are_requests(self, path: Path) -> None:
        told = event(f"http/{path.name}")

        request = read_request(told)

        assert is_http(told)
        assert request.method == told["httpMethod"]
        body = told.get("body") or ""
        assert request.body == (base64.b64decode(body) if told.get("isBase64Encoded") else body.encode())

    @pytest.mark.parametrize("name", ["timer/tick.json", "queue/ckafka.json", "upload/put.json", "console/null.json"])
    def test_other_events_are_none(self, name: str) -> None:
        assert not is_http(event(name))

    @pytest.mark.parametrize("method", ["POST", "post", "Post"])
    def test_the_method_may_be_in_upper_or_lower_case(self, method: str) -> None:
        assert read_request({"httpMethod": method}).method == "POST"

    @pytest.mark.parametrize(
        "headers",
        [
            None,
            {},
            {"Content-Type": "application/json"},
            {"content-type": "APPLICATION/XML"},
            {"CONTENT-TYPE": ["a", "b"]},
            {"content-length": "-1"},
            "no headers",
        ],
    )
    def test_headers_change_nothing(self, headers: object) -> None:
        assert read_request(post("{}", headers=headers)).body == b"{}"

    @pytest.mark.parametrize(
        "request_event",
        [{"httpMethod": "POST"}, post(None), post(""), {**post(""), "isBase64Encoded": True}],
    )
    def test_without_a_body_the_body_is_empty(self, request_event: dict[str, Any]) -> None:
        assert read_request(request_event).body == b""

    @given(st.binary(max_size=50))
    def test_base64_is_decoded_where_the_event_says_so(self, body: bytes) -> None:
        assert read_request(post(base64.b64encode(body).decode(), isBase64Encoded=True)).body == body

    @pytest.mark.parametrize("flag", [False, None, "", "true", 1])
    def test_and_only_there(self, flag: object) -> None:
        assert read_request(post("e30=", isBase64Encoded=flag)).body == b"e30="

    @pytest.mark.parametrize("text", ["e30", "{}", "e3 0=", "é", "e30=\n", "e30=!", "\ud800"])
    def test_base64_that_is_none_is_malformed(self, text: str) -> None:
        with pytest.raises(MalformedError):
            read_request(post(text, isBase64Encoded=True))

    @pytest.mark.parametrize("body", [{}, {"JobsDetail": {}}, [], 1, True, b"{}"])
    def test_a_body_that_is_no_text_is_malformed(self, body: object) -> None:
        with pytest.raises(MalformedError):
            read_request(post(body))

    @pytest.mark.parametrize("encoded", [True, False])
    def test_a_huge_body_is_refused_before_it_is_decoded(self, encoded: bool) -> None:
        with pytest.raises(TooLargeError):
            read_request(post("A" * SIX_MEGABYTES, isBase64Encoded=encoded))

    def test_a_document_of_the_largest_size_passes_in_base64_too(self) -> None:
        body = b"x" * documents.MAX_CALLBACK_BYTES

        assert read_request(post(base64.b64encode(body).decode(), isBase64Encoded=True)).body == body

    @given(any_text)
    def test_any_text_is_bytes_that_a_parser_can_judge(self, text: str) -> None:
        body = read_request(post(text)).body

        try:
            assert body.decode() == text
        except UnicodeDecodeError:
            with pytest.raises(MalformedError):
                documents.parse(body)


class TestAnswers:
    @pytest.mark.parametrize(
        ("outcome", "status"),
        [
            (Outcome(Kind.WRITTEN, upload=UPLOAD), 200),
            (Outcome(Kind.SKIPPED, reason=Reason.NOT_OURS), 200),
            (Outcome(Kind.SKIPPED, upload=UPLOAD, reason=Reason.DONE), 200),
            (Outcome(Kind.SKIPPED, upload=UPLOAD, reason=Reason.LEFT), 200),
            (Outcome(Kind.PENDING, upload=UPLOAD, error=BlockedError(CAUSE)), 200),
            (Outcome(Kind.FAILED, error=MalformedError("x")), 400),
            (Outcome(Kind.FAILED, error=TicketError("x")), 403),
            (Outcome(Kind.FAILED, error=TooLargeError("x")), 413),
            (Outcome(Kind.SKIPPED, upload=UPLOAD, reason=Reason.UNFINISHED), 503),
            (Outcome(Kind.FAILED, error=NoReplyError(CAUSE)), 503),
            (Outcome(Kind.FAILED, error=ThrottledError(CAUSE)), 503),
            (Outcome(Kind.FAILED, error=BlockedError(CAUSE)), 503),
            (Outcome(Kind.FAILED, error=UnfinishedError("x")), 503),
            (Outcome(Kind.FAILED, error=ConfigurationError("x")), 503),
        ],
    )
    def test_the_status_of_an_outcome(self, outcome: Outcome, status: int) -> None:
        assert answer_outcomes([outcome])["statusCode"] == status

    def test_nothing_to_do_is_fine(self) -> None:
        assert answer_outcomes([])["statusCode"] == 200

    def test_the_worst_of_several_counts(self) -> None:
        done = Outcome(Kind.WRITTEN)
        forged = Outcome(Kind.FAILED, error=TicketError("x"))
        throttled = Outcome(Kind.FAILED, error=ThrottledError(CAUSE))

        # A retry must be asked for even if something else will never succeed.
        assert answer_outcomes([done, forged, throttled])["statusCode"] == 503
        assert answer_outcomes([forged, done])["statusCode"] == 403

    def test_an_answer_is_what_the_platform_wants(self) -> None:
        # https://cloud.tencent.com/document/product/583/96099
        reply = answer_outcomes([Outcome(Kind.WRITTEN), Outcome(Kind.SKIPPED, reason=Reason.DONE)])

        assert reply["isBase64Encoded"] is False
        assert reply["headers"] == {"Content-Type": "application/json"}
        assert json.loads(str(reply["body"])) == {"outcomes": ["written", "skipped"]}
        assert json.loads(json.dumps(reply)) == reply

    def test_another_method_is_told_the_right_one(self) -> None:
        reply = answer(405)

        assert reply["statusCode"] == 405
        assert reply["headers"] == {"Content-Type": "application/json", "Allow": "POST"}
        assert reply["body"] == "{}"

    @pytest.mark.parametrize("kind", Kind)
    def test_an_answer_says_how_it_ended_and_nothing_more(self, kind: Kind) -> None:
        # Given an outcome that knows everything
        secret = "w2.ap-beijing.ticket"
        error = BlockedError(Cause(f"GET {VIDEO}", 403, "AccessDenied", secret, "NWMx"), "Ask the owner")
        outcome = Outcome(kind, VIDEO, UPLOAD, Reason.GONE, job="j1", detail=secret, error=error)

        # When it is answered
        body = answer_outcomes([outcome])["body"]

        # Then only its kind is told
        assert json.loads(str(body)) == {"outcomes": [kind.value]}
