"""How tests run `list`, and a ledger with one result of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from ops.listing.command import list_
from ops.policies import Deployment
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from tests.ops.ledgers import keep, record_of
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from tests.ops.at_work import AtWork

DEPLOYMENT = Deployment(region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER)
SECOND = "films-1250000000"
CHINESE = "家庭录像/2026年/除夕夜的烟花和全家人的笑声_最终版本_第三次修改.mp4"


def run(stand: AtWork, *arguments: str) -> tuple[int, str, str]:
    return stand.operator.hear(list_, "--utc", *arguments)


def listed(stand: AtWork, *arguments: str) -> list[list[str]]:
    code, data, talk = run(stand, *arguments)
    assert code == 0, talk
    return [line.split("\t") for line in data.splitlines()]


def keys(stand: AtWork, *arguments: str) -> list[str]:
    return [row[2] for row in listed(stand, *arguments)]


def on_a_terminal(stand: AtWork, *arguments: str, columns: int = 60) -> str:
    stand.operator.columns = columns
    with patch("ops.table.is_terminal", return_value=True), patch("ops.listing.command.is_terminal", return_value=True):
        code, data, talk = run(stand, *arguments)
    assert code == 0, talk
    return data + talk


def keep_one_of_each(stand: AtWork) -> None:
    keep(
        stand.world.cloud,
        record_of("found.mp4", Verdict.FOUND, 10, text="Hello_1"),
        record_of("none.mp4", Verdict.NONE, 20),
        record_of("failed.mp4", Verdict.FAILED, 30, code="InternalError", message="a message"),
        record_of("archived.mp4", Verdict.SKIPPED, 40, reason=Reason.ARCHIVED),
        record_of("replaced.mp4", Verdict.FOUND, 50, text="Old_1", applied=False, reason=Reason.REPLACED),
    )
