"""Rows for people: a table that fits a terminal, and whole lines in a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: The column that gets what room is left, and is folded where that is not enough.
KEY = "key"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under the columns' names; in a pipe with tabs between, and without the names."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(map(plain, row)))  # noqa: T201 - data
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column != KEY, ratio=1 if column == KEY else None)
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    Console().print(table)


def console() -> Console:
    """For what is more than rows: as wide as the terminal, or as long as it takes in a pipe. Minds NO_COLOR."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())
