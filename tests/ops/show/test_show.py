"""`show`: all that is known of one object on one screen, and what happens next."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from faketencent.ci import Progression
from faketencent.faults import Fault
from shared.domain.claim import Attempt, Held
from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.result import Result, Verdict
from tests.asking import ask
from tests.ops.ledgers import BEGIN, claim, keep, record_of, upload_of
from tests.ops.screens import shows
from tests.ops.show.shows import KEY, on_a_terminal, run, said, upload
from tests.world import BUCKET, LEDGER, REGION, marked_video

if TYPE_CHECKING:
    from tests.ops.at_work import AtWork

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_screen_of_an_answer(stand: AtWork) -> None:
    upload(stand, KEY, "Hello_水印")
    shows("show_answer", on_a_terminal(stand, KEY))


def test_screen_of_a_job_that_runs(stand: AtWork) -> None:
    upload(stand, "old.mp4", "first")
    stand.world.cloud.advance(7)
    stand.world.cloud.ci.backend.progression = Progression.MANUAL
    upload(stand, "old.mp4", "second")
    stand.world.cloud.ci.backend.start(stand.world.jobs[-1].id)

    shows("show_job", on_a_terminal(stand, "old.mp4"))


def test_screen_of_a_refusal(stand: AtWork) -> None:
    stand.world.cloud.faults.on("CreateMediaJobs", Fault.ERROR_403, times=None)
    upload(stand, "a.mp4")

    shows("show_refused", re.sub(r"request id \w+=*", "request id ID", on_a_terminal(stand, "a.mp4")))


def test_screen_in_a_pipe(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    keep(
        stand.world.cloud,
        *(record_of("a.mp4", Verdict.FAILED, -n, code="InternalError", message="x" * 999) for n in range(1, 12)),
    )
    data = said(stand, "a.mp4")
    shows("show_pipe", re.sub(r"--env-file \S+", "--env-file FILE", data))


def test_what_waits_is_shown_with_what_cancels_it(stand: AtWork) -> None:
    upload(stand, "a.mp4")
    ask(stand.world, "a.mp4", again=True)

    data = said(stand, "a.mp4")

    assert "asked for  2026-01-01 00:00:00Z by operator, a re-check, run 20260101T000000Z-0001" in data
    assert re.search(r"To submit no job for it:\n    \./cos-watermark cancel --env-file \S+ a\.mp4\n", data)


def test_a_held_claim_says_when_it_goes_on(stand: AtWork) -> None:
    stand.world.configure(MAX_JOBS_PER_DAY="1")
    upload(stand, "a.mp4")
    upload(stand, "b.mp4")

    data = said(stand, "b.mp4")

    assert "claim     since 2026-01-01 00:00:00Z, attempt 1, held: limit" in data
    assert "next      Held by the daily limit: it continues at 2026-01-02 00:00:00Z, the oldest first" in data


def test_a_pause_is_ended_by_resume(stand: AtWork) -> None:
    stand.world.cloud.cos.backend.put(LEDGER, "paused", b"{}")
    upload(stand, "a.mp4")

    assert "./cos-watermark resume --env-file" in said(stand, "a.mp4")


def test_a_lost_job_is_said(stand: AtWork) -> None:
    stand.world.cloud.ci.backend.progression = Progression.MANUAL
    upload(stand, "a.mp4")
    job = stand.world.jobs[-1].id
    stand.world.cloud.ci.backend.forget(job)

    data = said(stand, "a.mp4")

    assert f"job       {job}: Cloud Infinite does not know it any more" in data
    assert "next      Cloud Infinite does not know the job any more" in data


def test_of_a_claim_without_a_job_the_jobs_of_the_object_are_looked_at(stand: AtWork) -> None:
    stand.world.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_AFTER)
    stand.world.cloud.ci.backend.progression = Progression.MANUAL
    upload(stand, "a.mp4")

    data = said(stand, "a.mp4")

    assert f"job       {stand.world.jobs[-1].id}: Submitted, submitted 2026-01-01 00:00:00Z" in data
    assert "It is not known yet whether it has a job" in data


def test_a_result_that_cannot_be_written_says_why(stand: AtWork) -> None:
    upload(stand, "b.mp4")
    stand.world.cloud.cos.backend.put(BUCKET, "a.mp4", marked_video("x"))
    stand.world.cloud.clock._due.clear()
    head = stand.world.get("a.mp4")
    found = Result(Verdict.FOUND, "2026-01-01T00:00:00Z", "j9", "Hello_1")
    upload_there = Upload(ObjectRef(REGION, BUCKET, "a.mp4"), Content(str(head.crc64), len(head.body)), BEGIN)
    claim(stand.world.cloud, Attempt(upload_there, 1, BEGIN, result=found, problem="no\x1b[2J room"))

    data = said(stand, "a.mp4")

    assert "problem   no [2J room" in data
    assert "its result: found" in data


@pytest.mark.parametrize("secret", ["kept", "none", "another"])
def test_a_seal_is_compared_where_the_secret_is_known(stand: AtWork, secret: str) -> None:
    upload(stand, "a.mp4", "Hello_1")
    if secret != "kept":
        stand.configure(WATERMARK_SECRET=None if secret == "none" else "f4b1" * 16)

    data = said(stand, "a.mp4")

    expected = {
        "kept": "ours",
        "none": "not checked: WATERMARK_SECRET is not in .env",
        "another": "not ours, or for other bytes",
    }
    assert re.search(rf"^seal      {re.escape(expected[secret])}$", data, re.MULTILINE)


def test_an_object_that_is_gone_keeps_its_history(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    stand.world.cloud.cos.backend.delete(BUCKET, "a.mp4")

    data = said(stand, "a.mp4")

    assert "object  does not exist" in data
    assert "found: Hello_1; on the object" in data
    assert "next    Nothing: the object is gone" in data


def test_the_same_bytes_written_again_are_another_upload(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    stand.world.cloud.advance(10)
    stand.world.upload("a.mp4", marked_video("Hello_1", "a.mp4"))

    data = said(stand, "a.mp4")

    assert "result    none on the object" in data
    assert "record    2026-01-01 00:00:00Z found: Hello_1; on the object" in data
    assert "next      It was uploaded a moment ago: its event may still come" in data


def test_an_object_that_nobody_can_look_at_is_no_reason_to_stop(stand: AtWork) -> None:
    prefix = "x-cos-server-side-encryption-customer"
    key = {"key": "MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=", "key-MD5": "U5L61r7jcwdNvT7frmUG8g=="}
    headers = {f"{prefix}-algorithm": "AES256", **{f"{prefix}-{name}": value for name, value in key.items()}}
    stand.world.upload("a.mp4", marked_video("x"), headers)
    stand.world.cloud.settle()

    data = said(stand, "a.mp4")

    assert "object  can be read only with your own key (SSE-C)" in data
    assert "record  2026-01-01 00:00:00Z skipped; not on the object: unreadable; no job" in data
    assert "next    As it is, it is never checked" in data


@pytest.mark.parametrize(
    "key", ["-rf.mp4", "a b'c.mp4", "$(reboot).mp4", "a\u200b\u202e.mp4", "cos://x/y.mp4", "😀.mp4"]
)
def test_the_command_that_is_shown_means_that_very_key(stand: AtWork, key: str) -> None:
    stand.world.cloud.cos.backend.put(BUCKET, key, marked_video("", key))
    named = f"cos://{BUCKET}/{key}" if key.startswith("cos://") else key

    data = said(stand, "--", named)

    (command,) = [line for line in data.splitlines() if line.startswith("    ./cos-watermark submit")]
    assert command.isprintable()
    word = command.rpartition(" --env-file ")[2].partition(" ")[2]
    if "$'" in word:
        assert word == r"$'a\xe2\x80\x8b\xe2\x80\xae.mp4'"
        return
    assert shlex.split(word)[-1] == named
    assert (shlex.split(word)[0] == "--") is key.startswith("-")


def test_json_is_one_object_with_all_of_it(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    ask(stand.world, "a.mp4")

    code, data, _ = run(stand, "a.mp4", "--json")
    told = json.loads(data)

    assert (code, told["v"], told["bucket"], told["key"], told["there"], told["seal"]) == (
        0, 1, BUCKET, "a.mp4", "yes", "ours",
    )  # fmt: skip
    assert told["object"]["text"] == "Hello_1"
    assert [record["verdict"] for record in told["records"]] == ["found"]
    assert [entry["by"] for entry in told["waiting"]] == ["operator"]
    assert [job["state"] for job in told["jobs"]] == ["Success"]
    assert told["next"]["commands"][0].startswith("./cos-watermark cancel")
    assert told["unseen"] == {}


def test_nothing_is_changed(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    claim(stand.world.cloud, Attempt(upload_of("a.mp4"), 1, BEGIN, held=Held.LIMIT))
    stand.world.cloud.journal.clear()

    said(stand, "a.mp4")

    assert {call.request.method for call in stand.world.cloud.journal} == {"GET", "HEAD"}
