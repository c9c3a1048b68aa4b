"""`status` on a deployment: what it says is what is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci import Progression
from faketencent.refusals import INVALID_ARGUMENT
from ops.pause import pause
from ops.policies import Deployment, operator_policy
from ops.status.command import status
from shared.domain.record import Record
from shared.domain.status import NAME
from tests.asking import ask
from tests.ops.at_work import AtWork, at_work
from tests.ops.deployment import STRONG_SECRET
from tests.ops.exactness import without
from tests.ops.troubles import each_call
from tests.world import BUCKET, LEDGER, REGION, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

DAY = 86_400
POLICY = operator_policy(Deployment(region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER))


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[AtWork]:
    with at_work(tmp_path, MAX_JOBS_PER_DAY="100") as stand:
        yield stand


def upload(stand: AtWork, key: str, text: str = "", salt: str = "") -> None:
    stand.world.upload(key, marked_video(text, salt or key))
    stand.world.cloud.settle()


def said(stand: AtWork, *arguments: str) -> dict[str, Any]:
    code, data, _ = stand.operator.hear(status, "--json", *arguments)
    assert (code, data.count("\n")) == (0, 1)
    parsed: dict[str, Any] = json.loads(data)
    return parsed


def commands(stand: AtWork) -> list[str]:
    return [one["command"].partition(" --env-file")[0] for one in said(stand)["to_do"]]


def test_of_a_deployment_that_had_nothing_yet(stand: AtWork) -> None:
    code, output = stand.operator.run(status)

    assert code == 0
    assert "results       nothing" in output
    assert "timer         no tick has ended yet" in output
    assert commands(stand) == ["./cos-watermark doctor"]


def test_it_counts_what_came_of_uploads(stand: AtWork) -> None:
    upload(stand, "found.mp4", "Hello_1")
    upload(stand, "none.mp4")
    stand.world.cloud.advance(8 * DAY)
    upload(stand, "again.mp4", "Hello_1", "found.mp4")
    upload(stand, "other.mp4", "Hello_2")
    stand.world.sweep()
    stand.world.cloud.advance(400)
    stand.world.sweep()

    now = said(stand)

    assert now["answered"]["all"] == {"found": 3, "none": 1, "failed": 0, "not_applied": 0, "skipped": 0}
    # The answer of the same bytes is as old as its job.
    assert now["answered"]["days_7"]["found"] == 1
    assert (now["in_flight"], now["oldest"], now["tick"]["state"]) == (0, None, "well")


def keep(stand: AtWork, number: int, **fields: Any) -> None:  # noqa: ANN401 - fields of a record
    """Put a record into the ledger."""
    upload, time = f"{number:064x}", "2026-01-01T00:00:00Z"
    told = {"upload": upload, "region": REGION, "bucket": BUCKET, "key": f"{number}.mp4", "size": 1, "modified": time}
    record = Record.model_validate({**told, "at": time, "verdict": "found", "applied": True, **fields})
    name = f"results/{record.day}/{upload}.json"
    stand.world.cloud.cos.backend.put(LEDGER, name, record.model_dump_json(exclude_none=True).encode())


def test_each_upload_is_counted_once_by_what_is_known_of_it(stand: AtWork) -> None:
    keep(stand, 1)
    keep(stand, 2, verdict="none")
    keep(stand, 3, verdict="failed", code="DecodeFailed")
    keep(stand, 4, verdict="failed", applied=False, reason="refused")
    keep(stand, 5, applied=False, reason="unwritable")
    keep(stand, 6, verdict="skipped", applied=False, reason="archived")
    # Two records of one upload: the one that is applied counts.
    keep(stand, 7, verdict="none", applied=False, reason="unwritable", at="2025-12-31T00:00:00Z")
    keep(stand, 7, verdict="none", at="2026-01-01T00:00:00Z")
    keep(stand, 8, at="2025-12-24T00:00:00Z")

    answered = said(stand)["answered"]

    assert answered["all"] == {"found": 2, "none": 2, "failed": 2, "not_applied": 1, "skipped": 1}
    assert answered["days_7"] == {**answered["all"], "found": 1}
    assert commands(stand)[1:] == [
        "./cos-watermark list --failed --since 7d",
        "./cos-watermark list --not-applied --since 7d",
    ]


def test_jobs_are_those_of_the_day_and_the_month_that_they_began_in(tmp_path: Path) -> None:
    with at_work(tmp_path) as stand:
        stand.world.cloud.advance(40 * DAY)  # to the 10th of February
        keep(stand, 1, at="2026-02-10T00:00:00Z", submitted="2026-02-09T23:59:00Z", job="j1", jobs=("j1",))
        keep(stand, 2, at="2026-02-10T00:00:00Z", submitted="2026-02-10T00:00:00Z", job="j2", jobs=("j0", "j2"))
        keep(stand, 3, at="2026-02-01T00:10:00Z", submitted="2026-01-31T23:59:00Z", job="j3", jobs=("j3",))
        # The answer was known: the job is another upload's.
        keep(stand, 4, at="2026-02-10T00:00:00Z", job="j2")

        assert (said(stand)["jobs"]["today"], said(stand)["jobs"]["month"]) == (2, 3)


def test_it_counts_each_job_once_on_the_day_of_its_slot(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    stand.world.cloud.advance(DAY)
    stand.world.cloud.ci.backend.progression = Progression.MANUAL
    upload(stand, "b.mp4")

    assert said(stand)["jobs"] == {"today": 1, "month": 2, "by_slots": True, "limit": 100}
    assert said(stand, "--minutes", "2")["spending"]["month"] == 3.4


def test_without_a_limit_it_goes_by_records_and_claims(tmp_path: Path) -> None:
    with at_work(tmp_path) as stand:
        upload(stand, "a.mp4", "Hello_1")
        stand.world.cloud.advance(DAY)
        upload(stand, "b.mp4")
        # A copy, whose answer is known: no job.
        upload(stand, "c.mp4", salt="b.mp4")
        stand.world.cloud.advance(400)
        stand.world.sweep()
        stand.world.cloud.ci.backend.progression = Progression.MANUAL
        upload(stand, "d.mp4")

        assert len(stand.world.jobs) == 3
        assert said(stand)["jobs"] == {"today": 2, "month": 3, "by_slots": False, "limit": None}
        assert "./cos-watermark deploy" in commands(stand)

        # Of a month later, nothing was yet.
        stand.world.cloud.advance(31 * DAY)
        assert (said(stand)["jobs"]["today"], said(stand)["jobs"]["month"]) == (0, 0)


def test_the_limit_is_the_one_that_is_deployed(stand: AtWork) -> None:
    stand.world.sweep()
    stand.configure(WATERMARK_MAX_JOBS_PER_DAY="7")

    assert said(stand)["jobs"]["limit"] == 100


def test_what_is_in_flight_waits_or_is_held_is_told_with_the_reason(stand: AtWork) -> None:
    stand.world.cloud.ci.backend.progression = Progression.MANUAL
    upload(stand, "slow.mp4")
    stand.operator.run(pause, "--why", "budget")
    stand.world.cloud.advance(120)
    upload(stand, "held.mp4")
    ask(stand.world, "asked.mp4")
    stand.world.sweep()

    now = said(stand)

    assert (now["in_flight"], now["held"], now["waiting"], now["paused"]["why"]) == (2, {"paused": 1}, 1, "budget")
    assert (now["oldest"]["key"], now["oldest"]["seconds"]) == ("slow.mp4", 120)
    assert commands(stand) == ["./cos-watermark resume"]


def test_refusals_are_told_and_where_to_look(stand: AtWork) -> None:
    stand.world.cloud.faults.on("CreateMediaJobs", INVALID_ARGUMENT, times=None)
    upload(stand, "a.mp4")
    # Before the first tick, the claim itself knows.
    assert "InvalidArgument" in said(stand)["refusal"]
    stand.world.cloud.advance(400)
    stand.world.sweep()

    assert "InvalidArgument" in said(stand)["refusal"]
    assert "./cos-watermark logs --level ERROR" in commands(stand)


def test_a_claim_that_is_old_is_named(stand: AtWork) -> None:
    stand.world.cloud.ci.backend.progression = Progression.MANUAL
    upload(stand, "海 水.mp4")
    stand.world.cloud.advance(2 * DAY)
    stand.world.sweep()

    # Not where it stops a command line: the file of settings comes first.
    assert next(one["command"] for one in said(stand)["to_do"]).endswith("/.env '海 水.mp4'")


def test_one_that_waits_for_the_limit_is_old_and_not_stuck(tmp_path: Path) -> None:
    with at_work(tmp_path, MAX_JOBS_PER_DAY="1") as stand:
        stand.world.cloud.ci.backend.progression = Progression.MANUAL
        upload(stand, "first.mp4")
        upload(stand, "held.mp4")
        stand.world.cloud.ci.backend.finish(stand.world.jobs[0].id)
        stand.world.cloud.settle()
        stand.world.cloud.advance(2 * DAY)

        now = said(stand)

        assert (now["held"], now["oldest"]["key"], now["stuck"]) == ({"limit": 1}, "held.mp4", None)


def test_claims_without_a_tick_say_that_the_timer_does_not_run(stand: AtWork) -> None:
    upload(stand, "a.mp4")
    stand.world.cloud.ci.backend.progression = Progression.MANUAL
    upload(stand, "b.mp4")

    assert (said(stand)["tick"]["state"], said(stand)["in_flight"]) == ("never", 1)
    assert commands(stand) == ["./cos-watermark doctor"]


def test_a_tick_that_is_late_is_told(stand: AtWork) -> None:
    stand.world.sweep()
    stand.world.cloud.advance(3600)

    assert said(stand)["tick"] == {"state": "late", "at": "2026-01-01T00:00:00Z", "seconds_ago": 3600, "complete": True}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"v": 1}', b"null"], ids=repr)
def test_a_status_that_is_rubbish_is_told(stand: AtWork, body: bytes) -> None:
    stand.world.cloud.cos.backend.put(LEDGER, NAME, body)

    code, output = stand.operator.run(status)

    assert code == 0
    assert "status.json in the ledger was not written by it" in output


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-01T00:00:00Z", "9999-99-99T99:99:99Z"])
def test_a_tick_at_no_time_is_rubbish_too(stand: AtWork, at: str) -> None:
    stand.world.sweep()
    body = json.loads(stand.world.kept(NAME)) | {"at": at}
    stand.world.cloud.cos.backend.put(LEDGER, NAME, json.dumps(body).encode())

    assert said(stand)["tick"]["state"] == "unreadable"


@pytest.mark.parametrize("body", [b"", b"rubbish", b'{"by": "\x1b[2J", "why": "' + b"x" * 4000 + b'"}'])
def test_a_pause_of_any_content_is_one(stand: AtWork, body: bytes) -> None:
    stand.world.cloud.cos.backend.put(LEDGER, "paused", body)

    code, output = stand.operator.run(status)

    assert code == 0
    assert "\x1b" not in output
    assert "No job is submitted during the pause" in output


def test_it_takes_no_more_rights_than_an_operator_has_and_not_the_secret(stand: AtWork) -> None:
    stand.become(POLICY)
    stand.configure(WATERMARK_SECRET=None)

    assert said(stand)["v"] == 1


@pytest.mark.parametrize("action", ["cos:GetBucket", "cos:GetObject"])
def test_without_the_right_it_names_it(stand: AtWork, action: str) -> None:
    # Given something to read
    upload(stand, "a.mp4", "Hello_1")
    stand.become(without(POLICY, (action, f"qcs::cos:{REGION}:uid/1250000000:{LEDGER}/*")))

    code, output = stand.operator.run(status)

    assert code == 3
    assert f"The right {action} is missing" in output


def test_a_ledger_that_is_not_there_is_told(stand: AtWork) -> None:
    stand.configure(WATERMARK_LEDGER_BUCKET="other-1250000000")

    code, output = stand.operator.run(status)

    assert code == 3
    assert "NoSuchBucket" in output


def test_whatever_happens_to_a_call_it_says_so(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    stand.world.sweep()
    index = stand.operator.folder / ".cos-watermark" / LEDGER / "index.sqlite"

    ended = list(each_call(stand.operator, status, "-q", before=lambda: index.unlink(missing_ok=True)))

    assert {code for _, code, _, _ in ended} == {0, 3}
    assert [one for one in ended if STRONG_SECRET in one[3]] == []
    # What could not be looked at is never shown as if it had been.
    assert [one for one in ended if one[1] == 3 and "answered" in one[3]] == []
