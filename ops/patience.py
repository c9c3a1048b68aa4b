"""One call of very many: it is tried again for a while where that may help, so that one bad moment ends no long run."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ops import waiting
from shared.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
#: Seconds to wait after each try but the last.
_PAUSES = (1, 2, 4, 8, 16)


def patiently(call: Callable[[], T]) -> T:
    """What the call returns. It may have taken effect before: only for what can be made twice.

    Raises:
        CloudError: it was refused, or the last try failed too.
    """
    for pause in _PAUSES:
        try:
            return call()
        except CloudError as error:
            if not is_momentary(error):
                raise
        waiting.pause(pause)
    return call()


def is_momentary(error: CloudError) -> bool:
    """Whether it passes by itself."""
    return error.retryable and not error.is_refusal
