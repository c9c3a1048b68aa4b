"""How tests run `show`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unittest.mock import patch

from rich.cells import cell_len

from ops.policies import Deployment
from ops.show.command import show
from tests.world import BUCKET, LEDGER, REGION, marked_video

if TYPE_CHECKING:
    from tests.ops.at_work import AtWork

DEPLOYMENT = Deployment(region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER)
KEY = "家庭录像/2026年/除夕夜的烟花和全家人的笑声 'final'.mp4"


def run(stand: AtWork, *arguments: str) -> tuple[int, str, str]:
    return stand.operator.hear(show, "--utc", *arguments)


def said(stand: AtWork, *arguments: str) -> str:
    code, data, talk = run(stand, *arguments)
    assert (code, talk) == (0, "")
    return data


def on_a_terminal(stand: AtWork, *arguments: str) -> str:
    stand.operator.columns = 60
    with patch("ops.table.is_terminal", return_value=True):
        data = said(stand, *arguments)
    widest = max(cell_len(line) for line in data.splitlines() if not line.startswith("    ./"))
    assert widest <= 60
    return re.sub(r"--env-file \S+", "--env-file FILE", data)


def upload(stand: AtWork, key: str, text: str = "") -> None:
    """Upload a video, let what follows happen, and the timer tick."""
    stand.world.upload(key, marked_video(text, key))
    stand.world.cloud.settle()
    stand.world.sweep()
