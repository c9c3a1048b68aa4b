"""Rows for programs: JSON, one object a line, and CSV, which people open in a spreadsheet too."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: In SQLite they are 1 and 0.
_YES_OR_NO = ("applied", "again")
#: A cell that begins so is a formula to a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def known(row: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """What is known of it, as in a record: the rest is left out."""
    return {name: _value(row, name) for name in columns if row[name] is not None}


def print_json(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """In ASCII, whatever a terminal can show."""
    for row in rows:
        typer.echo(json.dumps({"v": 1, **known(row, columns)}))


def print_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """With a line of names; what could be a formula is told from one by a `'` before it."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(columns)
    for row in rows:
        out.writerow([_cell(_value(row, name)) for name in columns])


def _value(row: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - whatever a column holds
    if name == "jobs":
        return json.loads(row[name])
    return bool(row[name]) if name in _YES_OR_NO and row[name] is not None else row[name]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    # New lines are part of what is exported; nothing else that shows nothing is, for it could steer a terminal.
    text = "".join(sign if sign.isprintable() or sign in "\n\t" else " " for sign in text)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
