"""What the page says, in one of two languages. Names in braces are filled in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ops.report.periods import Step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from shared.domain.outcome import Reason
    from shared.domain.result import Verdict


class Language(str, Enum):
    """As `--lang` takes it."""

    ENGLISH = "en"
    CHINESE = "zh"


@dataclass(frozen=True)
class Words:
    """All texts of the page. `tag` is the language's name for browsers."""

    tag: str
    comma: str
    colon: str
    title: str
    period: str
    period_until: str
    made: str
    looked: str
    prefix: str
    bucket: str
    buckets: str

    uploads: str
    verdicts: Mapping[Verdict, str]
    on_object: str
    see_reasons: str
    known: str
    now: str

    over_time: str
    per: Mapping[Step, str]
    plotted: str
    numbers: str
    begins: Mapping[Step, str]
    nothing: str

    failures: str
    no_failures: str
    code: str
    no_code: str
    reasons: str
    reasons_lead: str
    no_reasons: str
    reason: str
    meanings: Mapping[Reason, str]
    count: str
    example: str
    others: str

    spending: str
    jobs: str
    estimate: str
    saved: str
    saved_by: str
    estimated: str
    not_counted: str

    slowest: str
    since_upload: str
    since_upload_note: str
    since_job: str
    usual: str
    no_times: str
    begun: str
    took: str

    results: str
    search: str
    all: str
    shown: str
    more: str
    left_out: str
    without_script: str
    time: str
    object: str
    result: str
    watermark: str
    why: str
    size: str
    not_on_object: str

    months: tuple[str, ...]
    day: str
    month: str
    units: tuple[str, str, str, str]

    def named(self, begin: date, step: Step) -> str:
        """A period by its first day."""
        if step is Step.YEAR:
            return f"{begin.year}"
        pattern = self.month if step is Step.MONTH else self.day
        return pattern.format(day=begin.day, month=self.months[begin.month - 1], year=begin.year)

    def exact(self, begin: date, step: Step) -> str:
        """The same, with its year."""
        return begin.isoformat() if step in (Step.DAY, Step.WEEK) else self.named(begin, step)
