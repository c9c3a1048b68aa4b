"""The command `status`."""

from typing import Annotated

import typer

from ops.access import Access
from ops.bill import MINUTES
from ops.checkout import ENV_FILE
from ops.ending import in_words
from ops.options import Debug, EnvFile, Json, Quiet, Utc, naming
from ops.status.estimate import Estimate
from ops.status.gather import gather
from ops.status.report import as_json, show
from ops.status.screen import Shown, screen
from ops.table import console

_MINUTES = "Minutes of an average video, for the estimated cost."


def status(
    *,
    minutes: Annotated[int, typer.Option("--minutes", min=1, max=10_000, help=_MINUTES)] = MINUTES,
    json: Json = False,
    utc: Utc = False,
    quiet: Quiet = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Show the state of the deployment on one screen.

    For each problem it names the next command.

    Exit code 0: it could look, with or without problems; 2: a wrong file; 3: it could not look.
    """
    with in_words(debug=debug):
        access = Access.by(env_file)
        facts = gather(access, quiet=quiet)
        price = access.configuration.laptop.price
        estimate = Estimate.of(facts.jobs, access.settings, price, minutes)
        seen = screen(facts, estimate, Shown(utc, naming(env_file), len(access.buckets) == 1))
        if json:
            typer.echo(as_json(facts, estimate, seen.to_do))
        else:
            show(seen, console())
