"""How a line is shown: to people on a terminal, whole in a pipe, and as JSON to programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ops.logs.line import LogLine
from ops.plain import plain
from ops.times import shown
from shared.domain.result import stamp
from shared.log import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Prints a line.
Show = Callable[[LogLine], None]
_STYLES = {Level.INFO: "", Level.WARNING: "yellow", Level.ERROR: "bold red"}
#: What stands at the beginning of each further row of a line.
_INDENT = "    "
#: These have places of their own; those of an upload say what its object says.
_PLACED = ("event", "outcome", "reason", "bucket", "key", "job", "detail", "error", "message", "trace")
_LEFT_OUT = ("region", "correlation", "retryable", "code", "status", "request_id")


def printer(*, as_json: bool, utc: bool, console: Console | None = None) -> Show:
    """What prints a line as standard output wants it."""
    if as_json:
        return lambda line: _put(to_json(line))
    if console is None and not sys.stdout.isatty():
        return lambda line: _put(to_text(line, utc=utc))
    terminal = console or Console()
    return lambda line: _fold(line, terminal, utc=utc)


def to_json(line: LogLine) -> str:
    """The line as one JSON object, in ASCII: its reader may know no other encoding."""
    moment = datetime.fromtimestamp(line.at, timezone.utc)
    at = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
    head = {"v": 1, "at": at, "level": line.level.value, "function": line.function, "run": line.run}
    return json.dumps({**head, "fields": dict(line.fields)})


def to_text(line: LogLine, *, utc: bool) -> str:
    """The line in one row: when, how bad, by whom; what came of it; what it was about; what went wrong."""
    fields = {name: str(value) for name, value in line.fields.items()}
    event = fields.get("event", "")
    target = "/".join(fields[name] for name in ("bucket", "key") if name in fields)
    rest = [f"{name}={fields[name]}" for name in fields if name not in (*_PLACED, *_left_out(fields))]
    wrong = [fields[name] for name in ("error", "message") if fields.get(name)]
    parts = [
        shown(stamp(int(line.at)), utc=utc),
        f"{line.level.value:7}",
        f"{line.function:8}",
        event if event != line.function else "",
        *(fields.get(name, "") for name in ("outcome", "reason")),
        target,
        f"job {fields['job']}" if "job" in fields else "",
        fields.get("detail", ""),
        *rest,
        ": ".join(wrong),
        fields.get("trace", ""),
    ]
    return plain(" ".join(part for part in parts if part))


def _left_out(fields: Mapping[str, str]) -> tuple[str, ...]:
    """What a message says already; without one it is shown."""
    return _LEFT_OUT if "message" in fields else _LEFT_OUT[:3]


def _put(text: str) -> None:
    # Each line is wanted at once when following.
    print(text, flush=True)  # noqa: T201 - data


def _fold(line: LogLine, console: Console, *, utc: bool) -> None:
    text = Text(to_text(line, utc=utc))
    text.highlight_regex(rf"\b{line.level.value}\b", _STYLES[line.level])
    rows = text.wrap(console, console.width - len(_INDENT), overflow="fold")
    for number, row in enumerate(rows):
        row.rstrip()
        console.print(Text(_INDENT if number else "") + row, soft_wrap=True, highlight=False)
