"""The command `demo`."""

from __future__ import annotations

import typer
from rich.console import Console


def demo() -> None:
    """Play the main job, end to end, on a fake Tencent Cloud over real HTTP. Needs no account."""
    from ops.demo import run  # noqa: PLC0415 - the fakes and the SDK are only for this command

    raise typer.Exit(run(Console()))
