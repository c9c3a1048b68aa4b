"""The command `show`."""

from typing import Annotated

import typer

from ops.access import Access
from ops.checkout import ENV_FILE
from ops.ending import Code, in_words
from ops.options import Debug, EnvFile, Json, Quiet, Utc, naming
from ops.show.gather import gather
from ops.show.judge import situation
from ops.show.next import what_next
from ops.show.report import Typed, as_json, show_all
from ops.show.screen import Screen
from ops.table import console

_KEY = "The whole key, or cos://<bucket>/<key>; after --, also a key that begins with a hyphen."


def show(  # noqa: PLR0913 - an option each
    key: Annotated[str, typer.Argument(metavar="KEY", help=_KEY, show_default=False)],
    *,
    bucket: Annotated[str | None, typer.Option("--bucket", metavar="NAME", help="The bucket of the key.")] = None,
    json: Json = False,
    quiet: Quiet = False,
    utc: Utc = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Show everything about one object.

    Also what happens next, and which command changes that. It changes nothing. To check the seal it needs
    WATERMARK_SECRET in .env.

    Exit code 0: also if there is no such object; 2: wrong use; 3: something could not be read, and the screen shows
    what.
    """
    with in_words(debug=debug):
        access = Access.by(env_file)
        found = gather(access, access.target(key, bucket), quiet=quiet)
        step = what_next(situation(found, access.settings))
        typed = Typed(naming(env_file), one_bucket=len(access.buckets) == 1)
        if json:
            typer.echo(as_json(found, step, typed))
        else:
            show_all(Screen(found, utc), step, typed, console())
    raise typer.Exit(Code.UNSEEN if found.unseen else Code.DONE)
