"""What a command is going to do, shown before it does it.

A plan is a list of steps in the order in which they are done. Whoever makes one looks first: a step says what is there
and what is to change, and its `apply` does that. What was done stays done: the next run makes a plan of what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from rich.markup import escape

from ops.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.console import Console


class State(Enum):
    """What is to be done about something."""

    THERE = "is there"
    MAKE = "to make"
    CHANGE = "to change"
    PERSON = "only a person can do"


@dataclass(frozen=True)
class Step:
    """One thing of the plan. `details` are lines of their own: what differs, or where a person has to go.

    What stands behind a step that `blocks` has to wait for a later run, when somebody has done it.
    """

    state: State
    text: str
    details: tuple[str, ...] = ()
    apply: Callable[[], None] | None = None
    blocks: bool = False

    def __post_init__(self) -> None:
        # Otherwise a plan would announce what nobody does, or do what it does not announce.
        assert (self.apply is not None) is (self.state in (State.MAKE, State.CHANGE))  # noqa: S101 - a mistake of ours


def there(text: str, *details: str) -> Step:
    """It is as it should be."""
    return Step(State.THERE, text, details)


def make(text: str, apply: Callable[[], None], *details: str) -> Step:
    """It is not there."""
    return Step(State.MAKE, text, details, apply)


def change(text: str, apply: Callable[[], None], *details: str) -> Step:
    """It is there, and different."""
    return Step(State.CHANGE, text, details, apply)


def person(text: str, *details: str, blocks: bool = False) -> Step:
    """A person has to do it."""
    return Step(State.PERSON, text, details, blocks=blocks)


def to_apply(steps: Sequence[Step]) -> list[Step]:
    """The steps that can be done now."""
    end = next((place for place, step in enumerate(steps) if step.blocks), len(steps))
    return [step for step in steps[:end] if step.apply]


def is_complete(steps: Iterable[Step]) -> bool:
    """Whether nothing is left to do, for nobody."""
    return all(step.state is State.THERE for step in steps)


_STYLES = {State.THERE: "green", State.MAKE: "cyan", State.CHANGE: "yellow", State.PERSON: "bold magenta"}
_SIGNS = {State.THERE: "✓", State.MAKE: "+", State.CHANGE: "~", State.PERSON: "!"}
#: For terminals that cannot show more.
_ASCII = {**_SIGNS, State.THERE: "ok"}


def show(steps: Iterable[Step], console: Console) -> None:
    """One line a step, its details below it."""
    for step in steps:
        _line(console, f"{sign(step.state, console)} {escape(plain(step.text))}")
        for detail in step.details:
            _line(console, f"    {escape(plain(detail))}")


def legend(console: Console) -> None:
    """What the signs mean."""
    _line(console, "   ".join(f"{sign(state, console)} {state.value}" for state in State))


def sign(state: State, console: Console) -> str:
    """The state as the terminal can show it, as markup of rich."""
    signs = _ASCII if console.options.ascii_only else _SIGNS
    return f"[{_STYLES[state]}]{signs[state]}[/]"


def _line(console: Console, markup: str) -> None:
    console.print(markup, highlight=False, soft_wrap=True)
