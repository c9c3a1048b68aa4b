"""Text for a terminal. Some of what is printed comes from whoever answered: it must not steer a terminal."""

from __future__ import annotations

import typer


def plain(text: str) -> str:
    """The text on one line, with a space for each character that shows nothing."""
    return "".join(character if character.isprintable() else " " for character in text)


def well_formed(typed: str) -> str:
    """An argument as UTF-8 can write it: in the place of each byte of another encoding is a `?`."""
    return typed.encode(errors="replace").decode()


def say(line: str) -> None:
    """Print one line."""
    typer.echo(plain(line))
