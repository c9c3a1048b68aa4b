"""What `submit` says: on standard output what is submitted, on standard error everything else."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import typer

from ops.bill import MINUTES, cost, usd
from ops.plain import plain
from ops.submit.decision import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ops.access import Access
    from ops.submit.estimate import Estimate
    from ops.submit.journal import Chosen, Journal

#: How many objects are named on a terminal, and how many that were refused anywhere.
_NAMED, _REFUSED = 20, 20
#: Characters before what is said of a thing.
_MARGIN = 16
_UNITS = ("bytes", "KB", "MB", "GB", "TB")


@dataclass(frozen=True)
class Screen:
    """What one run of the command says. `quiet` leaves the remarks out."""

    access: Access
    journal: Journal
    quiet: bool
    as_json: bool

    def name_objects(self) -> None:
        """Print each object that would be submitted; on a terminal the first of them."""
        count, _ = self.journal.total
        for shown, chosen in enumerate(self.journal.objects()):
            if self.as_json:
                self._data(bucket=chosen.bucket, key=chosen.key, size=chosen.size)
                continue
            if sys.stdout.isatty() and shown >= _NAMED:
                self.remark(f"and {count - shown:,} more; a pipe, or --json, gets all of them")
                return
            typer.echo(plain(self._name(chosen)))

    def sum_up(self) -> None:
        """Say how many there are, how large they are, and what was left out."""
        count, size = self.journal.total
        self.say("To be checked:", f"{objects(count)}, {size_in_words(size)}" if count else "nothing")
        left = self.journal.left_out.items()
        width = max((len(f"{number:,}") for _, number in left), default=0)
        self.say("Left out:", *(f"{number:>{width},}  {WORDS[reason]}" for reason, number in left))

    def name_refused(self) -> None:
        """Say why what somebody named is not submitted; of very many, of the first. As data, of all."""
        refused = ((chosen, reason) for chosen, reason in self.journal.refused() if reason.is_refusal)
        for chosen, reason in islice(refused, _REFUSED):
            typer.echo(plain(f"! {self._name(chosen)}: {WORDS[reason]}"), err=True)
        more = sum(1 for _ in refused)
        if more:
            typer.echo(f"! and {more:,} more; --json has all of them", err=True)
        if self.as_json:
            for chosen, reason in self.journal.refused():
                self._data(bucket=chosen.bucket, key=chosen.key, left_out=reason.value)

    def say_cost(self) -> None:
        """Say what it can cost, as far as anybody knows."""
        count, _ = self.journal.total
        price = self.access.configuration.laptop.price
        example = f"{usd(cost(count, price))} if each has {MINUTES} minutes, at {usd(price)} a minute"
        self.say("Price:", example, "--estimate asks for the length of some of them")

    def say_limit(self) -> None:
        """Say what bounds the jobs of a day."""
        limit, (count, _) = self.access.settings.max_jobs_per_day, self.journal.total
        if limit is None:
            self.say("Daily limit:", "none (WATERMARK_MAX_JOBS_PER_DAY)")
        elif count > limit:
            jobs = "1 job" if limit == 1 else f"{limit:,} jobs"
            self.say("Daily limit:", f"{jobs}, so it takes {-(-count // limit):,} days or more")

    def result(self, estimate: Estimate | None = None) -> None:
        """Print what was done, or would be, as data."""
        run, (count, size) = self.journal.run.name, self.journal.total
        if self.as_json:
            left = {reason.value: number for reason, number in self.journal.left_out.items()}
            minutes = _minutes(estimate) if estimate else {}
            self._data(run=run or None, objects=count, bytes=size, left_out=left, **minutes)
        elif run:
            typer.echo(f"run {run}: {objects(count)} asked for")

    def answers(self, verdicts: Mapping[str, int]) -> None:
        """Print what came of the run's objects, as data."""
        if self.as_json:
            self._data(run=self.journal.run.name, ended=dict(verdicts))
        else:
            typer.echo("ended: " + ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(verdicts.items())))

    def say(self, what: str, *lines: str) -> None:
        """Say something of one thing, a line or more."""
        for head, line in zip((what, *([""] * len(lines))), lines, strict=False):
            self.remark(f"{head:{_MARGIN}}{line}")

    def remark(self, text: str) -> None:
        """Say something beside the data."""
        if not self.quiet:
            typer.echo(plain(text), err=True)

    def must_say(self, text: str) -> None:
        """The same of what nobody should miss."""
        typer.echo(plain(text), err=True)

    def _data(self, **fields: object) -> None:
        typer.echo(json.dumps({"v": 1, **fields}, ensure_ascii=False))

    def _name(self, chosen: Chosen) -> str:
        return f"cos://{chosen.bucket}/{chosen.key}" if len(self.access.buckets) > 1 else chosen.key


def _minutes(estimate: Estimate) -> dict[str, object]:
    few = {"minutes": estimate.minutes, "minutes_low": estimate.low, "minutes_high": estimate.high}
    return {**{name: round(value, 1) for name, value in few.items()}, "measured": estimate.measured}


def objects(count: int) -> str:
    """So many objects."""
    return "1 object" if count == 1 else f"{count:,} objects"


def size_in_words(size: int) -> str:
    """Bytes in the largest unit of which there is one."""
    units: Iterator[tuple[int, str]] = ((1024**power, unit) for power, unit in reversed(list(enumerate(_UNITS))))
    scale, unit = next((found for found in units if size >= found[0]), (1, _UNITS[0]))
    return f"{size:,} {unit}" if scale == 1 else f"{size / scale:,.1f} {unit}"
