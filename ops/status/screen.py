"""The screen: what is said of the facts, and what to do about those that are not well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ops.shell import quoted
from ops.status.tick import State
from ops.times import shown, span
from shared.domain.claim import Held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.status.estimate import Estimate
    from ops.status.facts import Answered, Facts, Oldest

_DAY = 86_400
#: Characters of a text, and of a name, that somebody else wrote; one screen is to show all.
_MOST, _MOST_OF_A_NAME = 300, 40
_HELD = {
    Held.LIMIT.value: "by the daily limit",
    Held.PAUSED.value: "by the pause",
    Held.YOUNG.value: "younger than WATERMARK_MIN_AGE",
    Held.ANOTHER.value: "by another upload of the same object",
    Held.REFUSED.value: "refused by Cloud Infinite",
    Held.UNSETTLED.value: "of objects that are rewritten again and again",
}


class Tone(Enum):
    """How a row is meant."""

    PLAIN = "plain"
    WELL = "well"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Row:
    """One row of the screen; a long text is broken where the screen ends."""

    label: str
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class ToDo:
    """Something that is not well, and the command that says more or helps."""

    what: str
    command: str


@dataclass(frozen=True)
class Screen:
    """All of it."""

    rows: tuple[Row, ...]
    to_do: tuple[ToDo, ...]


@dataclass(frozen=True)
class Shown:
    """How times are shown, and what else the commands need to be typed: the option for `.env`, and whole keys."""

    utc: bool = False
    naming: str = ""
    one_bucket: bool = True


def screen(facts: Facts, estimate: Estimate, how: Shown) -> Screen:
    """What is to be seen."""
    return Screen(tuple(_rows(facts, estimate, how)), tuple(to_do(facts, how)))


def _rows(facts: Facts, estimate: Estimate, how: Shown) -> Iterator[Row]:
    yield Row("results", _answered(facts.ever))
    if facts.ever.total:
        yield Row("last 7 days", _answered(facts.week))
    yield Row("in flight", _in_flight(facts))
    if facts.held:
        held = ", ".join(f"{count:,} {_HELD.get(reason, reason)}" for reason, count in facts.held.items())
        yield Row("held", held, Tone.BAD if Held.REFUSED.value in facts.held else Tone.WARN)
    yield Row("waiting", f"{facts.waiting:,} asked for and not taken up yet" if facts.waiting else "nothing")
    yield _jobs(facts)
    yield Row(
        "spending", f"about {estimate.today:,.2f} USD today, {estimate.month:,.2f} USD this month; {estimate.basis}"
    )
    yield Row("largest bill", estimate.largest, Tone.PLAIN if facts.jobs.limit else Tone.WARN)
    yield _timer(facts)
    yield _paused(facts, how)
    if facts.refusal:
        yield Row("refusal", f"Cloud Infinite refuses jobs: {_cut(facts.refusal)}", Tone.BAD)


def _answered(count: Answered) -> str:
    parts = {
        "found": count.found,
        "none": count.none,
        "failed": count.failed,
        "not applied": count.not_applied,
        "skipped": count.skipped,
    }
    known = ", ".join(f"{number:,} {name}" for name, number in parts.items() if number)
    return f"{count.total:,}: {known}" if known else "nothing"


def _in_flight(facts: Facts) -> str:
    if facts.oldest is None:
        return "nothing"
    age = f"{span(facts.oldest.age)} old"
    return f"1, {age}" if facts.in_flight == 1 else f"{facts.in_flight:,}, the oldest {age}"


def _jobs(facts: Facts) -> Row:
    jobs = facts.jobs
    if not jobs.by_slots:
        return Row("jobs", f"{jobs.today:,} today and {jobs.month:,} this month, by records and claims; no limit")
    text = f"{jobs.today:,} of {jobs.limit:,} today, {jobs.month:,} this month"
    return Row("jobs", text, Tone.WARN if jobs.today >= (jobs.limit or 0) else Tone.PLAIN)


def _timer(facts: Facts) -> Row:
    tick = facts.tick
    if tick.state is State.NEVER:
        return Row("timer", "no tick has ended yet", Tone.BAD)
    if tick.status is None:
        return Row("timer", "status.json in the ledger was not written by it", Tone.BAD)
    unfinished = "" if tick.status.complete else "; it had no time for every claim that was due"
    text = f"last tick {span(tick.age)} ago{unfinished}"
    if tick.state is State.LATE:
        return Row("timer", f"{text}; there should be one each minute", Tone.BAD)
    return Row("timer", text, Tone.WARN if unfinished else Tone.WELL)


def _paused(facts: Facts, how: Shown) -> Row:
    if facts.pause is None:
        return Row("paused", "no", Tone.WELL)
    since = _cut(shown(facts.pause.at, utc=how.utc), _MOST_OF_A_NAME)
    at = f"since {since} " if since else ""
    by = f"by {_cut(facts.pause.by, _MOST_OF_A_NAME)}" if facts.pause.by else "by an unknown person"
    return Row("paused", f"{at}{by}: {_cut(facts.pause.why) or 'no reason was given'}", Tone.WARN)


def to_do(facts: Facts, how: Shown) -> Iterator[ToDo]:
    """A command for each problem."""

    def command(text: str, last: str = "") -> str:
        return f"./cos-watermark {text}{how.naming}{last}"

    if facts.tick.state is not State.WELL:
        yield ToDo("The timer does not run, or cannot write", command("doctor"))
    if facts.pause:
        yield ToDo("No job is submitted during the pause", command("resume"))
    if facts.refusal:
        yield ToDo("Cloud Infinite accepts no job; the log says what to do", command("logs --level ERROR"))
    elif Held.UNSETTLED.value in facts.held:
        yield ToDo("Some objects are rewritten again and again", command("logs --level ERROR"))
    if facts.stuck and facts.stuck.age > _DAY:
        yield ToDo(f"A claim is {span(facts.stuck.age)} old", command("show", _key(facts.stuck, how)))
    if facts.week.failed:
        yield ToDo("Some failed in the last 7 days", command("list --failed --since 7d"))
    if facts.week.not_applied:
        yield ToDo("Some results are only in the ledger", command("list --not-applied --since 7d"))
    if facts.jobs.limit is None:
        yield ToDo("There is no limit on the cost; set WATERMARK_MAX_JOBS_PER_DAY in .env, then", command("deploy"))


def _key(claim: Oldest, how: Shown) -> str:
    key = claim.key if how.one_bucket else f"cos://{claim.bucket}/{claim.key}"
    return f"{' --' if key.startswith('-') else ''} {quoted(key)}"


def _cut(text: str, most: int = _MOST) -> str:
    return text if len(text) <= most else f"{text[:most]}..."
