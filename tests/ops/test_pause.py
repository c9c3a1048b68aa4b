"""`pause` and `resume`: what they do to a deployment, and what they say of a pause that is not the operator's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.ci import Progression
from faketencent.cos.buckets import Versioning
from faketencent.faults import Fault
from ops.pause import pause, resume
from ops.pausing import begin_pause
from ops.policies import Deployment, operator_policy
from shared.cloud.clients import connect
from shared.domain.claim import Held
from shared.settings import read_credentials, read_settings
from tests.ops.at_work import AtWork, at_work
from tests.ops.deployment import STRONG_SECRET
from tests.ops.exactness import without
from tests.ops.troubles import each_call
from tests.world import BUCKET, LEDGER, REGION, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

POLICY = operator_policy(Deployment(region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER))
FUNCTIONS = b'{"by": "cos-watermark", "at": "2026-01-01T08:00:00Z", "why": "a result did not come back as it was sent"}'


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[AtWork]:
    with at_work(tmp_path) as stand, patch("getpass.getuser", lambda: "ada"):
        yield stand


def upload(stand: AtWork, key: str) -> None:
    stand.world.upload(key, marked_video(key, key))
    stand.world.cloud.settle()


def put(stand: AtWork, body: bytes) -> None:
    stand.world.cloud.cos.backend.put(LEDGER, "paused", body)


def paused(stand: AtWork) -> dict[str, str] | None:
    if not stand.world.ledger("paused"):
        return None
    found: dict[str, str] = json.loads(stand.world.kept("paused"))
    return found


def deletes(stand: AtWork) -> int:
    return stand.world.cloud.operations().count("DeleteObject")


def test_what_has_a_job_ends_what_comes_is_held_and_goes_on_afterwards(stand: AtWork) -> None:
    # Given a job that runs
    stand.world.cloud.ci.backend.progression = Progression.MANUAL
    upload(stand, "running.mp4")

    # When
    code, output = stand.operator.run(pause, "--why", "budget")
    stand.world.cloud.advance(60)
    upload(stand, "held.mp4")
    stand.world.cloud.ci.backend.finish(stand.world.jobs[0].id)
    stand.world.cloud.settle()

    # Then
    assert (code, output.splitlines()[0]) == (0, "Paused. After at most a minute no function submits a job.")
    assert "the ledger has 1 claim" in output
    assert "reserved concurrency 0" in output
    assert "six hours" in output
    assert paused(stand) == {"by": "ada", "at": "2026-01-01T00:00:00Z", "why": "budget"}
    assert stand.world.answer("running.mp4") == ("found", "running.mp4")
    assert [attempt.held for attempt in stand.world.attempts()] == [Held.PAUSED]

    # And when
    stand.world.cloud.ci.backend.progression = Progression.IMMEDIATE
    code, output = stand.operator.run(resume, "--utc")
    for _ in range(3):
        stand.world.cloud.advance(300)
        stand.world.sweep()
        stand.world.cloud.settle()

    assert code == 0
    assert output.startswith("Paused by ada at 2026-01-01 00:00:00Z: budget.\nResumed. After at most a minute")
    assert stand.world.answer("held.mp4") == ("found", "held.mp4")
    assert (len(stand.world.jobs), paused(stand)) == (2, None)


@pytest.mark.parametrize("body", [FUNCTIONS, b'{"by": "eve", "why": ""}', b"", b"\x00rubbish"], ids=repr)
def test_a_pause_that_is_there_stays_as_it_is(stand: AtWork, body: bytes) -> None:
    put(stand, body)

    code, output = stand.operator.run(pause, "--why", "mine")

    assert (code, stand.world.kept("paused")) == (0, body)
    assert output.startswith("Paused already, by ")
    assert "\x00" not in output


def test_in_a_ledger_that_keeps_versions_it_stays_too(stand: AtWork) -> None:
    # Given one where the create-only header means nothing
    stand.world.cloud.cos.backend.bucket(LEDGER).set_versioning(Versioning.ENABLED)
    stand.world.sweep()

    code, output = stand.operator.run(pause)

    assert code == 0
    assert "by cos-watermark" in output
    assert (paused(stand) or {})["by"] == "cos-watermark"


def test_where_nothing_is_paused_there_is_nothing_to_resume(stand: AtWork) -> None:
    assert stand.operator.run(resume) == (0, "Not paused.\n")
    assert deletes(stand) == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (FUNCTIONS, "The functions made this pause"),
        (
            b'{"by": "cos-watermark remove", "why": "the functions are about to be removed"}',
            "Another command made this pause",
        ),
        (b"", "does not say who wrote it"),
        (b"rubbish", "does not say who wrote it"),
        (b'{"by": 7}', "does not say who wrote it"),
        (b"{}", "does not say who wrote it"),
    ],
)
class TestAPauseThatNoPersonMade:
    def test_stays_if_nobody_agrees(self, stand: AtWork, body: bytes, said: str) -> None:
        put(stand, body)

        code, output = stand.operator.run(resume, answers="n\n")

        assert (code, stand.world.kept("paused"), deletes(stand)) == (0, body, 0)
        assert said in output

    def test_stays_if_nobody_answers(self, stand: AtWork, body: bytes, said: str) -> None:
        put(stand, body)

        code, output = stand.operator.run(resume)

        assert (code, stand.world.kept("paused")) == (2, body)
        assert said in output
        assert "Nothing was changed: there was no answer. Use --yes to continue without questions" in output

    def test_goes_if_somebody_agrees_or_has_agreed(self, stand: AtWork, body: bytes, said: str) -> None:
        put(stand, body)
        first, output = stand.operator.run(resume, answers="y\n")
        put(stand, body)

        second, _ = stand.operator.run(resume, "--yes")

        assert (first, second, stand.world.ledger("paused"), deletes(stand)) == (0, 0, [], 2)
        assert said in output


def test_the_pause_of_remove_is_known_as_such(stand: AtWork) -> None:
    settings = read_settings(stand.world.variables)
    key = stand.world.cloud.cam.account
    pair = {"TENCENTCLOUD_SECRETID": key.secret_id, "TENCENTCLOUD_SECRETKEY": key.secret_key}
    begin_pause(connect(settings, read_credentials(pair), REGION), 0)

    assert "Another command made this pause" in stand.operator.run(resume, answers="n\n")[1]


class TestALostReply:
    def test_of_the_pause_that_arrived_is_no_failure(self, stand: AtWork) -> None:
        stand.world.cloud.faults.on("PutObject", Fault.RESET_AFTER)

        code, output = stand.operator.run(pause, "--why", "budget")

        assert code == 0
        assert output.startswith("Paused. ")

    def test_of_a_pause_that_never_arrives_is_told(self, stand: AtWork) -> None:
        stand.world.cloud.faults.on("PutObject", Fault.RESET, times=2)

        code, output = stand.operator.run(pause)

        assert (code, paused(stand)) == (3, None)
        assert "Paused" not in output

    def test_of_the_end_that_arrived_is_no_failure(self, stand: AtWork) -> None:
        stand.operator.run(pause)
        stand.world.cloud.faults.on("DeleteObject", Fault.RESET_AFTER)

        code, output = stand.operator.run(resume)

        assert (code, paused(stand), deletes(stand)) == (0, None, 1)
        assert "Resumed." in output

    @pytest.mark.parametrize("fault", [Fault.RESET, Fault.ERROR_500, Fault.ERROR_503])
    def test_of_an_end_that_did_not_arrive_is_told_and_nothing_is_sent_again(self, stand: AtWork, fault: Fault) -> None:
        stand.operator.run(pause)
        stand.world.cloud.faults.on("DeleteObject", fault)

        code, output = stand.operator.run(resume)

        assert (code, deletes(stand)) == (3, 1)
        assert paused(stand) is not None
        assert "still paused: the pause could not be removed" in output
        assert output.endswith("Run the command again\n")
        assert stand.operator.run(resume)[0] == 0

    def test_of_an_end_after_which_somebody_else_paused_is_told_as_such(self, stand: AtWork) -> None:
        stand.operator.run(pause)
        stand.world.cloud.faults.on("DeleteObject", Fault.RESET_AFTER)
        _then_pauses(stand, "eve")

        code, output = stand.operator.run(resume)

        assert code == 3
        assert output.endswith("somebody has paused again\n")

    def test_of_the_look_afterwards_leaves_nothing_said_that_is_not_known(self, stand: AtWork) -> None:
        stand.operator.run(pause)
        stand.world.cloud.faults.on("DeleteObject", Fault.RESET_AFTER)
        stand.world.cloud.faults.on("GetObject", Fault.RESET, skip=1, times=2)

        code, output = stand.operator.run(resume)

        assert code == 3
        assert "Resumed" not in output


def _then_pauses(stand: AtWork, who: str) -> None:
    """Somebody pauses in the moment after the DELETE."""

    def watch(call: Call) -> None:
        if call.route.operation == "GetObject" and not stand.world.ledger("paused"):
            put(stand, json.dumps({"by": who}).encode())

    stand.world.cloud.watchers.append(watch)


def test_two_that_pause_at_once_agree_on_the_first(stand: AtWork) -> None:
    # Given somebody who is a moment faster
    stand.world.cloud.watchers.append(
        lambda call: put(stand, b'{"by": "eve", "why": "budget"}') if call.route.operation == "PutObject" else None
    )

    code, output = stand.operator.run(pause)

    assert code == 0
    assert output.startswith("Paused already, by eve: budget.")


def test_the_time_is_coss_and_this_machines_only_without_it(stand: AtWork) -> None:
    stand.world.cloud.advance(3600)
    with patch("ops.waiting.now", lambda: 0.0):
        stand.operator.run(pause)
        assert (paused(stand) or {})["at"] == "2026-01-01T01:00:00Z"
        stand.operator.run(resume)
        stand.become(without(POLICY, ("cos:GetBucket", f"qcs::cos:{REGION}:uid/1250000000:{LEDGER}/*")))

        # Whoever may not list may pause all the same.
        assert stand.operator.run(pause)[0] == 0
        assert (paused(stand) or {})["at"] == "1970-01-01T00:00:00Z"


def test_a_machine_that_knows_no_name_pauses_too(stand: AtWork) -> None:
    with patch("getpass.getuser", side_effect=OSError("no name")):
        assert stand.operator.run(pause)[0] == 0

    assert (paused(stand) or {})["by"] == "an operator"


@pytest.mark.parametrize("why", ["预算", "\x1b[2J\n", "x" * 5000, "\udcff\udcfe", "😀"])
def test_any_reason_can_be_given(stand: AtWork, why: str) -> None:
    assert stand.operator.run(pause, "--why", why)[0] == 0

    code, output = stand.operator.run(resume)

    assert (code, paused(stand)) == (0, None)
    assert "\x1b" not in output
    # It is a person's pause, so nobody was asked.
    assert "by ada" in output


def test_it_takes_no_more_rights_than_an_operator_has_and_not_the_secret(stand: AtWork) -> None:
    stand.become(POLICY)
    stand.configure(WATERMARK_SECRET=None)

    assert [stand.operator.run(command)[0] for command in (pause, resume)] == [0, 0]


@pytest.mark.parametrize(
    ("action", "name", "codes"),
    [("cos:GetObject", "*", [3, 3]), ("cos:PutObject", "paused", [3, 0]), ("cos:DeleteObject", "paused", [0, 3])],
)
def test_without_the_right_it_names_it(stand: AtWork, action: str, name: str, codes: list[int]) -> None:
    stand.become(without(POLICY, (action, f"qcs::cos:{REGION}:uid/1250000000:{LEDGER}/{name}")))

    ended = [stand.operator.run(command) for command in (pause, resume)]

    assert [code for code, _ in ended] == codes
    for code, output in ended:
        assert code == 0 or f"The right {action} is missing" in output


def test_a_ledger_that_is_not_there_is_told(stand: AtWork) -> None:
    stand.configure(WATERMARK_LEDGER_BUCKET="other-1250000000")

    for command in (pause, resume):
        code, output = stand.operator.run(command)
        assert code == 3
        assert "NoSuchBucket" in output


def test_whatever_happens_to_a_call_of_pause_what_it_says_is_so(stand: AtWork) -> None:
    def clear() -> None:
        stand.world.cloud.cos.backend.delete(LEDGER, "paused")

    for trouble, code, operation, output in each_call(stand.operator, pause, before=clear):
        assert ("Paused" in output) <= (paused(stand) is not None), (trouble, operation)
        assert (code == 0) == output.startswith("Paused"), (trouble, operation)


def test_whatever_happens_to_a_call_of_resume_what_it_says_is_so(stand: AtWork) -> None:
    def pause_again() -> None:
        put(stand, b'{"by": "ada"}')

    for trouble, code, operation, output in each_call(stand.operator, resume, "--yes", before=pause_again):
        assert ("Resumed" in output) <= (paused(stand) is None), (trouble, operation)
        assert "Not paused" not in output, (trouble, operation)
        assert (code == 0) == ("Resumed" in output), (trouble, operation)
        assert STRONG_SECRET not in output


def test_as_data_it_is_one_object_and_nothing_else(stand: AtWork) -> None:
    said = [stand.operator.hear(*typed) for typed in ((pause, "--json", "--why", "budget"), (pause, "--json"))]
    said += [stand.operator.hear(resume, "--json"), stand.operator.hear(resume, "--json")]

    assert [(code, talk) for code, _, talk in said] == [(0, "")] * 4
    told = [json.loads(data) for _, data, _ in said]
    assert [(one["v"], one["paused"], one["changed"]) for one in told] == [
        (1, True, True),
        (1, True, False),
        (1, False, True),
        (1, False, False),
    ]
    assert [one["why"] for one in told] == ["budget", "budget", "", ""]


def test_a_doubt_is_no_data(stand: AtWork) -> None:
    put(stand, FUNCTIONS)

    code, data, talk = stand.operator.hear(resume, "--json", answers="n\n")

    assert (code, json.loads(data)["paused"], json.loads(data)["by"]) == (0, True, "cos-watermark")
    assert "Remove the cause first" in talk


def test_quiet_leaves_the_remarks_out(stand: AtWork) -> None:
    assert stand.operator.run(pause, "-q") == (0, "Paused. After at most a minute no function submits a job.\n")
    assert stand.operator.run(resume, "-q") == (0, "Resumed. After at most a minute the functions submit jobs again.\n")
