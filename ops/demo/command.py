"""The command `demo`."""

from __future__ import annotations

import sys
from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from ops import waiting
from ops.demo.channel import Channel
from ops.ending import in_words

#: Seconds until the kept cloud looks again for what is due.
_MOMENT = 0.1


def demo(
    channel: Annotated[
        list[Channel] | None,
        typer.Option(envvar="DEMO", help="How callbacks come. Default: both channels, one after the other."),
    ] = None,
    *,
    keep_running: Annotated[
        bool,
        typer.Option(
            "--keep-running",
            envvar="KEEP",
            help="Then leave the cloud running until Ctrl-C, to be used with curl or an SDK.",
        ),
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="PORT", help="Where the cloud listens; 0 is a free port.")
    ] = 0,
) -> None:
    """Play the main job on a fake Tencent Cloud. Needs no account."""
    with in_words(stopped="the fake cloud has ended, and nothing in it is kept"):
        from ops.demo.narrator import WIDTH  # noqa: PLC0415 - the fakes and the SDK are only for this command
        from ops.demo.play import run  # noqa: PLC0415 - as above

        console = Console(width=None if sys.stdout.isatty() else WIDTH)
        wait = partial(waiting.pause, _MOMENT) if keep_running else None
        status = run(console, list(dict.fromkeys(channel or Channel)), port=port, wait=wait)
    raise typer.Exit(status)
