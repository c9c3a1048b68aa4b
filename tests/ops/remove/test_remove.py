"""`remove`: nothing that is paid for is lost unless somebody says so, and what is left of an earlier run goes too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cam import EVERYTHING
from faketencent.ci import Progression
from faketencent.ci.progression import Durations
from faketencent.faults import Fault
from faketencent.scf.cos_trigger import Delivery
from ops.deploy.command import deploy
from ops.remove.command import remove
from ops.version import show_version
from shared.domain.objects import ObjectRef
from shared.domain.waiting import WaitingEntry, waiting_name
from tests.ops.account import Operator, an_operator, prepare
from tests.world import BUCKET, LEDGER, REGION, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

NAMES = ("cos-watermark-submit", "cos-watermark-callback")


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with an_operator(tmp_path) as operator:
        prepare(operator.cloud)
        assert operator.run(deploy, "--yes")[0] == 0
        operator.cloud.scf.backend.invocations.clear()
        yield operator


def there(operator: Operator) -> list[str]:
    return [function.name for function in operator.cloud.scf.backend.functions]


def in_flight(operator: Operator) -> None:
    """A job that runs: CI takes its time."""
    operator.cloud.ci.backend.progression = Progression.TIMED
    operator.cloud.ci.backend.durations = Durations(running=90)
    operator.cloud.cos.backend.put(BUCKET, "a.mp4", marked_video("Hello_1"))
    operator.cloud.settle()


def text(operator: Operator) -> str | None:
    return operator.cloud.cos.backend.get(BUCKET, "a.mp4").headers.get("x-cos-meta-watermark-text")


def let_time_pass(operator: Operator) -> None:
    """What is due happens while the command waits: here a pause only moves the clock."""

    settling: list[Call] = []

    def settle(call: Call) -> None:
        if call.route.operation == "GetBucket" and not settling:
            settling.append(call)
            operator.cloud.settle()
            settling.clear()

    operator.cloud.watchers.append(settle)


def test_functions_and_triggers_go_and_the_rest_stays(operator: Operator) -> None:
    code, output = operator.run(remove, "--yes")

    assert (code, there(operator)) == (0, [])
    assert "the ledger bucket with its records, roles and policies." in output
    operator.cloud.cos.backend.put(BUCKET, "a.mp4", marked_video("Hello_1"))
    operator.cloud.settle()
    assert operator.cloud.scf.backend.invocations == []


def test_it_can_be_deployed_again(operator: Operator) -> None:
    operator.run(remove, "--yes")
    assert operator.run(deploy, "--yes")[0] == 0
    in_flight(operator)
    operator.cloud.advance(200)

    assert text(operator) == "Hello_1"


def test_a_job_that_runs_is_waited_for(operator: Operator) -> None:
    in_flight(operator)
    let_time_pass(operator)

    code, output = operator.run(remove, "--yes")

    assert (code, there(operator), text(operator)) == (0, [], "Hello_1")
    assert "1 job has not ended" in output


def test_meanwhile_nothing_new_begins(operator: Operator) -> None:
    in_flight(operator)
    # Nobody was told of this one; somebody asked for it.
    operator.cloud.scf.backend.cos_triggers.delivery = Delivery(copies=0)
    operator.cloud.cos.backend.put(BUCKET, "old.mp4", marked_video("Hello_2"))
    operator.cloud.settle()
    operator.cloud.scf.backend.cos_triggers.delivery = Delivery()
    entry = WaitingEntry(region=REGION, bucket=BUCKET, key="old.mp4", by="operator", at="2026-01-01T00:00:00Z")
    name = waiting_name("20260101T000000Z-0001", ObjectRef(REGION, BUCKET, "old.mp4"))
    operator.cloud.cos.backend.put(LEDGER, name, entry.model_dump_json().encode())
    let_time_pass(operator)

    operator.run(remove, "--yes")

    assert [text(operator), len(operator.cloud.ci.backend.jobs)] == ["Hello_1", 1]
    assert "paused" not in operator.cloud.cos.backend.keys(LEDGER)


def test_somebody_elses_pause_stays(operator: Operator) -> None:
    operator.cloud.cos.backend.put(LEDGER, "paused", b'{"by": "somebody"}')

    operator.run(remove, "--yes")

    assert "paused" in operator.cloud.cos.backend.keys(LEDGER)


def test_without_waiting_it_says_what_is_lost(operator: Operator) -> None:
    in_flight(operator)

    code, output = operator.run(remove, "--yes", "--now")

    assert (code, there(operator), text(operator)) == (0, [], None)
    assert "1 result that is paid for, or may be, will be lost" in output


def stranger(operator: Operator, name: str) -> None:
    """A function of that name that `deploy` did not make."""
    operator.cloud.scf.backend.update_function(name, description="Of somebody else.")


def test_a_function_of_somebody_else_stays_and_is_named(operator: Operator) -> None:
    stranger(operator, NAMES[0])

    code, output = operator.run(remove, "--yes")

    assert (code, there(operator)) == (0, [NAMES[0]])
    assert f"! function {NAMES[0]} stays: `deploy` did not create it" in output
    assert len(operator.cloud.scf.backend.cos_triggers.of(NAMES[0])) == 5


@pytest.mark.parametrize("deny", [["cos:GetBucket"], ["cos:GetObject"]])
def test_what_is_in_flight_and_cannot_be_seen_has_to_be_given_up_by_word(operator: Operator, deny: list[str]) -> None:
    in_flight(operator)
    no = {"version": "2.0", "statement": [{"effect": "deny", "action": deny, "resource": ["*"]}]}
    operator.who = operator.cloud.cam.create_user("deployer", EVERYTHING, no)

    code, output = operator.run(remove, "--yes")
    assert (code, sorted(there(operator))) == (1, sorted(NAMES))
    assert "--now removes the functions all the same" in output

    assert operator.run(remove, "--yes", "--now")[0] == 0
    assert there(operator) == []


def test_a_ledger_that_is_gone_keeps_nothing_up_if_somebody_says_so(operator: Operator) -> None:
    operator.cloud.cos.backend.delete_bucket(LEDGER)

    assert operator.run(remove, "--yes")[0] == 1
    assert operator.run(remove, "--yes", "--now")[0] == 0
    assert there(operator) == []


def test_a_deployment_ends_the_pause_of_a_removal_that_was_stopped(operator: Operator) -> None:
    in_flight(operator)

    def stop(call: Call) -> None:
        if call.route.operation == "PutObject" and "paused" in call.request.path:
            operator.cloud.watchers[:] = [seen for seen in operator.cloud.watchers if seen is not stop]
            operator.cloud.watchers.append(interrupt)

    def interrupt(_: Call) -> None:
        operator.cloud.watchers.remove(interrupt)
        raise KeyboardInterrupt

    operator.cloud.watchers.append(stop)
    assert operator.run(remove, "--yes")[0] == 130
    assert "paused" in operator.cloud.cos.backend.keys(LEDGER)

    assert operator.run(deploy, "--yes")[0] == 0
    assert "paused" not in operator.cloud.cos.backend.keys(LEDGER)


class TestAll:
    def test_roles_policies_and_a_ledger_without_records_go_too(self, operator: Operator) -> None:
        operator.cloud.advance(60)
        assert operator.cloud.cos.backend.keys(LEDGER) == ["status.json"]

        code, output = operator.run(remove, "--yes", "--all")

        cam = operator.cloud.cam
        assert (code, there(operator), [cam.has_role(name) for name in NAMES]) == (0, [], [False, False])
        assert cam.has_role("CI_QCSRole")
        assert cam.has_role("SCF_QcsRole")
        assert LEDGER not in [bucket.name for bucket in operator.cloud.cos.backend.all_buckets()]
        for line in (f"- role {NAMES[0]}", f"- ledger bucket {LEDGER}"):
            assert line in output.partition("Removed.")[0]
        assert "Nothing is left to remove." in operator.run(remove, "--yes", "--all")[1]

    def test_a_ledger_with_records_stays(self, operator: Operator) -> None:
        operator.cloud.cos.backend.put(LEDGER, "results/2026-01-01/a.json", b"{}")

        _, output = operator.run(remove, "--yes", "--all")

        assert f"! ledger bucket {LEDGER} stays: it is not empty" in output
        assert "results/2026-01-01/a.json" in operator.cloud.cos.backend.keys(LEDGER)

    def test_a_policy_that_others_have_stays(self, operator: Operator) -> None:
        cam = operator.cloud.cam
        name = NAMES[0]
        policy = cam.policies.create(name, cam.documents(cam.roles.get(name))[0], "")
        cam.attach(cam.roles.get(name), policy.id)
        cam.create_role("another")
        cam.attach(cam.roles.get("another"), policy.id)

        _, output = operator.run(remove, "--yes", "--all")

        assert f"! policy {name} stays: others have it too" in output
        assert not cam.has_role(name)
        assert cam.policies.get(name=name).id == policy.id

    @pytest.mark.parametrize("fault", [Fault.RESET, Fault.RESET_AFTER], ids=lambda fault: fault.name)
    @pytest.mark.parametrize("operation", ["DetachRolePolicy", "DeleteRole", "DeleteBucket", "ListPolicies"])
    def test_the_next_run_finishes_what_a_lost_reply_left(
        self, operator: Operator, operation: str, fault: Fault
    ) -> None:
        operator.cloud.faults.on(operation, fault)
        first, _ = operator.run(remove, "--yes", "--all")
        second, output = operator.run(remove, "--yes", "--all")

        assert (first, second) == (3, 0), output
        assert [operator.cloud.cam.has_role(name) for name in NAMES] == [False, False]
        assert "Nothing is left to remove." in operator.run(remove, "--yes", "--all")[1]


def test_a_no_is_a_no(operator: Operator) -> None:
    operator.run(remove, answers="n\n")

    assert sorted(there(operator)) == sorted(NAMES)


def test_what_is_not_there_is_not_removed(operator: Operator) -> None:
    operator.run(remove, "--yes")

    assert operator.run(remove, "--yes") == (0, "Nothing is deployed.\n")


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.RESET_AFTER], ids=lambda fault: fault.name)
@pytest.mark.parametrize("operation", ["DeleteTrigger", "DeleteFunction", "PutObject", "DeleteObject", "GetFunction"])
def test_the_next_run_finishes_what_a_lost_reply_left(operator: Operator, operation: str, fault: Fault) -> None:
    operator.cloud.faults.on(operation, fault)
    first, _ = operator.run(remove, "--yes")
    second, output = operator.run(remove, "--yes")

    assert first in (0, 3)
    assert (second, there(operator)) == (0, []), output
    assert "paused" not in operator.cloud.cos.backend.keys(LEDGER)


def test_version_says_what_is_here_and_what_is_deployed(operator: Operator) -> None:
    lines = operator.run(show_version)[1].splitlines()

    assert lines[0].startswith("here: version 0.1.0, ")
    assert [line.partition(":")[0] for line in lines[1:]] == list(NAMES)
    assert all(": version 0.1.0, " in line and ", Active since 2026-01-01 " in line for line in lines[1:])
    operator.run(remove, "--yes")
    assert operator.run(show_version)[1].count("not deployed") == 2
