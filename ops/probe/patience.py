"""Waiting for what the cloud does by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ops import waiting

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def awaited(look: Callable[[], T | None], seconds: float, every: float = 2) -> T | None:
    """What `look` finds, as soon as it finds something; `None` if that takes longer."""
    until = waiting.now() + seconds
    while (found := look()) is None and waiting.now() < until:
        waiting.pause(every)
    return found
