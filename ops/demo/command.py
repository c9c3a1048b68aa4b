"""The command `demo`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from ops.demo.channel import Channel


def demo(
    channel: Annotated[
        list[Channel] | None,
        typer.Option(envvar="DEMO", help="How callbacks come. Default: both channels, one after the other."),
    ] = None,
) -> None:
    """Play the main job on a fake Tencent Cloud. Needs no account."""
    from ops.demo.play import run  # noqa: PLC0415 - the fakes and the SDK are only for this command

    raise typer.Exit(run(Console(), list(dict.fromkeys(channel or Channel))))
