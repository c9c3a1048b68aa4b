"""A plan says what is there, what will be done and what only a person can do; what is done is what it says."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from ops.plan import State, Step, change, is_complete, legend, make, person, show, there, to_apply

#: Says the same on every Python.
pytestmark = pytest.mark.once


def nothing() -> None:
    """Stands for a call."""


def shown(*steps: Step, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, encoding=encoding, write_through=True), width=40)
    show(steps, console)
    return raw.getvalue().decode(encoding)


PLAN = (there("a"), make("b", nothing), change("c", nothing, "was d"), person("e", "https://example.com"))


def test_each_step_has_a_sign_and_its_details_below() -> None:
    assert shown(*PLAN) == "✓ a\n+ b\n~ c\n    was d\n! e\n    https://example.com\n"


def test_a_terminal_that_knows_ascii_alone_gets_ascii_signs() -> None:
    assert shown(there("a"), encoding="ascii") == "ok a\n"


def test_a_link_is_never_broken_and_nothing_in_a_text_steers_the_terminal() -> None:
    link = "https://example.com/" + "x" * 100
    assert shown(person("[red]a[/]\x1b[2J\n", link)) == f"! [red]a[/] [2J \n    {link}\n"


def test_the_legend_names_every_sign() -> None:
    console = Console(file=io.StringIO(), width=200)
    legend(console)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == "✓ is there   + to make   ~ to change   ! only a person can do\n"


def test_only_what_is_to_make_or_change_is_applied() -> None:
    assert [step.text for step in to_apply(PLAN)] == ["b", "c"]


def test_what_stands_behind_a_step_that_blocks_has_to_wait() -> None:
    steps = [make("a", nothing), person("b", blocks=True), make("c", nothing)]
    assert [step.text for step in to_apply(steps)] == ["a"]


def test_a_plan_is_complete_when_all_is_there() -> None:
    assert is_complete([there("a")])
    assert not any(is_complete([there("a"), step]) for step in PLAN[1:])


@pytest.mark.parametrize("state", State)
def test_no_step_announces_what_nobody_does(state: State) -> None:
    apply = nothing if state in (State.THERE, State.PERSON) else None
    with pytest.raises(AssertionError):
        Step(state, "a", apply=apply)
