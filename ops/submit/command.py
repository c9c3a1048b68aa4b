"""The command `submit`."""

from typing import Annotated

import typer

from ops.access import Access
from ops.checkout import ENV_FILE
from ops.ending import in_words
from ops.filters import (
    Bucket,
    Exclude,
    FilterOptions,
    Include,
    Limit,
    MaxSize,
    MinSize,
    NewerThan,
    OlderThan,
)
from ops.options import Debug, EnvFile, Json, Quiet, Utc, Yes
from ops.submit.request import Request, Source, which_source
from ops.submit.run import Manner, Mode, Submit

_KEYS = "Keys, or cos://<bucket>/<key>."
_ESTIMATE = "Ask how long up to 50 of them are: a paid call each."


def submit(  # noqa: PLR0913 - each is an option that somebody types
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help=_KEYS)] = None,
    *,
    prefix: Annotated[str | None, typer.Option("--prefix", metavar="PREFIX", help="Videos below a prefix.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All videos in the video buckets.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="Those whose last result is a failure, again.")] = False,
    never: Annotated[bool, typer.Option("--never", help="Those that nobody ever looked at.")] = False,
    keys_from: Annotated[
        str | None,
        typer.Option("--keys-from", metavar="FILE", help="A list, or a COS inventory's CSV; - is standard input."),
    ] = None,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="RUN", help="Go on with a run that was stopped.")
    ] = None,
    bucket: Bucket = None,
    include: Include = None,
    exclude: Exclude = None,
    newer_than: NewerThan = None,
    older_than: OlderThan = None,
    min_size: MinSize = None,
    max_size: MaxSize = None,
    limit: Limit = None,
    again: Annotated[bool, typer.Option("--again", help="Also what has an answer; it is paid for once more.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be submitted.")] = False,
    estimate: Annotated[bool, typer.Option("--estimate", help=_ESTIMATE)] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until all are answered.")] = False,
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
    utc: Utc = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Have videos checked that are in the buckets already. Each is a paid job.

    It writes a waiting entry for each into the ledger; the functions work these off, as fast as limits allow, and new
    uploads go first. What has an answer is left out, unless it is asked for again. If it is stopped, the same command
    goes on.

    Ends with 0 if all is asked for, 1 if an object that was named cannot be submitted, 2 for wrong use, 3 if the cloud
    does not answer, 130 if it was stopped.
    """
    named = {
        Source.KEYS: bool(keys),
        Source.FILE: keys_from is not None,
        Source.ALL: everything,
        Source.FAILED: failed,
        Source.NEVER: never,
    }
    mode = Mode.DRY_RUN if dry_run else Mode.WAIT if wait else Mode.SUBMIT
    manner = Manner(mode, yes=yes, json=json, quiet=quiet, utc=utc, estimate=estimate)
    options = FilterOptions(tuple(include or ()), tuple(exclude or ()), newer_than, older_than, min_size, max_size)
    with in_words(debug=debug):
        if resume is not None:
            code = Submit(Access.by(env_file), manner).go_on(resume)
        else:
            source = which_source(named, prefix)
            request = Request(
                source, options, tuple(keys or ()), keys_from, prefix or "", bucket, again=again, limit=limit
            )
            code = Submit(Access.by(env_file), manner).run(request)
    raise typer.Exit(code)
