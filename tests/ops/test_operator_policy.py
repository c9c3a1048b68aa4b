"""`policy operator` is exactly what an operator's commands call; and with it the secret cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

import pytest

from faketencent.ci import Progression
from faketencent.faults import Fault
from ops.cancel.command import cancel
from ops.listing.command import list_
from ops.logs.command import logs
from ops.pause import pause, resume
from ops.policies import Deployment, operator_policy
from ops.readme import OPERATING
from ops.report.command import report
from ops.show.command import show
from ops.status.command import status
from ops.submit.command import submit
from ops.verify.command import verify
from tests.ops.deployment import STRONG_SECRET
from tests.ops.exactness import grants, unused, watched, without
from tests.ops.operating import Desk, operating
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.cam import Policy

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

#: A command and its arguments.
Typed: TypeAlias = "tuple[Callable[..., None], tuple[str, ...]]"
PREFIX = "prod/"
DEPLOYMENT = Deployment(
    region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER, ledger_prefix=PREFIX
)
EXTRAS = [{}, {"estimate": True}, {"logs": True}]
each_extra = pytest.mark.parametrize("extra", EXTRAS, ids=["plain", "estimate", "logs"])
#: Every command of an operator, so that each call is made that it can make.
COMMANDS: list[Typed] = [
    (status, ()),
    (list_, ("--never",)),
    (show, ("slow.mp4",)),
    (show, ("lost.mp4",)),
    (submit, ("--prefix", "old", "--yes")),
    (verify, ("done.mp4",)),
    (cancel, ("--all", "--queued", "--yes")),
    (pause, ()),
    (resume, ("--yes",)),
    (report, ("--out", "-")),
]
ESTIMATING: Typed = (submit, ("old.mp4", "--dry-run", "--estimate"))
LOGGING: Typed = (logs, ())


def works(policy: Policy, extra: dict[str, bool]) -> bool:
    """Whether whoever has this policy, and no other, can run all commands of an operator."""
    with TemporaryDirectory() as folder, operating(Path(folder), SECRET=STRONG_SECRET, LEDGER_PREFIX=PREFIX) as desk:
        leave_work(desk)
        desk.who = desk.cloud.cam.create_user("somebody", policy)
        commands = [
            *COMMANDS,
            *([ESTIMATING] if extra.get("estimate") else []),
            *([LOGGING] if extra.get("logs") else []),
        ]
        # The first one that may not do what it wants ends it: it would be the same with the others.
        return all(desk.run(command, *arguments)[0] == 0 for command, arguments in commands)


def leave_work(desk: Desk) -> None:
    """A video with a result, a job that has not begun, one that nobody knows of, a video never looked at; a log."""
    desk.upload("done.mp4")
    desk.cloud.ci.backend.progression = Progression.MANUAL
    desk.upload("slow.mp4")
    desk.cloud.faults.on("CreateMediaJobs", Fault.TIMEOUT_AFTER)
    desk.upload("lost.mp4")
    desk.store("old.mp4")
    desk.cloud.cls.backend.function_topic(REGION)


def test_every_command_of_an_operator_is_run() -> None:
    assert {command.__name__.strip("_") for command, _ in (*COMMANDS, LOGGING)} == set(OPERATING)


@each_extra
def test_every_grant_is_used(extra: dict[str, bool]) -> None:
    policy = operator_policy(DEPLOYMENT, **extra)
    with watched() as asked:
        assert works(policy, extra)

    assert unused(policy, asked) == []


@each_extra
def test_every_grant_is_needed(extra: dict[str, bool]) -> None:
    policy = operator_policy(DEPLOYMENT, **extra)
    plain = grants(operator_policy(DEPLOYMENT))
    # What an extra does not add is in the plain case.
    own = [grant for grant in grants(policy) if not extra or grant not in plain]

    assert own
    assert [grant for grant in own if works(without(policy, grant), extra)] == []


def test_with_it_neither_the_secret_is_read_nor_a_record_or_a_video_changed() -> None:
    policy = operator_policy(DEPLOYMENT, estimate=True, logs=True)

    text = json.dumps(policy)
    assert "scf:" not in text
    writing = [resource for action, resource in grants(policy) if action in ("cos:PutObject", "cos:DeleteObject")]
    ledger = f"qcs::cos:{REGION}:uid/1250000000:{LEDGER}/{PREFIX}"
    assert {*writing} == {f"{ledger}waiting/*", f"{ledger}paused"}
