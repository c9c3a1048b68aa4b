"""`deploy` on an account: from nothing to a result, and from any state to what is wanted."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault
from ops.deploy import command
from ops.deploy.command import deploy
from tests.ops.account import Operator, an_operator, prepare, small_bundle
from tests.world import BUCKET, LEDGER, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.bundle.build import Bundle

#: Says the same on every Python.
pytestmark = pytest.mark.once

NAMES = ("cos-watermark-callback", "cos-watermark-submit")
WRITES = ("CreateFunction", "CreateTrigger", "Update", "DeleteFunction", "DeleteTrigger")


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with an_operator(tmp_path) as operator:
        prepare(operator.cloud)
        yield operator


def deployed(operator: Operator, *arguments: str) -> str:
    code, output = operator.run(deploy, "--yes", *arguments)
    assert code == 0, output
    return output


def writes(operator: Operator) -> list[str]:
    return [name for name in operator.cloud.operations() if name.startswith(WRITES)]


def answer(operator: Operator, key: str) -> str | None:
    return operator.cloud.cos.backend.get(BUCKET, key).headers.get("x-cos-meta-watermark-text")


def test_an_upload_after_it_ends_with_a_result_on_the_object(operator: Operator) -> None:
    deployed(operator)
    operator.cloud.scf.backend.invocations.clear()
    operator.cloud.cos.backend.put(BUCKET, "a.mp4", marked_video("Hello_1"))

    operator.cloud.settle()

    assert answer(operator, "a.mp4") == "Hello_1"
    assert [run.function for run in operator.cloud.scf.backend.invocations] == [NAMES[1], NAMES[0], NAMES[1]]


def test_a_second_run_finds_nothing_to_do(operator: Operator) -> None:
    deployed(operator)
    before = len(writes(operator))

    output = deployed(operator)

    assert "Nothing to deploy" in output
    assert len(writes(operator)) == before


def test_a_dry_run_changes_nothing_and_tells_by_its_code(operator: Operator) -> None:
    assert operator.run(deploy, "--dry-run")[0] == 1
    assert writes(operator) == []

    deployed(operator)
    assert operator.run(deploy, "--dry-run")[0] == 0


def test_nobody_who_answers_is_no_yes(operator: Operator) -> None:
    code, output = operator.run(deploy)

    assert (code, writes(operator)) == (2, [])
    assert "Say --yes" in output


def test_a_no_is_a_no(operator: Operator) -> None:
    assert operator.run(deploy, answers="n\n")[0] == 0
    assert writes(operator) == []


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_no_secret_is_printed(operator: Operator, arguments: tuple[str, ...]) -> None:
    deployed(operator)
    operator.configure(WATERMARK_SECRET="another-secret-of-thirty-two-bytes-or-more")

    _, output = operator.run(deploy, "--yes", *arguments)

    assert "WATERMARK_SECRET is replaced (not shown)" in output
    assert "another-secret" not in output


def test_nothing_is_spent_before_everything_else_stands(operator: Operator) -> None:
    deployed(operator)

    made = [call for call in operator.cloud.journal if call.route.operation == "CreateTrigger"]
    kinds = ["cos" if b'"cos"' in call.request.body else "other" for call in made]
    assert kinds == ["other", "other", "cos", "cos", "cos", "cos", "cos"]
    assert writes(operator)[-1] == "CreateTrigger"


def test_a_new_setting_reaches_both_functions(operator: Operator) -> None:
    deployed(operator)
    operator.configure(WATERMARK_MIN_AGE="60")

    output = deployed(operator)

    assert output.count("WATERMARK_MIN_AGE not set → 60") == 2
    for name in NAMES:
        assert operator.cloud.scf.backend.function(name).environment["WATERMARK_MIN_AGE"] == "60"


def test_the_largest_bill_is_said_before_anything_is_asked(operator: Operator) -> None:
    _, output = operator.run(deploy, answers="n\n")
    assert "Largest bill: at most 100 jobs a day" in output.partition("Deploy?")[0]

    operator.configure(WATERMARK_MAX_JOBS_PER_DAY=None)
    _, output = operator.run(deploy, answers="n\n")
    assert "Warning: there is no limit on the cost" in output.partition("Deploy?")[0]


def test_the_ledger_bucket_is_untouched(operator: Operator) -> None:
    deployed(operator)

    assert operator.cloud.cos.backend.keys(LEDGER) == []


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.RESET_AFTER], ids=lambda fault: fault.name)
def test_new_code_whose_reply_was_lost_is_sent_again_only_if_it_did_not_arrive(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    deployed(operator)
    monkeypatch.setattr(command, "build", other_bundle)
    operator.cloud.faults.on("UpdateFunctionCode", fault)

    code, _ = operator.run(deploy, "--yes")

    assert code == (0 if fault is Fault.RESET_AFTER else 3)
    deployed(operator)
    sent = [name for name in writes(operator) if name == "UpdateFunctionCode"]
    assert len(sent) == (2 if fault is Fault.RESET_AFTER else 3)
    for name in NAMES:
        assert b"other" in operator.cloud.scf.backend.function(name).code


def other_bundle(folder: Path, archive: Path, *_: object) -> Bundle:
    """With one more module."""
    bundle = small_bundle(folder, archive)
    with zipfile.ZipFile(archive, "a") as made:
        made.writestr(zipfile.ZipInfo("other.py"), "")
    return bundle
