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
from shared.errors import ConfigurationError

_KEYS = "Keys, or cos://<bucket>/<key>."
_ESTIMATE = "Ask for the length of up to 50 of them: one paid call each."


def submit(  # noqa: PLR0913 - each is an option that somebody types
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help=_KEYS)] = None,
    *,
    prefix: Annotated[
        str | None, typer.Option("--prefix", metavar="PREFIX", help="Videos whose key begins with this.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All videos in the video buckets.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="Videos whose last result is `failed`, once more.")] = False,
    never: Annotated[bool, typer.Option("--never", help="Videos that were never checked.")] = False,
    keys_from: Annotated[
        str | None,
        typer.Option(
            "--keys-from", metavar="FILE", help="A list of keys, or the CSV of a COS inventory; -: standard input."
        ),
    ] = None,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="RUN", help="Continue a run that was stopped.")
    ] = None,
    bucket: Bucket = None,
    include: Include = None,
    exclude: Exclude = None,
    newer_than: NewerThan = None,
    older_than: OlderThan = None,
    min_size: MinSize = None,
    max_size: MaxSize = None,
    limit: Limit = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also videos that have a result; each costs one more job.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be submitted.")] = False,
    estimate: Annotated[bool, typer.Option("--estimate", help=_ESTIMATE)] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until all have a result.")] = False,
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
    utc: Utc = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Check videos that are already in the buckets. Each costs one paid job.

    It writes a waiting entry for each video into the ledger. The functions take these up as fast as the limits allow;
    new uploads go first. Videos that have a result are left out, except with --again. If the command is stopped, the
    same command continues.

    Exit code 0: all are asked for or have a result; 1: an object that was named cannot be checked; 2: wrong use; 3: the
    cloud did not reply; 130: stopped.
    """
    named = {
        Source.KEYS: bool(keys),
        Source.FILE: keys_from is not None,
        Source.ALL: everything,
        Source.FAILED: failed,
        Source.NEVER: never,
    }
    mode = Mode.DRY_RUN if dry_run else Mode.WAIT if wait else Mode.SUBMIT
    manner = Manner(mode, yes=yes, json=json, quiet=quiet, estimate=estimate)
    options = FilterOptions(tuple(include or ()), tuple(exclude or ()), newer_than, older_than, min_size, max_size)
    with in_words(debug=debug):
        if resume is not None:
            if any((*named.values(), *options.typed(), prefix, bucket, again, limit, dry_run, estimate)):
                raise ConfigurationError(
                    "--resume continues with what was chosen then: give no other choice of objects"
                )
            code = Submit(Access.by(env_file), manner).go_on(resume)
        else:
            source = which_source(named, prefix)
            request = Request(
                source, options, tuple(keys or ()), keys_from, prefix or "", bucket, again=again, limit=limit, utc=utc
            )
            code = Submit(Access.by(env_file), manner).run(request)
    raise typer.Exit(code)
