"""Outcomes as log lines: one line each, plain ASCII, with everything an operator needs and no secret."""

from __future__ import annotations

import io
import json
import logging
from contextlib import redirect_stdout
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import qcloud_cos
import requests
from hypothesis import given
from hypothesis import strategies as st

from shared import log
from shared.domain.objects import ObjectRef
from shared.domain.outcome import Kind, Outcome, Reason
from shared.errors import (
    BlockedError,
    Cause,
    ClaimError,
    ConfigurationError,
    MetadataFullError,
    RejectedError,
    ThrottledError,
    TicketError,
    UnfinishedError,
    WatermarkError,
)
from shared.events.uploads import UploadEvent, read_uploads
from tests.shared.samples import EVENTS, UPLOAD, VIDEO, any_text, event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CAUSE = Cause("PUT cos videos-1250000000/a.mp4", 503, "SlowDown", "Please slow down.", "NWMx")
HOSTILE = [
    '\r\n{"level": "INFO", "event": "forged"}',
    "\x1b[2J\x1b]0;title\x07",
    "\u202egpj.exe\u2066\u2028\u2029\x85",
    "\0\x7f\x9b31m",
    '"}\\',
    "\udcff\ud800",
    "产品 🎬",
]


def lines_of(outcome: Outcome) -> list[str]:
    output = io.StringIO()
    with redirect_stdout(output):
        log.write("submit", outcome.level, **outcome.as_fields())
    text = output.getvalue()
    assert text.endswith("\n")
    return text.removesuffix("\n").split("\n")


def line_of(outcome: Outcome) -> dict[str, Any]:
    (line,) = lines_of(outcome)
    read: dict[str, Any] = json.loads(line)
    return read


class TestFields:
    def test_a_submitted_job(self) -> None:
        assert line_of(Outcome(Kind.SUBMITTED, upload=UPLOAD, job="j1")) == {
            "level": "INFO",
            "event": "submit",
            "outcome": "submitted",
            "bucket": "videos-1250000000",
            "key": "uploads/clip.mp4",
            "region": "ap-beijing",
            "correlation": UPLOAD.id,
            "job": "j1",
        }

    @pytest.mark.parametrize("reason", Reason)
    def test_whatever_was_skipped_has_a_reason(self, reason: Reason) -> None:
        line = line_of(Outcome(Kind.SKIPPED, target=VIDEO, reason=reason))

        assert (line["outcome"], line["reason"]) == ("skipped", reason.value)
        assert line["key"] == VIDEO.key

    def test_an_object_that_is_no_upload_yet_has_no_correlation(self) -> None:
        assert "correlation" not in line_of(Outcome(Kind.SKIPPED, target=VIDEO, reason=Reason.FOLDER))

    def test_a_result_that_is_in_the_ledger_alone_says_why_and_what_it_is(self) -> None:
        line = line_of(Outcome(Kind.RECORDED, upload=UPLOAD, reason=Reason.GONE, job="j1", detail="skipped"))

        assert [line[name] for name in ("level", "outcome", "reason", "detail")] == [
            "INFO", "recorded", "gone", "skipped",
        ]  # fmt: skip

    def test_both_functions_log_the_same_correlation(self) -> None:
        submitted = Outcome(Kind.SUBMITTED, upload=UPLOAD)
        written = Outcome(Kind.WRITTEN, upload=replace(UPLOAD, target=replace(VIDEO, region="elsewhere")))

        assert line_of(submitted)["correlation"] == line_of(written)["correlation"]

    def test_a_failed_call_tells_what_the_cloud_said(self) -> None:
        line = line_of(Outcome(Kind.FAILED, target=VIDEO, error=ThrottledError(CAUSE)))

        assert line["error"] == "Throttled"
        assert line["message"] == str(CAUSE)
        assert line["retryable"] == 1
        assert (line["code"], line["status"], line["request_id"]) == ("SlowDown", 503, "NWMx")

    def test_another_failure_tells_what_happened(self) -> None:
        line = line_of(Outcome(Kind.FAILED, error=ConfigurationError("no credentials")))

        assert (line["error"], line["message"], line["retryable"]) == ("Configuration", "no credentials", 0)
        assert "bucket" not in line
        assert "code" not in line

    def test_what_is_remembered_but_not_done_tells_why(self) -> None:
        line = line_of(Outcome(Kind.PENDING, upload=UPLOAD, error=BlockedError(CAUSE, "Bind the bucket")))

        assert line["outcome"] == "pending"
        assert "Bind the bucket" in line["message"]

    def test_callers_may_add_fields(self, capsys: pytest.CaptureFixture[str]) -> None:
        log.write("sweep_done", log.Level.WARNING, oldest=1.5, place=VIDEO)

        assert json.loads(capsys.readouterr().out) == {
            "level": "WARNING",
            "event": "sweep_done",
            "oldest": 1.5,
            "place": str(VIDEO),
        }


