"""Rows for people: a table that fits a terminal, and whole lines in a pipe."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: The columns that are folded where there is not enough room; the others are never broken.
KEY, TEXT = "key", "text"
#: So many rows are one table: its columns are as wide as these rows need, and memory stays flat.
_ROWS = 500


def is_terminal() -> bool:
    """Whether somebody looks at what is printed."""
    return sys.stdout.isatty()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under the columns' names; in a pipe with tabs between, and without the names."""
    if not is_terminal():
        for row in rows:
            print("\t".join(map(plain, row)))  # noqa: T201 - data
        return
    rest = iter(rows)
    while some := list(islice(rest, _ROWS)):
        console().print(_table(columns, some))


def console() -> Console:
    """For what is more than rows: as wide as the terminal, or as long as it takes in a pipe. Minds NO_COLOR."""
    return Console(highlight=False, soft_wrap=not is_terminal())


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column not in (KEY, TEXT))
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    return table
