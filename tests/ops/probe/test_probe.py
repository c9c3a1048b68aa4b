"""The whole probe, on the fake cloud: every answer is what is assumed, for the fakes are built so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from ops.ending import Code
from ops.probe import command
from ops.probe.catalogue import QUESTIONS
from ops.probe.command import probe
from tests.ops.probe.prober import a_prober, nothing_left

if TYPE_CHECKING:
    from pathlib import Path

    from faketencent.routes import Call

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
    assert f"{len(jobs) + 1} jobs on a clip" in said


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
        assert "7 jobs on a clip of ten seconds, each counted as a minute at 2.00 USD: at most 14.00 USD" in said
        assert said.index("at most 14.00 USD") < said.index("Ask the real service?")
        assert operator.cloud.operations() == []


def test_without_somebody_to_ask_nothing_is_done(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        code, said = operator.run(probe)

        assert (code, operator.cloud.operations()) == (Code.WRONG, []), said


def test_only_what_is_asked_for_is_paid_for(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator:
        code, said = operator.run(
            probe, "--yes", "--only", "copy-simple", "--only", "job-none", "--report", str(report)
        )

        assert code == Code.DONE
        assert "1 jobs on a clip" in said
        assert operator.cloud.operations().count("CreateMediaJobs") == 1
        assert re.findall(r"^## . (\S+):", report.read_text(encoding="utf-8"), re.MULTILINE) == [
            "copy-simple",
            "job-none",
        ]


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


def test_what_a_killed_run_left_is_found_and_removed(tmp_path: Path) -> None:
    killed = patch.object(command, "clean", lambda *_: [])
    with a_prober(tmp_path) as operator:
        with killed:
            operator.run(probe, "--yes", "--report", str(tmp_path / "a.md"), "--only", "event-delay", "--only", "queue")
        assert not nothing_left(operator.cloud)

        code, said = operator.run(probe, "--clean")

        assert code == Code.DONE, said
        assert nothing_left(operator.cloud)
        # And once more, when there is nothing.
        assert operator.run(probe, "--clean")[0] == Code.DONE


def test_or_by_the_next_run_before_it_begins(tmp_path: Path) -> None:
    killed = patch.object(command, "clean", lambda *_: [])
    report = tmp_path / "report.md"
    asked = ("--yes", "--report", str(report), "--only", "event-delay", "--only", "policy")
    with a_prober(tmp_path) as operator:
        with killed:
            operator.run(probe, *asked)

        code, said = operator.run(probe, *asked)

        assert code == Code.DONE
        assert said.count("Left by an earlier run") > 5
        assert "7 as assumed, 0 otherwise, 0 not seen" in said
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
    """A key without rights on roles, policies and functions."""
    deny = {"effect": "deny", "action": ["cam:*", "scf:*", "sts:GetFederationToken"], "resource": ["*"]}
    allow = {"effect": "allow", "action": ["*"], "resource": ["*"]}
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator:
        operator.who = operator.cloud.cam.create_user("tester", {"version": "2.0", "statement": [allow, deny]})
        # CAM's own right, which every submission needs.
        operator.who.policies[0]["statement"][1]["action"].remove("cam:*")
        operator.who.policies[0]["statement"][1]["action"] += ["cam:CreatePolicy", "cam:CreateRole", "cam:ListPolicies"]
        code, said = operator.run(probe, "--yes", "--report", str(report))

        seen = dict(re.findall(r"^## (.) (\S+):", report.read_text(encoding="utf-8"), re.MULTILINE))
        text = report.read_text(encoding="utf-8")
        assert code == Code.DONE, said
        assert seen.keys() == {"✓", "?"}
        assert nothing_left(operator.cloud)
    not_seen = set(re.findall(r"^## \? ([a-z]+)-", text, re.MULTILINE))
    assert not_seen == {"policy", "scf", "event", "callback", "queue"}


def test_the_list_needs_no_account(tmp_path: Path) -> None:
    with a_prober(tmp_path) as operator:
        code, said = operator.run(probe, "--list")

        assert (code, operator.cloud.operations()) == (Code.DONE, [])
        assert all(f"{question.name}: " in said for question in QUESTIONS)
