"""The command `list`."""

from collections.abc import Iterator
from typing import Annotated

import typer

from ops import waiting
from ops.access import Access
from ops.checkout import ENV_FILE
from ops.ending import in_words
from ops.index.fresh import fresh_index
from ops.index.index import Index
from ops.index.videos import VideoIndex
from ops.listing.cells import COLUMNS, cells
from ops.listing.choice import Choice, the_kind
from ops.listing.exports import print_csv, print_json
from ops.listing.kinds import Kind
from ops.listing.query import Cursor, Question
from ops.options import Debug, EnvFile, Json, Quiet, Utc, naming
from ops.plain import well_formed
from ops.progress import follower
from ops.table import is_terminal, print_table
from ops.times import parse_time
from shared.domain.result import stamp
from shared.errors import ConfigurationError

#: Rows on a terminal, unless somebody says how many.
_SCREEN = 50
#: Characters of a text there; a watermark has at most 64.
_TEXT = 100

_NOT_APPLIED = "Results with a job that are not on the object."
_NEVER = "Videos that were never checked. Sends one HEAD for each new video; --prefix limits that."
_WAITING = "Waiting entries: asked for with `submit`, not taken up yet."
_SINCE = "From this time on: like 2026-11-25, 2026-11-25T08:00, 12h (12 hours ago) or 7d."
_LIMIT = "At most this many rows; 0: all. Default: 50 on a terminal, else all."
_CSV = "Print CSV with a header line. A cell that could be a formula begins with '; --json has the exact texts."
_AFTER = "Continue after this row; the end of a cut list prints it."


def list_(  # noqa: PLR0913 - an option each
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Results `failed`: the job failed.")] = False,
    found: Annotated[bool, typer.Option("--found", help="Results `found`: a watermark.")] = False,
    none: Annotated[bool, typer.Option("--none", help="Results `none`: no watermark.")] = False,
    skipped: Annotated[
        bool, typer.Option("--skipped", help="Results `skipped`: not checked, with the reason.")
    ] = False,
    not_applied: Annotated[bool, typer.Option("--not-applied", help=_NOT_APPLIED)] = False,
    in_flight: Annotated[bool, typer.Option("--in-flight", help="Uploads in flight: they have a claim.")] = False,
    waiting_: Annotated[bool, typer.Option("--waiting", help=_WAITING)] = False,
    never: Annotated[bool, typer.Option("--never", help=_NEVER)] = False,
    since: Annotated[str | None, typer.Option("--since", metavar="TIME", help=_SINCE)] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Before this time.")] = None,
    prefix: Annotated[str, typer.Option("--prefix", metavar="TEXT", help="Only keys that begin with this.")] = "",
    bucket: Annotated[str | None, typer.Option("--bucket", metavar="NAME", help="Only this bucket.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=0, help=_LIMIT, show_default=False)] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="CURSOR", help=_AFTER)] = None,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help=_CSV)] = False,
    quiet: Quiet = False,
    utc: Utc = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """List uploads by their result or state.

    The newest come first. Several kinds of results can be combined. It first reads what is new in the ledger. One row
    per upload: time, state, key, and the text, code or [reason]. The time of a result is the end of its job, or
    without a job the time of the upload. In a pipe, tabs separate the columns.

    Exit code 0: also if there are no rows; 2: wrong use; 3: the cloud did not reply.
    """
    verdicts = {"failed": failed, "found": found, "none": none, "skipped": skipped, "not-applied": not_applied}
    kinds = {Kind.IN_FLIGHT: in_flight, Kind.WAITING: waiting_, Kind.NEVER: never}
    with in_words(debug=debug):
        choice = Choice(
            kind=the_kind(kinds, verdicts),
            flags=tuple(name for name, chosen in verdicts.items() if chosen),
            since=_time(since, utc=utc),
            until=_time(until, utc=utc),
            prefix=_text(prefix),
            bucket=bucket,
            limit=_limit(limit, for_people=is_terminal() and not (json or csv)),
            form="json" if json else "csv" if csv else "",
            utc=utc,
        )
        if json and csv:
            raise ConfigurationError("--json or --csv, not both")
        if since and until and choice.since >= choice.until:
            raise ConfigurationError("nothing can be there: --since is not before --until")
        access, cursor = Access.by(env_file), None if after is None else Cursor.parse(after)
        question = choice.question(access, cursor)
        with fresh_index(access, quiet=quiet, complete=never) as index:
            if never:
                _look_at_buckets(access, index, question, quiet=quiet)
            listed = _Listed(question, choice.limit)
            _print(choice, listed.rows(index), one_bucket=len(access.buckets) == 1)
        if listed.more:
            typer.echo(f"... and more: ./cos-watermark list{naming(env_file)}{choice.again(listed.last)}", err=True)
        elif listed.last is None and not quiet:
            typer.echo("Nothing to list", err=True)


def _look_at_buckets(access: Access, index: Index, question: Question, *, quiet: bool) -> None:
    videos = VideoIndex(access, index, follower(quiet=quiet))
    for name in question.buckets:
        videos.update(name, question.prefix)


class _Listed:
    """The rows as they are printed; afterwards, the last of them, and whether there are more."""

    def __init__(self, question: Question, limit: int | None) -> None:
        self._question = question
        self._limit = limit
        self.last: Cursor | None = None
        self.more = False

    def rows(self, index: Index) -> Iterator[dict[str, object]]:
        most = None if self._limit is None else self._limit + 1
        for number, row in enumerate(self._question.rows(index, most)):
            if number == self._limit:
                self.more = True
                return
            self.last = self._question.cursor(row)
            yield row


def _print(choice: Choice, rows: Iterator[dict[str, object]], *, one_bucket: bool) -> None:
    columns = choice.kind.value.columns
    if choice.form == "json":
        print_json(rows, columns)
    elif choice.form == "csv":
        print_csv(rows, columns)
    else:
        shown = (cells(row, choice.kind, utc=choice.utc, one_bucket=one_bucket) for row in rows)
        print_table(COLUMNS, map(_short, shown) if is_terminal() else shown)


def _short(row: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    """To the minute, and no long text: on a terminal there is little room."""
    at, state, key, text = row
    return at[:16] + at[19:], state, key, text if len(text) <= _TEXT else f"{text[:_TEXT]}..."


def _time(text: str | None, *, utc: bool) -> str:
    return "" if text is None else stamp(parse_time(text, waiting.now(), utc=utc))


def _text(text: str) -> str:
    if text != well_formed(text):
        raise ConfigurationError(f"{text!r} is in another encoding: keys are UTF-8")
    return text


def _limit(limit: int | None, *, for_people: bool) -> int | None:
    if limit is None:
        return _SCREEN if for_people else None
    return limit or None
