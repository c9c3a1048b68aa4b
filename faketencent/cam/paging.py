"""Pages of lists, and times, as CAM has them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypeVar

from faketencent.cam.exceptions import wrong_parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faketencent.api.action import Asked

_T = TypeVar("_T")
_MOST = 200
#: That the times, which name no zone, are Beijing's is assumed.
_BEIJING = timezone(timedelta(hours=8))


def page(asked: Asked, items: Sequence[_T]) -> list[_T]:
    """The items of the page asked for: `Page` counts from 1, `Rp` is its size.

    Raises:
        ApiError: InvalidParameter.ParamError, one is out of 1–200.
    """
    number, size = asked.number("Page", 1), asked.number("Rp", 20)
    if not (1 <= number <= _MOST and 1 <= size <= _MOST):
        raise wrong_parameter(f"Page and Rp are 1 to {_MOST}")
    return list(items[(number - 1) * size : number * size])


def shown_time(at: float) -> str:
    """A time such as `2019-07-10 11:22:27`."""
    return datetime.fromtimestamp(at, _BEIJING).strftime("%Y-%m-%d %H:%M:%S")
