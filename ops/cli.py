"""`cos-watermark`: one module a command, registered here."""

from __future__ import annotations

import io
import sys

import typer

from ops.bundle.command import bundle
from ops.demo.command import demo
from ops.deploy.command import deploy
from ops.doctor.command import doctor
from ops.listing.command import list_
from ops.pause import pause, resume
from ops.policy import policy
from ops.probe.command import probe
from ops.remove.command import remove
from ops.setup.command import setup
from ops.show.command import show
from ops.status.command import status
from ops.verify.command import verify
from ops.version import show_version

app = typer.Typer(
    name="cos-watermark",
    no_args_is_help=True,
    add_completion=False,
    # A trace with local variables could show a secret.
    pretty_exceptions_show_locals=False,
)
app.command()(setup)
app.command()(deploy)
app.command()(doctor)
app.command()(status)
app.command(name="list")(list_)
app.command()(show)
app.command()(verify)
app.command()(pause)
app.command()(resume)
app.command()(probe)
app.command()(policy)
app.command(name="version")(show_version)
app.command()(remove)
app.command()(bundle)
app.command()(demo)


@app.callback()
def _about() -> None:
    """Deploy and look after cos-watermark."""


def main() -> None:
    """Run the command that the arguments name."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Names of files and keys may have signs that a terminal's encoding has not.
            stream.reconfigure(errors="backslashreplace")
    # Not what Python found itself called as: this is what a person has to type.
    app(prog_name="./cos-watermark")
