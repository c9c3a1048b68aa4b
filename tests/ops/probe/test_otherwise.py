"""A service that is otherwise than assumed is found out, and the evidence says how."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.ci import CallbackPolicy, JobsDetailShape, JobState
from faketencent.cos.buckets import Versioning
from faketencent.cos.models import MixedAcl
from faketencent.scf.cos_event import Dialect, EventNaming, KeyEncoding
from faketencent.scf.habits import CodeHash
from ops.policies import submit_policy
from ops.probe import keys
from ops.probe.command import probe
from tests.ops.probe.prober import a_prober, nothing_left

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from faketencent.cloud import FakeCloud
    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once


def _no_watermark_fails(cloud: FakeCloud) -> None:
    def fail(call: Call) -> None:
        for job in list(cloud.ci.backend.jobs.values()):
            if call.route.operation == "DescribeMediaJob" and job.state is JobState.SUBMITTED:
                cloud.ci.backend.fail(job.id, "NoWatermark", "extract fail")

    cloud.watchers.append(fail)


def _bucket_kept_versions(cloud: FakeCloud) -> None:
    def suspend(call: Call) -> None:
        if call.route.operation == "PutObject" and call.key == "claims/race":
            cloud.cos.backend.bucket(call.bucket).set_versioning(Versioning.SUSPENDED)

    cloud.watchers.append(suspend)


def _keys_are_encoded(cloud: FakeCloud) -> None:
    cloud.scf.backend.cos_triggers.dialect = Dialect(key=KeyEncoding.ENCODED)


def _events_bear_the_triggers_name(cloud: FakeCloud) -> None:
    cloud.scf.backend.cos_triggers.dialect = Dialect(naming=EventNaming.CONFIGURED)


def _callbacks_are_repeated(cloud: FakeCloud) -> None:
    cloud.ci.backend.sender.policy = CallbackPolicy(retries=2)


def _cancelled_ones_are_told(cloud: FakeCloud) -> None:
    cloud.ci.backend.sender.policy = CallbackPolicy(tells_of_cancelled=True)


def _hash_of_other_bytes(cloud: FakeCloud) -> None:
    cloud.scf.backend.habits.code_hash = CodeHash.OF_OTHER_BYTES


def _acl_is_refused(cloud: FakeCloud) -> None:
    cloud.cos.backend.mixed_acl = MixedAcl.REFUSED


OTHERWISE: dict[str, tuple[Callable[[FakeCloud], None], str]] = {
    "job-none": (_no_watermark_fails, r"Failed, Code 'NoWatermark', Message 'extract fail'"),
    "claim-race": (_bucket_kept_versions, r"16 × 200"),
    "event-keys": (_keys_are_encoded, r"'a b': key watched/a%20b, url /watched/a%20b, read right"),
    "event-self-copy": (_events_bear_the_triggers_name, r"cos:ObjectCreated:\*; meta: .*x-cos-meta-probe: a%20b"),
    "callback-retries": (_callbacks_are_repeated, r"3 calls in .* gaps: 60 s, 60 s"),
    "callback-cancelled": (_cancelled_ones_are_told, r"a callback came"),
    "scf-hash": (_hash_of_other_bytes, r"is not the SHA-256"),
    "copy-acl": (_acl_is_refused, r"refused: 400 InvalidArgument"),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_the_answer_is_otherwise_and_says_how(tmp_path: Path, name: str) -> None:
    change, evidence = OTHERWISE[name]
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator:
        change(operator.cloud)
        code, said = operator.run(probe, "--yes", "--only", name, "--report", str(report))

        assert code == 0, said
        assert nothing_left(operator.cloud)
    text = report.read_text(encoding="utf-8")
    assert f"## ≠ {name}: otherwise" in text, text
    assert re.search(evidence, text), text


def test_a_right_that_is_missing_in_a_printed_policy_is_named(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator, patch.object(keys, "callback_policy", submit_policy):
        operator.run(probe, "--yes", "--only", "policy-callback-works", "--report", str(report))

        assert nothing_left(operator.cloud)
    text = report.read_text(encoding="utf-8")
    assert "## ≠ policy-callback-works" in text
    assert "AccessDenied Access Denied: ci:CancelMediaJob" in text


def test_a_list_of_jobs_in_json_is_as_assumed_and_shown(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    with a_prober(tmp_path) as operator:
        operator.cloud.ci.backend.sender.policy = CallbackPolicy(shape=JobsDetailShape.LIST)
        operator.run(probe, "--yes", "--only", "callback-json", "--report", str(report))

    text = report.read_text(encoding="utf-8")
    assert "## ✓ callback-json" in text
    assert "JobsDetail is a list" in text
