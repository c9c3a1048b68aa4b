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
    from decimal import Decimal

    from ops.access import Access
    from ops.submit.journal import Chosen, Journal

#: How many objects are named on a terminal, and how many that were refused anywhere.
_NAMED, _REFUSED = 20, 20
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
            if sys.stdout.isatty() and not self.as_json and shown >= _NAMED:
                self.remark(f"  and {count - shown:,} more; in a pipe, or with --json, each is named")
                return
            typer.echo(self._line(chosen))

    def sum_up(self) -> None:
        """Say how many there are, how large they are, and what was left out."""
        count, size = self.journal.total
        self.remark(f"{objects(count)} to be checked, {size_in_words(size)}" if count else "no object to be checked")
        for reason, left in self.journal.left_out.items():
            self.remark(f"  left out: {left:,}, {WORDS[reason]}")

    def name_refused(self) -> None:
        """Say why what somebody named is not submitted; of very many, of the first."""
        for chosen, reason in islice(self.journal.refused(), _REFUSED):
            typer.echo(plain(f"! {self._name(chosen)}: {WORDS[reason]}"), err=True)

    def say_cost(self) -> None:
        """Say what it can cost, as far as anybody knows."""
        count, _ = self.journal.total
        price = self.access.configuration.laptop.price
        self.remark(f"each is a paid job: {each(count, price)}; --estimate asks some how long they are")
        limit = self.access.settings.max_jobs_per_day
        if limit is None:
            self.remark("no daily limit is set (WATERMARK_MAX_JOBS_PER_DAY)")
        elif count > limit:
            self.remark(f"at {limit:,} jobs a day this takes {-(-count // limit):,} days or more")

    def result(self) -> None:
        """Print what was done, as data."""
        run, (count, size) = self.journal.run, self.journal.total
        if self.as_json:
            left = {reason.value: number for reason, number in self.journal.left_out.items()}
            typer.echo(json.dumps({"v": 1, "run": run.name, "objects": count, "bytes": size, "left_out": left}))
        else:
            typer.echo(f"run {run.name}: {objects(count)} asked for")

    def answers(self, verdicts: Mapping[str, int]) -> None:
        """Print what came of the run's objects, as data."""
        if self.as_json:
            typer.echo(json.dumps({"v": 1, "run": self.journal.run.name, "ended": dict(verdicts)}))
        else:
            typer.echo("ended: " + ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(verdicts.items())))

    def remark(self, text: str) -> None:
        """Say something beside the data."""
        if not self.quiet:
            typer.echo(plain(text), err=True)

    def _line(self, chosen: Chosen) -> str:
        if self.as_json:
            fields = {"v": 1, "bucket": chosen.bucket, "key": chosen.key, "size": chosen.size}
            return json.dumps(fields, ensure_ascii=False)
        return plain(self._name(chosen))

    def _name(self, chosen: Chosen) -> str:
        return f"cos://{chosen.bucket}/{chosen.key}" if len(self.access.buckets) > 1 else chosen.key


def objects(count: int) -> str:
    """So many objects."""
    return "1 object" if count == 1 else f"{count:,} objects"


def each(count: int, price: Decimal) -> str:
    """What so many jobs cost if each video has the same length."""
    return f"{usd(cost(count, price))} if each has {MINUTES} minutes ({usd(price)} a minute)"


def size_in_words(size: int) -> str:
    """Bytes in the largest unit of which there is one."""
    units: Iterator[tuple[int, str]] = ((1024**power, unit) for power, unit in reversed(list(enumerate(_UNITS))))
    scale, unit = next((found for found in units if size >= found[0]), (1, _UNITS[0]))
    return f"{size:,} {unit}" if scale == 1 else f"{size / scale:,.1f} {unit}"
