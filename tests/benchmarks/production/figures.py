"""Figures: many measurements of one thing, and the table of all of them."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from tests.benchmarks.rows import TickRow  # noqa: TC001 - pydantic resolves the fields' types at run time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.production.process import Took


@dataclass(frozen=True)
class Figure:
    """The median of some measurements, and what lies between their quartiles."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Figure:
        """The figure of these values."""
        low, _, high = (
            statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else (*values, *values, *values)
        )
        return cls(statistics.median(values), low, high, len(values))


@dataclass(frozen=True)
class Row:
    """What one subject took in one situation: milliseconds of the processor and of the clock, and MB at the most."""

    situation: str
    subject: str
    latency: int
    cpu: Figure
    wall: Figure
    peak: Figure

    @classmethod
    def of(cls, situation: str, subject: str, latency: int, took: Sequence[Took]) -> Row:
        """The row of these measurements; `latency` is in milliseconds a reply."""
        cpu, wall = ([1000 * getattr(one, name) for one in took] for name in ("cpu", "wall"))
        peak = [one.peak / 1e6 for one in took]
        return cls(situation, subject, latency, Figure.of(cpu), Figure.of(wall), Figure.of(peak))


@dataclass(frozen=True)
class Change:
    """A change of our bundle: the CPU time after it as a share of that before, by path, and how many bytes it adds.

    `is_made` says whether the bundle has it: then what was measured is the bundle without it.
    """

    what: str
    is_made: bool
    cpu: dict[str, float]
    bytes: int


@dataclass
class Findings:
    """All that was found, as it goes into `build/bench.json`."""

    machine: dict[str, str] = field(default_factory=dict)
    rounds: int = 0
    events: int = 0
    rows: list[Row] = field(default_factory=list)
    instructions: dict[str, dict[str, int]] = field(default_factory=dict)
    calls: dict[str, list[str]] = field(default_factory=dict)
    bundle: dict[str, int] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    growth: dict[str, float] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    waiting: dict[str, float] = field(default_factory=dict)
    ticks: list[TickRow] = field(default_factory=list)

    @classmethod
    def read(cls, document: str) -> Findings:
        """What a JSON document holds."""
        return TypeAdapter(cls).validate_json(document)

    def written(self) -> str:
        """The JSON document."""
        return TypeAdapter(type(self)).dump_json(self, indent=2).decode() + "\n"

    def row(self, situation: str, subject: str, latency: int = 0) -> Row:
        """The row of a subject."""
        wanted = (situation, subject, latency)
        return next(row for row in self.rows if (row.situation, row.subject, row.latency) == wanted)
