"""How the screen is shown: to people on a terminal, in a pipe, and to programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from ops.plain import plain
from ops.status.screen import Tone
from shared.domain.result import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from ops.status.estimate import Estimate
    from ops.status.facts import Facts, Oldest
    from ops.status.screen import Row, Screen, ToDo

_STYLES = {Tone.PLAIN: "", Tone.WELL: "green", Tone.WARN: "yellow", Tone.BAD: "bold red"}


def show(screen: Screen, console: Console) -> None:
    """Print it: as wide as the terminal, or a line for each row where there is none."""
    show_rows(screen.rows, console)
    console.print()
    for to_do in screen.to_do:
        console.print(Text(f"! {to_do.what}:", _STYLES[Tone.WARN]))
        # To be copied, so it is not broken.
        console.print(Text(f"    {plain(to_do.command)}"), soft_wrap=True)
    if not screen.to_do:
        console.print("Nothing to do.")


def show_rows(rows: Sequence[Row], console: Console) -> None:
    """Print labels and texts: texts are broken where the terminal ends, and nowhere where there is none."""
    if console.soft_wrap:
        width = max(len(row.label) for row in rows)
        for row in rows:
            console.print(Text(plain(f"{row.label:<{width}}  {row.text}")))
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(row.label, Text(plain(row.text), _STYLES[row.tone]))
    console.print(table)


def as_json(facts: Facts, estimate: Estimate, to_do: tuple[ToDo, ...]) -> str:
    """The facts on one line, in ASCII: its reader may know no other encoding."""
    status = facts.tick.status
    return json.dumps(
        {
            "v": 1,
            "at": stamp(facts.now),
            "answered": {"all": asdict(facts.ever), "days_7": asdict(facts.week)},
            "in_flight": facts.in_flight,
            "oldest": _claim(facts.oldest),
            "stuck": _claim(facts.stuck),
            "held": dict(facts.held),
            "waiting": facts.waiting,
            "jobs": asdict(facts.jobs),
            "spending": _spending(estimate),
            "tick": {
                "state": facts.tick.state.value,
                "at": status and status.at,
                "seconds_ago": facts.tick.age if status else None,
                "complete": status and status.complete,
            },
            "paused": asdict(facts.pause) if facts.pause else None,
            "refusal": facts.refusal or None,
            "to_do": [asdict(one) for one in to_do],
        }
    )


def _claim(claim: Oldest | None) -> dict[str, Any] | None:
    return {"bucket": claim.bucket, "key": claim.key, "seconds": claim.age} if claim else None


def _spending(estimate: Estimate) -> dict[str, Any]:
    return {
        "currency": "USD",
        "estimated": True,
        "today": float(estimate.today),
        "month": float(estimate.month),
        "minutes": estimate.minutes,
        "price_per_minute": float(estimate.price),
        "largest_bill": estimate.largest,
    }
