"""The command `logs`."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ops import waiting
from ops.access import Access
from ops.checkout import ENV_FILE
from ops.ending import Code, in_words
from ops.logs.following import PERIOD, follow
from ops.logs.place import Place, find_place
from ops.logs.search import AHEAD, newest
from ops.logs.show import Show, printer
from ops.logs.wanted import About, Wanted
from ops.options import Debug, EnvFile, Json, Quiet, Utc, naming, parser
from ops.plain import plain
from ops.times import parse_time, shown
from shared.domain.result import stamp
from shared.errors import CloudError, ConfigurationError
from shared.formats import matching
from shared.log import Level

_MOST, _LARGEST = 1000, 100_000


class AtLeast(str, Enum):
    """The levels that can be asked for."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def logs(  # noqa: PLR0913 - each is an option
    *,
    following: Annotated[
        bool, typer.Option("--follow", "-f", help="Also show new lines as they come, until Ctrl-C.")
    ] = False,
    level: Annotated[
        AtLeast,
        typer.Option(
            metavar="LEVEL", case_sensitive=False, help="INFO, WARNING or ERROR: only lines of this level or above."
        ),
    ] = AtLeast.INFO,
    about: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Only lines about this key, cos://<bucket>/<key>, upload id or job id."),
    ] = None,
    since: Annotated[str, typer.Option(metavar="TIME", help="From this time on: like 2h, 7d, or a time.")] = "1h",
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Until this time. Not set: until now.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=_LARGEST,
            help=f"At most this many lines, the newest. Default: {_MOST}; not with --follow.",
        ),
    ] = None,
    topic: Annotated[
        str | None,
        typer.Option(
            parser=parser(Annotated[str, matching(r"[0-9a-f-]{36}", "the id of a log topic")]),
            metavar="ID",
            help="The log topic to read. Default: the one in .env, else SCF's own.",
        ),
    ] = None,
    json: Json = False,
    utc: Utc = False,
    quiet: Quiet = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Show what the functions logged.

    One line for each outcome of an upload, a callback or a claim; the newest comes last.

    Exit code 0: also if there are no lines; 2: wrong use, or no log topic; 3: the log service did not reply; 130:
    --follow was ended by Ctrl-C.
    """
    for option, given in (("--until", until), ("--limit", limit)):
        if following and given is not None:
            raise typer.BadParameter("it does not go with --follow", param_hint=option)
    with in_words(debug=debug):
        access = Access.by(env_file)
        begin, end = _times(since, until, utc=utc)
        found = About.read(about, access.buckets) if about is not None else None
        wanted, remark = Wanted(Level(level.value), found), _remarks(quiet=quiet)
        place, show = find_place(access.configuration, topic), printer(as_json=json, utc=utc)
        if not place.indexed and wanted.narrow:
            remark(_unsearchable(env_file))
        if following:
            _follow(place, wanted, begin, show=show, remark=remark)
        most = limit or _MOST
        lines = newest(place, wanted, begin, end, most + 1)
        for line in lines[-most:]:
            show(line)
        if len(lines) > most:
            more = f"--limit {min(10 * most, _LARGEST)} shows more, " if most < _LARGEST else ""
            remark(f"these are the newest {most}: {more}--until{'' if more else ' shows'} earlier ones")
        if not lines:
            first = shown(stamp(int(begin)), utc=utc)
            remark(f"no such line since {first}: --since 7d looks further back; new ones are found some seconds late")


def _times(since: str, until: str | None, *, utc: bool) -> tuple[float, float]:
    """Begin and end; without one it is now, by a clock that may be behind. Raises ConfigurationError."""
    now = waiting.now()
    begin = parse_time(since, now, utc=utc)
    end = now + AHEAD if until is None else parse_time(until, now, utc=utc)
    if not 0 <= begin < end:
        raise ConfigurationError("--since is not before the end, or before 1970: nothing can be from then")
    return begin, end


def _follow(place: Place, wanted: Wanted, begin: float, *, show: Show, remark: Callable[[str], None]) -> NoReturn:
    """Show lines until somebody stops it: that is how it ends, and nothing is left to do."""

    def complain(error: CloudError) -> None:
        remark(f"{error.cause}; it is tried again every {PERIOD} s, and no line is lost")

    try:
        for line in follow(place, wanted, begin, complain):
            show(line)
    except KeyboardInterrupt:
        raise typer.Exit(Code.STOPPED) from None
    raise AssertionError("nobody stops following")


def _remarks(*, quiet: bool) -> Callable[[str], None]:
    """What is said beside the data."""
    return (lambda _: None) if quiet else lambda text: typer.echo(plain(text), err=True)


def _unsearchable(env_file: Path) -> str:
    option = naming(env_file)
    return (
        "this topic cannot be searched for fields of ours: all lines of the functions are read, and filtered here. "
        f"`./cos-watermark setup --logs{option}`, then `deploy{option}`, give them a topic that can"
    )
