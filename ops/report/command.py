"""`cos-watermark report`: one page about the results."""

from pathlib import Path
from typing import Annotated

import typer

from ops import waiting
from ops.access import Access
from ops.bill import MINUTES
from ops.checkout import ENV_FILE, version
from ops.ending import Code, in_words
from ops.index.fresh import fresh_index
from ops.options import Debug, EnvFile, Quiet, Yes
from ops.plain import plain
from ops.report.counting import summarize
from ops.report.file import may_be_written, write
from ops.report.page import WORDS, Making, page
from ops.report.summary import Choice
from ops.report.words import Language
from ops.times import parse_time
from shared.domain.result import stamp
from shared.errors import ConfigurationError

#: Stands for standard output.
_STANDARD = Path("-")


def report(  # noqa: PLR0913 - the command's options
    *,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only results from this time on, like 30d or 2026-11-01.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Only results before this time.")] = None,
    prefix: Annotated[str, typer.Option(help="Only keys that begin with this.")] = "",
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write; -: standard output.")] = Path(
        "report.html"
    ),
    lang: Annotated[Language, typer.Option(help="The language of the page.")] = Language.ENGLISH,
    minutes: Annotated[
        int, typer.Option(min=1, max=10_000, help="Minutes of an average video, for the estimated cost.")
    ] = MINUTES,
    utc: Annotated[bool, typer.Option("--utc", help="Read given times as UTC. The page always shows UTC.")] = False,
    yes: Yes = False,
    quiet: Quiet = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Make one HTML page about the results.

    It has numbers, a plot, costs, failures, and a table that can be searched.

    Exit code 0: the page is written; 2: wrong use, or you chose to keep a file of that name; 3: the ledger could not be
    read.
    """
    with in_words(debug=debug):
        now = int(waiting.now())
        choice = _choice(since, until, prefix, now, utc=utc)
        access = Access.by(env_file)
        if out != _STANDARD and not may_be_written(out, yes=yes):
            raise typer.Exit(Code.WRONG)
        with fresh_index(access, quiet=quiet) as index:
            summary = summarize(index, choice)
        making = Making(stamp(now), version(), minutes, access.configuration.laptop.price)
        text = page(summary, choice, making, WORDS[lang])
        if out == _STANDARD:
            # Whatever the terminal's encoding is, the page says that it is UTF-8.
            typer.echo(text.encode(), nl=False)
            return
        write(out, text)
        if not quiet:
            typer.echo(f"{plain(str(out))}: {summary.total:,} results", err=True)


def _choice(since: str | None, until: str | None, prefix: str, now: int, *, utc: bool) -> Choice:
    # Nothing is older than 1970.
    begin, end = (stamp(max(0, parse_time(time, now, utc=utc))) if time else "" for time in (since, until))
    if begin and end and begin >= end:
        raise ConfigurationError(f"--since {since} is not before --until {until}")
    if any("\ud800" <= character <= "\udfff" for character in prefix):
        raise ConfigurationError("--prefix is not UTF-8, and no key begins so")
    return Choice(begin, end, prefix)
