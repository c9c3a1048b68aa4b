"""The command `cancel`."""

from typing import Annotated

import typer

from ops import waiting
from ops.access import Access
from ops.cancel.chosen import Chosen, Wanted
from ops.cancel.taking_back import TakingBack
from ops.checkout import ENV_FILE
from ops.ending import in_words
from ops.filters import Bucket, Exclude, FilterOptions, Include, MaxSize, MinSize, NewerThan, OlderThan
from ops.index.fresh import fresh_index
from ops.options import Debug, EnvFile, Json, Quiet, Utc, Yes
from ops.plain import well_formed
from ops.progress import follower
from ops.times import seconds_of
from shared.domain.objects import RUN
from shared.errors import ConfigurationError

_QUEUED = "Also cancel jobs that Cloud Infinite has not begun. They end as `failed` and can be submitted again."


def cancel(  # noqa: PLR0913 - each is an option that somebody types
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Keys, or cos://<bucket>/<key>.")] = None,
    *,
    prefix: Annotated[
        str | None, typer.Option("--prefix", metavar="PREFIX", help="Waiting entries whose key begins with this.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All waiting entries.")] = False,
    run: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="The waiting entries of one `submit`.")
    ] = None,
    queued: Annotated[bool, typer.Option("--queued", help=_QUEUED)] = False,
    bucket: Bucket = None,
    include: Include = None,
    exclude: Exclude = None,
    newer_than: NewerThan = None,
    older_than: OlderThan = None,
    min_size: MinSize = None,
    max_size: MaxSize = None,
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
    utc: Utc = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Take back waiting entries of `submit`.

    New uploads are not touched, except with --queued: that cancels jobs that Cloud Infinite has not begun, also those
    of new uploads.

    Exit code 0: done; 2: wrong use; 3: the cloud did not reply, and the same command continues.
    """
    options = FilterOptions(tuple(include or ()), tuple(exclude or ()), newer_than, older_than, min_size, max_size)
    with in_words(debug=debug):
        _check(keys, prefix, run, everything=everything)
        options.read(waiting.now(), utc=utc)
        access = Access.by(env_file)
        targets = frozenset(access.target(key, bucket) for key in keys or ())
        buckets = access.buckets if bucket is None else (access.bucket(bucket),)
        with fresh_index(access, quiet=quiet) as index:
            filters = options.read(seconds_of(index.note("updated")), utc=utc)
            wanted = Wanted(filters, targets, buckets, prefix or "", run)
            chosen = Chosen(access, index, wanted, follower(quiet=quiet))
            TakingBack(access, index, chosen, quiet=quiet, as_json=json).run(queued=queued, yes=yes)


def _check(keys: list[str] | None, prefix: str | None, run: str | None, *, everything: bool) -> None:
    """See that it is said which objects, and said once. Raises ConfigurationError."""
    if prefix == "":
        raise ConfigurationError("an empty --prefix means all waiting entries: use --all if you want that")
    if prefix is not None and prefix != well_formed(prefix):
        raise ConfigurationError(
            f"--prefix: {prefix!r} cannot begin a key: keys are UTF-8, and this is another encoding"
        )
    if run is not None and not RUN.fullmatch(run):
        raise ConfigurationError(
            f"--run: {run!r} is not the name of a run: `submit` prints it, like 20261125T080000Z-1a2b"
        )
    named = [bool(keys), prefix is not None or run is not None, everything]
    if not any(named):
        raise ConfigurationError("which objects? Give keys, --prefix, --run, or --all for all waiting entries")
    if sum(named) > 1:
        raise ConfigurationError("give only one of: keys, --all, --prefix or --run. --prefix and --run can be combined")
