"""What is held until a schedule delivers it, and who is on his way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.promises import Writing
    from tests.stepping import Runner


@dataclass
class HeldEvent:
    """An event on its way; `tried` says whether it reached `submit` at all."""

    event: dict[str, Any]
    writing: Writing
    left: int
    tried: bool = False


@dataclass
class HeldCallback:
    """A callback on its way."""

    body: bytes
    left: int


@dataclass
class Run:
    """A function that is on its way."""

    number: int
    what: str
    runner: Runner
