"""What a person is shown of a row: when, what came of it, which object, and in a few words what is to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.listing.kinds import Kind
from ops.table import KEY, TEXT
from ops.times import shown
from shared.domain.result import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = ("time", "state", KEY, TEXT)


def cells(row: Mapping[str, object], kind: Kind, *, utc: bool, one_bucket: bool) -> tuple[str, str, str, str]:
    """The cells under `COLUMNS`."""
    state, text = _SAID[kind](row)
    key = f"{row['key']}" if one_bucket else f"cos://{row['bucket']}/{row['key']}"
    return shown(_text(row, kind.value.time), utc=utc), state, key, text


def _result(row: Mapping[str, object]) -> tuple[str, str]:
    verdict, reason = _text(row, "verdict"), _text(row, "reason")
    if verdict == Verdict.SKIPPED.value:
        return verdict, reason
    said = _text(row, "code") if verdict == Verdict.FAILED.value else _text(row, "text")
    return verdict, " ".join(part for part in (f"[{reason}]" if reason else "", said) if part)


def _claim(row: Mapping[str, object]) -> tuple[str, str]:
    held = _text(row, "held")
    if row["verdict"]:
        return "unwritten", _text(row, "problem")
    if held == "refused":
        return held, _text(row, "refusal")
    if held:
        return "held", held
    return ("submitted", _text(row, "job")) if row["job"] else ("pending", "")


def _entry(row: Mapping[str, object]) -> tuple[str, str]:
    return "again" if row["again"] else "waiting", _text(row, "by")


def _object(row: Mapping[str, object]) -> tuple[str, str]:
    return "never", _text(row, "obstacle")


_SAID = {Kind.RESULTS: _result, Kind.IN_FLIGHT: _claim, Kind.WAITING: _entry, Kind.NEVER: _object}


def _text(row: Mapping[str, object], name: str) -> str:
    return str(row[name] or "")
