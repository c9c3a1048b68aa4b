"""Asks whoever runs a command before anything is changed."""

from __future__ import annotations

import typer

from shared.errors import ConfigurationError


def agreed(question: str, *, yes: bool) -> bool:
    """Whether to go on.

    Raises:
        ConfigurationError: nobody is there to answer.
    """
    if yes:
        return True
    try:
        return typer.confirm(question)
    except typer.Abort as error:
        raise ConfigurationError(
            "Nothing was changed: nobody answered. Say --yes to go on without being asked"
        ) from error
