"""Result records: what an operator's programs can rely on, and that each can be read back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claim import Attempt
from shared.domain.job import Job
from shared.domain.outcome import Reason
from shared.domain.record import Record, result_record, unanswered_record
from shared.domain.result import MAX_TEXT, Result, Verdict
from tests.shared.samples import AT, CONTENT, MODIFIED, UPLOAD, any_text, keys, results, uploads

if TYPE_CHECKING:
    from shared.documents import Tree
    from shared.domain.objects import Upload

SEAL = "s1." + "0" * 64
FIRST = Attempt(UPLOAD, 1, since=MODIFIED + 1, job="j1")
ABOUT = {
    "v": 1,
    "upload": UPLOAD.id,
    "region": "ap-beijing",
    "bucket": "videos-1250000000",
    "key": "uploads/clip.mp4",
    "crc64": "13464384021742137342",
    "size": 1029,
    "modified": "2026-01-01T00:00:00Z",
}


def a_job(state: str = "Success", text: str = "team-42", job_id: str = "j1", **more: str) -> Job:
    times = {"CreationTime": "2026-01-01T08:00:20+0800", "StartTime": "2026-01-01T08:00:21+0800",
             "EndTime": "2026-01-02T07:59:59+0800"}  # fmt: skip
    operation: Tree = {"ExtractDigitalWatermark": {"Message": text}}
    return Job.read({"JobId": job_id, "State": state, "Operation": operation, **times, **more})


def answered(job: Job, reason: Reason | None = None, seal: str = SEAL) -> Record:
    result = job.result()
    assert result
    return result_record(UPLOAD, result, [FIRST], job, seal=seal, reason=reason)


def stored(record: Record) -> dict[str, object]:
    """The record as the ledger keeps it."""
    told: dict[str, object] = json.loads(record.model_dump_json(exclude_none=True))
    return told


class TestShapes:
    RAN = {  # noqa: RUF012 - never changed
        "at": "2026-01-01T23:59:59Z",
        "job": "j1",
        "submitted": "2026-01-01T00:00:20Z",
        "started": "2026-01-01T00:00:21Z",
        "jobs": ["j1"],
        "attempts": 1,
    }

    def test_a_watermark_that_is_on_the_object(self) -> None:
        assert stored(answered(a_job())) == {
            **ABOUT, **self.RAN, "verdict": "found", "applied": True, "text": "team-42", "seal": SEAL,
        }  # fmt: skip

    def test_no_watermark_has_no_text(self) -> None:
        assert stored(answered(a_job(text=""))) == {
            **ABOUT, **self.RAN, "verdict": "none", "applied": True, "seal": SEAL,
        }  # fmt: skip

    def test_a_failure_has_code_and_message(self) -> None:
        assert stored(answered(a_job("Failed", Code="InvalidVideo", Message="not a video"))) == {
            **ABOUT, **self.RAN, "verdict": "failed", "applied": True, "code": "InvalidVideo",
            "message": "not a video", "seal": SEAL,
        }  # fmt: skip

    def test_a_result_that_is_not_on_the_object_says_why(self) -> None:
        record = stored(answered(a_job(), Reason.UNWRITABLE, seal=""))

        assert (record["applied"], record["reason"], record["text"]) == (False, "unwritable", "team-42")
        assert "seal" not in record

    @pytest.mark.parametrize("reason", [Reason.ARCHIVED, Reason.APPENDABLE, Reason.NO_CHECKSUM])
    def test_an_upload_that_was_never_checked_was_skipped_for_a_reason(self, reason: Reason) -> None:
        assert stored(unanswered_record(UPLOAD, reason)) == {
            **ABOUT, "at": "2026-01-01T00:00:00Z", "verdict": "skipped", "applied": False, "reason": reason.value,
            "jobs": [], "attempts": 0,
        }  # fmt: skip

    @pytest.mark.parametrize("text", ["team-42", ""])
    def test_what_a_job_said_of_an_object_that_was_replaced_is_not_attributed(self, text: str) -> None:
        # Empty is an answer too: the job succeeded and found no watermark, on whatever it read.
        record = stored(unanswered_record(UPLOAD, Reason.REPLACED, [FIRST], a_job(text=text)))

        assert record == {
            **ABOUT, **self.RAN, "verdict": "skipped", "applied": False, "reason": "replaced", "unattributed": text,
        }  # fmt: skip

    @pytest.mark.parametrize("state", ["Failed", "Cancel"])
    def test_a_job_that_failed_there_said_nothing(self, state: str) -> None:
        record = stored(unanswered_record(UPLOAD, Reason.GONE, [FIRST], a_job(state)))

        assert "unattributed" not in record
        assert record["job"] == "j1"

    def test_an_object_without_a_checksum_has_none(self) -> None:
        unknown = replace(UPLOAD, content=replace(CONTENT, crc64=""))

        assert "crc64" not in stored(unanswered_record(unknown, Reason.NO_CHECKSUM))


class TestJobs:
    def test_all_its_jobs_are_named_and_the_one_that_the_result_is_from_apart(self) -> None:
        # Given an upload with two jobs of its own, and the answer that another upload's job found
        attempts = [FIRST, replace(FIRST, number=2, job=""), replace(FIRST, number=3, job="j3")]

        record = result_record(UPLOAD, Result(Verdict.NONE, AT, "j9"), attempts, None, seal=SEAL, reason=None)

        assert (record.job, record.jobs, record.attempts) == ("j9", ("j1", "j3"), 3)

    def test_a_result_without_any_job_has_none(self) -> None:
        nobodys = replace(FIRST, job="")

        record = result_record(
            UPLOAD, Result(Verdict.FAILED, AT, code="Refused"), [nobodys], None, reason=Reason.REFUSED
        )

        assert (record.job, record.jobs, record.submitted, record.started) == (None, (), None, None)

    def test_a_time_that_has_not_come_is_left_out(self) -> None:
        record = stored(answered(a_job("Cancel", StartTime="-")))

        assert "started" not in record
        assert record["submitted"] == "2026-01-01T00:00:20Z"


class TestDay:
    """The folder: the same for every writer, so that one upload has one record."""

    def test_is_when_the_job_ended_in_utc(self) -> None:
        assert answered(a_job()).day == "2026-01-01"

    def test_is_that_of_the_upload_if_there_was_no_job(self) -> None:
        assert unanswered_record(UPLOAD, Reason.SYMLINK).day == "2026-01-01"
        assert unanswered_record(replace(UPLOAD, modified=MODIFIED + 86_400), Reason.GONE).day == "2026-01-02"

    def test_is_that_of_the_upload_too_if_nobody_knows_when_the_job_ended(self) -> None:
        timeless = a_job(EndTime="-", CreationTime="-")

        assert answered(timeless).day == "2026-01-01"
        assert unanswered_record(UPLOAD, Reason.GONE, [FIRST], timeless).day == "2026-01-01"

    def test_is_the_same_whether_the_answer_could_be_applied_or_not(self) -> None:
        assert answered(a_job()).day == unanswered_record(UPLOAD, Reason.REPLACED, [FIRST], a_job()).day


class TestReadingBack:
    @given(uploads, results, any_text)
    def test_every_record_of_a_result(self, upload: Upload, result: Result, seal: str) -> None:
        plain = seal.encode(errors="replace").decode()
        record = result_record(upload, result, [replace(FIRST, upload=upload)], a_job(), seal=plain, reason=None)

        assert Record.model_validate_json(record.model_dump_json(exclude_none=True)) == record

    @given(any_text.map(lambda text: text * 3000), st.sampled_from(["Success", "Failed"]))
    def test_whatever_a_job_said(self, text: str, state: str) -> None:
        job = a_job(state, text, Code=text, Message=text)
        for record in (answered(job), unanswered_record(UPLOAD, Reason.REPLACED, [FIRST], job)):
            body = record.model_dump_json(exclude_none=True)

            assert Record.model_validate_json(body) == record
            # Every character may take six bytes of JSON.
            assert len(body) < 6 * 2 * MAX_TEXT + 2000

    @given(keys)
    def test_whatever_the_key(self, key: str) -> None:
        named = replace(UPLOAD, target=replace(UPLOAD.target, key=key))

        record = unanswered_record(named, Reason.GONE)

        assert Record.model_validate_json(record.model_dump_json()).key == key

    def test_a_field_that_a_later_version_adds_is_overlooked(self) -> None:
        told = {**stored(answered(a_job())), "colour": "red"}

        assert Record.model_validate(told) == answered(a_job())

    def test_every_field_is_described_for_those_who_read_it(self) -> None:
        assert [name for name, field in Record.model_fields.items() if not field.description] == []
