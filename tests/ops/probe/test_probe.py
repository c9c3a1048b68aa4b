"""The whole probe, on the fake cloud: every answer is what is assumed, for the fakes are built so."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.faults import Fault
from ops.bill import PRICE, usd
from ops.checkout import ROOT
from ops.ending import Code
from ops.probe import command
from ops.probe.catalogue import QUESTIONS, chosen, paid
from ops.probe.command import probe
from ops.probe.questions import Answer, Question
from tests.ops.probe.prober import a_prober, nothing_left

if TYPE_CHECKING:
    from pathlib import Path

    from faketencent.routes import Call

#: A run that nobody could stop from leaving things behind.
killed = partial(patch.object, command, "clean", lambda *_: [])
#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_on_the_fakes_every_answer_is_as_assumed_and_nothing_is_left(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator:
        code, said = operator.run(probe, "--yes", "--report", str(report))
        cloud = operator.cloud

    text = report.read_text(encoding="utf-8")
    assert re.findall(r"^## ([≠?].*)", text, re.MULTILINE) == []
    assert len(re.findall(r"^## ✓", text, re.MULTILINE)) == len(QUESTIONS) > 40
    assert code == Code.DONE, said
    assert nothing_left(cloud)
    jobs = [job for job in cloud.ci.backend.jobs.values() if job.started_at is not None]
    # Two more were asked for in a queue that was paused, and cancelled.
    assert f"{len(jobs) + 2} jobs on a clip" in said


def test_the_report_has_neither_secrets_nor_account_numbers(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator:
        _, said = operator.run(
            probe, "--yes", "--report", str(report), "--only", "event", "--only", "callback-request", "--only", "queue"
        )
        cloud = operator.cloud

    shown = said + report.read_text(encoding="utf-8")
    keys = list(cloud.cam._identities.values())
    secret = [text for key in keys for text in (key.secret_id, key.secret_key, key.token) if text]
    posted = [call.request.path.split("/")[1] for call in cloud.journal if "tencentscf" in call.request.host]
    hidden = [*secret, *posted, cloud.appid, cloud.cam.uin, "q-signature", "q-ak"]
    assert len(secret) > 10
    assert posted
    assert [text for text in hidden if text in shown] == []


def test_the_price_is_said_before_anything_is_done_and_no_costs_nothing(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        operator.configure(OPS_PRICE_PER_MINUTE="2")
        code, said = operator.run(probe, answers="n\n")

        assert code == Code.DONE
        assert "8 jobs on a clip of ten seconds, each counted as a minute at 2.00 USD: at most 16.00 USD" in said
        assert said.index("at most 16.00 USD") < said.index("Ask the real service?")
        assert operator.cloud.operations() == []


def test_without_somebody_to_ask_nothing_is_done(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        code, said = operator.run(probe)

        assert (code, operator.cloud.operations()) == (Code.WRONG, []), said


def test_only_what_is_asked_for_is_paid_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with a_prober(tmp_path) as operator:
        code, said = operator.run(probe, "--yes", "--only", "copy-simple", "--only", "job-none")

        assert code == Code.DONE
        assert "1 job on a clip" in said
        assert operator.cloud.operations().count("CreateMediaJobs") == 1
        report = tmp_path / "probe-20260101T000000Z.md"
        assert re.findall(r"^## . (\S+):", report.read_text(encoding="utf-8"), re.MULTILINE) == [
            "copy-simple",
            "job-none",
        ]


def test_a_job_is_asked_for_once_and_waited_for_through_an_outage(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        operator.cloud.faults.on("DescribeMediaJob", Fault.RESET, times=7)
        code, said = operator.run(probe, "--yes", "--only", "job-none", "--report", str(tmp_path / "report.md"))

        assert code == Code.DONE
        assert "1 as assumed" in said
        assert operator.cloud.operations().count("CreateMediaJobs") == 1


def test_a_job_whose_reply_is_lost_is_not_asked_for_again(tmp_path: Path) -> None:
    asked = [part for name in ("job-none", "job-list", "job-user-data") for part in ("--only", name)]
    with a_prober(tmp_path) as operator:
        operator.cloud.faults.on("CreateMediaJobs", Fault.RESET_AFTER)
        code, said = operator.run(probe, "--yes", "--report", str(tmp_path / "report.md"), *asked)

        assert code == Code.DONE
        assert "0 as assumed, 0 otherwise, 3 not seen" in said
        assert operator.cloud.operations().count("CreateMediaJobs") == 1
        assert nothing_left(operator.cloud)


def test_what_cannot_be_removed_is_named(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        operator.cloud.faults.on("DeleteBucket", Fault.RESET, times=None)
        code, said = operator.run(
            probe, "--yes", "--report", str(tmp_path / "report.md"), "--only", "copy-simple", "--only", "policy-unknown"
        )
        operator.cloud.faults.clear()

        assert code == Code.TO_DO
        assert "! left: bucket cos-watermark-probe-" in said
        assert operator.run(probe, "--clean")[0] == Code.DONE
        assert nothing_left(operator.cloud)


def test_a_name_that_means_no_question_is_wrong_use(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        code, said = operator.run(probe, "--yes", "--only", "nonsense")

        assert (code, operator.cloud.operations()) == (Code.WRONG, [])
        assert "nonsense" in said


@pytest.mark.parametrize(
    ("operation", "times"), [("PutBucket", 1), ("CreateFunction", 1), ("CreateTrigger", 2), ("CreateMediaJobs", 3)]
)
def test_ctrl_c_removes_everything_and_keeps_the_answers(tmp_path: Path, operation: str, times: int) -> None:
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator:
        left = [times]

        def stop(call: Call) -> None:
            left[0] -= call.route.operation == operation
            if call.route.operation == operation and left[0] == 0:
                raise KeyboardInterrupt

        operator.cloud.watchers.append(stop)
        names = ("copy-simple", "event-delay", "job-found", "job-none")
        code, said = operator.run(
            probe, "--yes", "--report", str(report), *(part for n in names for part in ("--only", n))
        )

        assert code == Code.STOPPED, said
        assert nothing_left(operator.cloud)
        assert report.exists() == (operation != "PutBucket")


def test_whenever_it_is_stopped_one_more_command_leaves_nothing(tmp_path: Path) -> None:
    asked = ("--yes", "--report", str(tmp_path / "a.md"), "--only", "event-delay", "--only", "job-cancel")
    with a_prober(tmp_path) as operator:
        operator.run(probe, *asked)
        calls = len(operator.cloud.journal)

    ended = [stopped_at(tmp_path, place, *asked) for place in range(0, calls, calls // 8)]

    assert calls > 60
    assert {*ended} == {Code.STOPPED}


def stopped_at(folder: Path, place: int, *asked: str) -> int:
    with a_prober(folder) as operator:
        cloud = operator.cloud
        stopped: list[int] = []

        def stop(_: Call) -> None:
            if len(cloud.journal) >= place and not stopped:
                stopped.append(place)
                raise KeyboardInterrupt

        cloud.watchers.append(stop)
        code, said = operator.run(probe, *asked)
        if not nothing_left(cloud):
            assert "probe --clean" in said
            assert operator.run(probe, "--clean")[0] == Code.DONE
        assert nothing_left(cloud)
        return code


def test_what_a_killed_run_left_is_found_and_removed(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        with killed():
            operator.run(probe, "--yes", "--report", str(tmp_path / "a.md"), "--only", "event-delay", "--only", "queue")
        assert not nothing_left(operator.cloud)

        code, said = operator.run(probe, "--clean")

        assert code == Code.DONE, said
        assert nothing_left(operator.cloud)
        # And once more, when there is nothing.
        assert operator.run(probe, "--clean")[0] == Code.DONE


def test_or_by_the_next_run_before_it_begins(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    asked = ("--yes", "--report", str(report), "--only", "event-delay", "--only", "policy")
    with a_prober(tmp_path) as operator:
        with killed():
            operator.run(probe, *asked)

        code, said = operator.run(probe, *asked)

        assert code == Code.DONE
        assert said.count("Left by an earlier run") > 5
        assert "9 as assumed, 0 otherwise, 0 not seen" in said
        assert nothing_left(operator.cloud)


def test_what_is_not_a_probes_stays(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        cloud = operator.cloud
        cloud.cos.backend.create_bucket(f"cos-watermark-prober-{cloud.appid}", "ap-beijing")
        cloud.cam.create_role("cos-watermark-submit", {"version": "2.0", "statement": []})
        before = [bucket.name for bucket in cloud.cos.backend.all_buckets()]

        operator.run(probe, "--clean")

        assert [bucket.name for bucket in cloud.cos.backend.all_buckets()] == before
        assert cloud.cam.has_role("cos-watermark-submit")


def test_what_may_not_be_asked_is_not_seen_and_stops_nothing(tmp_path: Path) -> None:
    denied = ["cam:CreatePolicy", "cam:CreateRole", "cam:ListPolicies", "scf:*", "sts:GetFederationToken"]
    deny = {"effect": "deny", "action": denied, "resource": ["*"]}
    allow = {"effect": "allow", "action": ["*"], "resource": ["*"]}
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator:
        operator.who = operator.cloud.cam.create_user("tester", {"version": "2.0", "statement": [allow, deny]})
        code, said = operator.run(probe, "--yes", "--report", str(report))

        assert code == Code.DONE, said
        assert nothing_left(operator.cloud)
    found = re.findall(r"^## (.) ([a-z]+)-", report.read_text(encoding="utf-8"), re.MULTILINE)
    assert {sign for sign, _ in found} == {"✓", "?"}
    assert {subject for sign, subject in found if sign == "?"} == {"policy", "scf", "event", "callback", "queue"}
    assert {subject for sign, subject in found if sign == "✓"} == {"copy", "metadata", "claim", "job", "queue"}


def test_a_reply_that_nobody_could_expect_stops_nothing(tmp_path: Path) -> None:
    def broken(_: object) -> Answer:
        raise KeyError("x-cos-hash-crc64ecma")

    question = Question("odd", "?", "!", "nowhere", broken)
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator, patch.object(command, "chosen", lambda _: [question]):
        code, said = operator.run(probe, "--yes", "--report", str(report))

        assert nothing_left(operator.cloud)
    assert code == Code.DONE
    assert "? odd  KeyError: 'x-cos-hash-crc64ecma'" in said


def test_a_report_without_a_folder_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        code, said = operator.run(probe, "--yes", "--report", str(tmp_path / "nowhere" / "report.md"))

        assert (code, operator.cloud.operations()) == (Code.WRONG, []), said


def test_a_report_that_cannot_be_written_leaves_nothing_in_the_account(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        code, said = operator.run(probe, "--yes", "--only", "copy-simple", "--report", str(tmp_path))

        assert code == Code.WRONG, said
        assert nothing_left(operator.cloud)


def test_the_list_needs_no_account(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        code, said = operator.run(probe, "--list")

        assert (code, operator.cloud.operations()) == (Code.DONE, [])
        assert all(f"{question.name}: " in said for question in QUESTIONS)


def test_the_guide_names_the_same_price() -> None:
    jobs = len(paid(chosen([])))
    guide = " ".join((ROOT / "docs" / "deploy.md").read_text(encoding="utf-8").split())

    assert f"All questions need {jobs} jobs" in guide
    assert f"at most {usd(jobs * PRICE)} by Tencent's list" in guide