class TestLevels:
    @pytest.mark.parametrize(
        ("error", "level"),
        [
            (None, "INFO"),
            (ThrottledError(CAUSE), "WARNING"),
            (UnfinishedError("x"), "WARNING"),
            (BlockedError(CAUSE), "ERROR"),
            (ConfigurationError("x"), "ERROR"),
            (RejectedError(CAUSE), "ERROR"),
            (MetadataFullError("x"), "ERROR"),
        ],
    )
    def test_what_passes_by_itself_is_a_warning_and_what_does_not_an_error(
        self, error: WatermarkError | None, level: str
    ) -> None:
        assert line_of(Outcome(Kind.PENDING, upload=UPLOAD, error=error))["level"] == level

    @pytest.mark.parametrize("reason", Reason)
    def test_what_stays_until_somebody_acts_is_an_error_even_without_a_call_that_failed(self, reason: Reason) -> None:
        waits_for_somebody = reason in (Reason.REFUSED, Reason.UNSETTLED)

        level = line_of(Outcome(Kind.HELD, upload=UPLOAD, reason=reason))["level"]

        assert level == ("ERROR" if waits_for_somebody else "INFO")

    def test_a_callback_that_is_refused_is_a_warning_for_anybody_can_send_one(self) -> None:
        assert line_of(Outcome(Kind.FAILED, error=TicketError("x")))["level"] == "WARNING"

    def test_an_object_among_the_claims_that_is_none_is_an_error(self) -> None:
        assert line_of(Outcome(Kind.PENDING, detail="claims/x", error=ClaimError("x")))["level"] == "ERROR"

    def test_only_errors_can_be_retried(self) -> None:
        assert Outcome(Kind.FAILED, error=ThrottledError(CAUSE)).retryable
        assert not Outcome(Kind.FAILED, error=RejectedError(CAUSE)).retryable
        assert not Outcome(Kind.WRITTEN).retryable


class TestOneLine:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_texts_stay_inside_their_field(self, text: str) -> None:
        outcome = Outcome(
            Kind.FAILED,
            target=ObjectRef("ap-beijing", "videos-1250000000", text),
            job=text,
            detail=text,
            error=RejectedError(Cause("POST ci b/jobs", 400, text, text, text), text),
        )

        (line,) = lines_of(outcome)

        assert line.isascii()
        assert line.isprintable()
        read = json.loads(line)
        assert read["key"] == read["job"] == read["detail"] == read["code"] == read["request_id"] == text
        assert (read["level"], read["event"]) == ("ERROR", "submit")

    @given(st.builds(Outcome, st.sampled_from(Kind), st.builds(ObjectRef, any_text, any_text, any_text), job=any_text,
                     detail=any_text, error=st.none() | st.builds(ConfigurationError, any_text)))  # fmt: skip
    def test_every_outcome_is_one_line_of_printable_ascii(self, outcome: Outcome) -> None:
        (line,) = lines_of(outcome)

        assert line.isascii()
        assert line.isprintable()
        assert json.loads(line)["outcome"] == outcome.kind.value


class TestUploadersAuthorization:
    """The event shows the uploader's signature, which opens the bucket for as long as it lasts."""

    @pytest.mark.parametrize("path", sorted((EVENTS / "upload").iterdir()), ids=lambda path: path.name)
    def test_it_never_reaches_the_log(self, path: Path) -> None:
        told = event(f"upload/{path.name}")
        assert "q-signature=" in json.dumps(told)

        for upload in read_uploads(told, "ap-beijing"):
            assert "q-signature" not in repr(upload)
            assert isinstance(upload, UploadEvent)
            assert "q-signature" not in lines_of(Outcome(Kind.SKIPPED, target=upload.target))[0]

    @pytest.mark.parametrize("node", ["cos", "event", "cosObject", "cosBucket", "key", "eventName", "appid"])
    def test_nor_does_it_when_the_record_is_garbled(self, node: str) -> None:
        # Given a record where a node is the request's headers instead of what it should be
        told = event("upload/put.json")
        garble(told, node, told["Records"][0]["event"]["requestParameters"])

        (upload,) = read_uploads(told, "ap-beijing")

        assert not isinstance(upload, UploadEvent)
        (line,) = lines_of(Outcome(Kind.FAILED, error=upload))
        assert "q-sign" not in line
        assert "q-sign" not in repr(upload)


def garble(tree: Any, name: str, value: object) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(tree, list):
        for item in tree:
            garble(item, name, value)
    elif isinstance(tree, dict):
        for child in tree.values():
            garble(child, name, value)
        if name in tree:
            tree[name] = value


class TestSilence:
    @pytest.fixture
    def root_at_debug(self) -> Iterator[io.StringIO]:
        """The platform's root logger: https://github.com/tencentyun/scfcli configures it so."""
        output = io.StringIO()
        handler, root = logging.StreamHandler(output), logging.getLogger()
        levels = {
            name: logging.getLogger(name).level
            for name in ("", "qcloud_cos", "urllib3", "requests", "charset_normalizer")
        }
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        for name in levels.keys() - {""}:
            logging.getLogger(name).setLevel(logging.NOTSET)
        yield output
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)

    @staticmethod
    def sign_a_request() -> None:
        config = qcloud_cos.CosConfig(Region="ap-beijing", SecretId="AKIDexample", SecretKey="a key that must not show")
        request = requests.Request("GET", "https://b-1.cos.ap-beijing.myqcloud.com/a.mp4").prepare()
        qcloud_cos.CosS3Auth(config, "a.mp4", {})(request)
        assert "q-signature=" in str(request.headers["Authorization"])

    def test_the_sdk_logs_signatures_unless_it_is_silenced(self, root_at_debug: io.StringIO) -> None:
        self.sign_a_request()

        assert "q-sign" in root_at_debug.getvalue()

    def test_silenced_it_logs_nothing_at_all(self, root_at_debug: io.StringIO) -> None:
        log.silence_sdk()

        self.sign_a_request()
        for name in list(logging.root.manager.loggerDict):
            if name.partition(".")[0] in ("qcloud_cos", "urllib3", "requests", "charset_normalizer"):
                logging.getLogger(name).critical("Authorization: q-sign-algorithm=sha1")

        assert root_at_debug.getvalue() == ""
