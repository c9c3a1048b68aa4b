"""Somebody with a new account: a bucket of videos, a key, no `.env`, and `setup` to run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from faketencent.cam.service_roles import CI_ROLE
from faketencent.cloud import FakeCloud
from ops.setup.command import setup
from tests.ops.account import Operator, an_operator
from tests.world import BUCKET, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEDGER = "cos-watermark-ledger-1250000000"
SUBMIT, CALLBACK = "cos-watermark-submit", "cos-watermark-callback"
#: All that a first run has to be told; the rest is proposed.
FIRST = ("--region", REGION, "--bucket", BUCKET, "--yes")
READS = ("Get", "Head", "List", "Describe")


@contextmanager
def a_newcomer(folder: Path) -> Iterator[Operator]:
    """Before the first run, on an account that used no service but COS."""
    with an_operator(folder, FakeCloud.unused()) as newcomer:
        (folder / ".env").unlink()
        newcomer.cloud.cos.backend.create_bucket(BUCKET, REGION)
        yield newcomer


def agree(cloud: FakeCloud) -> None:
    """What happens behind the link to CI's role."""
    cloud.cam.add_service_role(CI_ROLE)


def set_up(newcomer: Operator, *arguments: str) -> str:
    """Run the first set-up to its end; what it printed."""
    agree(newcomer.cloud)
    code, output = newcomer.run(setup, *FIRST, *arguments)
    assert code == 0, output
    return output


def again(newcomer: Operator, *arguments: str) -> tuple[int, str]:
    """Run it once more: its code, and what it printed."""
    return newcomer.run(setup, "--yes", *arguments)


def writes(cloud: FakeCloud, since: int = 0) -> list[str]:
    """The operations since the n-th that are no reads."""
    return [name for name in cloud.operations()[since:] if not name.startswith(READS)]


def signs(output: str) -> dict[str, str]:
    """The plan that was shown first: what to its sign."""
    plan = output.partition("only a person can do\n")[2].partition("\nLargest bill")[0]
    lines = [line for line in plan.splitlines() if line and not line.startswith(" ")]
    return {line[2:]: line[0] for line in lines}
