"""What docs/commands.md says about commands and index, made from these: `ops/readme.py` puts it in."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from ops.cli import app
from ops.index.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

#: Columns of the page's code.
_WIDTH = 80
_PART = re.compile(r"((?:^-- .*\n)+)CREATE (?:TABLE|VIEW) (\w+)", re.MULTILINE)


def helps(*names: str) -> dict[str, Callable[[], str]]:
    """A part for the help of each command, and one for the list of them."""
    return {"help": help_of, **{f"help_{name}": partial(help_of, name) for name in names}}


def help_of(name: str = "", width: int = _WIDTH) -> str:
    """What `--help` prints on a terminal of that width, set as code."""
    group: Any = get_command(app)
    with group.context_class(group, info_name="./cos-watermark", terminal_width=width, **group.context_settings) as top:
        if not name:
            return f"```\n{group.get_help(top)}\n```"
        command = group.commands[name]
        with command.context_class(command, parent=top, info_name=name, terminal_width=width) as context:
            return f"```\n{command.get_help(context)}\n```"


def index_tables() -> str:
    """The tables and views of the index, their meaning and their columns."""
    rows = []
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        for comment, name in _PART.findall(SCHEMA):
            meaning = " ".join(line.removeprefix("-- ") for line in comment.splitlines())
            columns = ", ".join(f"`{row[1]}`" for row in connection.execute(f"PRAGMA table_info({name})"))
            rows.append(f"| `{name}` | {meaning} | {columns} |")
    return "\n".join(["| Table or view | Holds | Columns |", "|---|---|---|", *rows])
