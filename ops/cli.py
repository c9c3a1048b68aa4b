"""`cos-watermark`: one module a command, registered here."""

import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.completion import completion_init  # type: ignore[attr-defined]  # as in ops/completion.py

from ops.bundle.command import bundle
from ops.cancel.command import cancel
from ops.checkout import version
from ops.completion import VARIABLE, completion
from ops.demo.command import demo
from ops.deploy.command import deploy
from ops.doctor.command import doctor
from ops.listing.command import list_
from ops.logs.command import logs
from ops.pause import pause, resume
from ops.policy import policy
from ops.probe.command import probe
from ops.remove.command import remove
from ops.report.command import report
from ops.setup.command import setup
from ops.show.command import show
from ops.status.command import status
from ops.submit.command import submit
from ops.verify.command import verify
from ops.version import show_version

app = typer.Typer(
    name="cos-watermark",
    no_args_is_help=True,
    add_completion=False,
    # Help as plain text: readable at any width, and in the documents.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
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
app.command()(submit)
app.command()(cancel)
app.command()(logs)
app.command()(probe)
app.command()(report)
app.command()(policy)
app.command(name="version")(show_version)
app.command()(remove)
app.command()(bundle)
app.command()(demo)
app.command()(completion)


def _say_version(wanted: bool) -> None:  # noqa: FBT001 - as typer calls it
    if wanted:
        typer.echo(f"cos-watermark {version()}")
        raise typer.Exit


@app.callback()
def _about(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Deploy and operate cos-watermark."""


def main() -> None:
    """Run the command that the arguments name."""
    # Whoever starts it with a closed output, as a daemon may, wants to read nothing.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the end
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as above
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Names of files and keys may have signs that a terminal's encoding has not.
            stream.reconfigure(errors="backslashreplace")
    completion_init()
    # Not what Python found itself called as: this is what a person has to type.
    app(prog_name="./cos-watermark", complete_var=VARIABLE)
