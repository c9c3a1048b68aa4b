"""Asks the person who runs a command: for what it cannot know, and before anything is changed."""

from __future__ import annotations

import sys
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any

import typer

from ops.options import parser
from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator


def agreed(question: str, *, yes: bool) -> bool:
    """Whether to go on.

    Raises:
        ConfigurationError: nobody is there to answer.
        KeyboardInterrupt: Ctrl-C.
    """
    if yes:
        return True
    # A question is talk; `err` would leave one character of it among the data.
    with _somebody("Use --yes to continue without questions"), redirect_stdout(sys.stderr):
        return typer.confirm(question)


def answer(question: str, kind: Any, option: str, *, proposal: str | None = None, yes: bool) -> str:  # noqa: ANN401 - an annotated type is no type to mypy
    """What is to be used, in the form that `kind` wants; `yes` takes the proposal. A wrong answer is asked for again.

    Raises:
        ConfigurationError: nobody is there to answer; `option` says it without being asked.
        KeyboardInterrupt: Ctrl-C.
    """
    if yes and proposal is not None:
        return str(parser(kind)(proposal))
    with _somebody(f"Give it with {option}: {question}"):
        if yes:
            raise typer.Abort
        return str(typer.prompt(question, default=proposal, value_proc=parser(kind)))


@contextmanager
def _somebody(instead: str) -> Iterator[None]:
    try:
        yield
    except typer.Abort as error:
        # To what asks, the end of the input and Ctrl-C are the same.
        if isinstance(error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from error
        raise ConfigurationError(f"Nothing was changed: there was no answer. {instead}") from error
