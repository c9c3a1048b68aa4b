"""The values that several commands take, and the messages about wrong ones."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from ops.checkout import ENV_FILE
from shared.formats import matching

if TYPE_CHECKING:
    from collections.abc import Callable

Region = Annotated[str, matching(r"[a-z]+(-[a-z0-9]+)+", "a region's full name, like ap-beijing")]
Uin = Annotated[str, matching(r"[0-9]{6,20}", "the account's number, 6 to 20 digits")]

EnvFile = Annotated[
    Path, typer.Option("--env-file", metavar="FILE", help="The settings file of the deployment.", show_default=".env")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Debug = Annotated[bool, typer.Option("--debug", help="Also show each call to the cloud and how it ended.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object per line; times are UTC.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no remarks.")]
Utc = Annotated[bool, typer.Option("--utc", help="Show times in UTC, and read given times as UTC.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing; exit code 1 if there is something to do.")]


def complaints(error: ValidationError) -> list[str]:
    """What is wrong, in our own words: for errors of validators that raise ValueError."""
    return [problem["msg"].removeprefix("Value error, ") for problem in error.errors(include_url=False)]


def parser(kind: Any) -> Callable[[str], str]:  # noqa: ANN401 - an annotated type is no type to mypy
    """What reads an option of that kind; the complaint about a wrong value then names the option."""
    adapter: TypeAdapter[str] = TypeAdapter(kind)

    def parse(value: str) -> str:
        try:
            return adapter.validate_python(value)
        except ValidationError as error:
            raise typer.BadParameter(f"{value!r} {complaints(error)[0]}") from error

    return parse


def naming(file: Path) -> str:
    """What a command for a shell has to say so that it reads that file."""
    return "" if file.resolve() == ENV_FILE.resolve() else f" --env-file {shlex.quote(str(file))}"
