"""How what was checked is shown: a line for each object as it comes, and a count at the end."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from ops.plain import plain
from ops.times import shown
from ops.verify.seal import State, Which
from shared.domain.result import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from ops.verify.seal import Checked

_WORDS = {
    State.OURS: ("ours", "green"),
    State.NOT_OURS: ("not ours, or for other bytes", "bold red"),
    State.NO_SEAL: ("no seal", "yellow"),
    State.GONE: ("gone", "yellow"),
    State.UNSEEN: ("cannot be read", "magenta"),
}
_COUNTED = {
    State.OURS: "ours",
    State.NOT_OURS: "not ours, or for other bytes",
    State.NO_SEAL: "without a seal",
    State.GONE: "gone",
    State.UNSEEN: "that cannot be read",
}


@dataclass
class Report:
    """Prints to the console; in a pipe with tabs, or as JSON. `one_bucket`: its name need not be shown."""

    console: Console
    json: bool
    utc: bool
    one_bucket: bool
    counts: Counter[State] = field(default_factory=Counter)
    by_previous: int = 0

    def add(self, checked: Checked) -> None:
        """Print one, and count it."""
        self.counts[checked.state] += 1
        self.by_previous += checked.secret is Which.PREVIOUS
        if self.json:
            typer.echo(as_json(checked))
        elif self.console.soft_wrap:
            typer.echo("\t".join(plain(cell) for cell in self._cells(checked)))
        else:
            self._show(checked)

    @contextmanager
    def summed_up(self, *, quiet: bool) -> Iterator[None]:
        """Say at the end how many there were of each, of those that came before an error too."""
        ended = False
        try:
            yield
            ended = True
        finally:
            if not quiet and (ended or self.counts):
                typer.echo(self.summary, err=True)

    @property
    def summary(self) -> str:
        """How many there were of each."""
        parts = [f"{self.counts[state]:,} {words}" for state, words in _COUNTED.items() if self.counts[state]]
        if self.by_previous:
            parts[0] += f" ({self.by_previous:,} by the previous secret)"
        text = ", ".join(parts) or "nothing to check"
        if self.counts[State.NOT_OURS] and not self.counts[State.OURS]:
            # The likeliest reason, where not one fits.
            return f"{text}. Is WATERMARK_SECRET in .env the one that is deployed?"
        return text

    def _cells(self, checked: Checked) -> tuple[str, ...]:
        result, secret = checked.result, checked.secret
        told = (result.verdict.value, result.text, shown(result.at, utc=self.utc)) if result else ("", "", "")
        return (checked.state.value, secret.value if secret else "", *told, checked.target.bucket, checked.target.key)

    def _show(self, checked: Checked) -> None:
        words, style = _WORDS[checked.state]
        target = checked.target
        name = target.key if self.one_bucket else str(target)
        line = Text.assemble((words, style), "  ", (plain(name), "bold"), plain(self._told(checked)))
        self.console.print(line, soft_wrap=True)

    def _told(self, checked: Checked) -> str:
        result = checked.result
        if result is None or checked.secret is None:
            return ""
        said = result.text if result.verdict is Verdict.FOUND else result.code
        at = f", {shown(result.at, utc=self.utc)}" if result.at else ""
        return f"  {result.verdict.value}{f' {said}' if said else ''} ({checked.secret.value} secret{at})"


def as_json(checked: Checked) -> str:
    """One object on one line, in ASCII; what is not known or does not apply is left out."""
    target, result = checked.target, checked.result
    fields: dict[str, object] = {"v": 1, "bucket": target.bucket, "key": target.key, "state": checked.state.value}
    if result and checked.secret:
        said = {"text": result.text, "code": result.code, "message": result.message, "job": result.job, "at": result.at}
        fields |= {"secret": checked.secret.value, "verdict": result.verdict.value}
        fields |= {name: value for name, value in said.items() if value}
    return json.dumps(fields)
