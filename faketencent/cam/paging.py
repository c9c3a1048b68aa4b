"""Pages of lists, as CAM has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from faketencent.cam.exceptions import wrong_parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faketencent.api.action import Asked

_T = TypeVar("_T")
_MOST = 200


def page(asked: Asked, items: Sequence[_T]) -> list[_T]:
    """The items of the page asked for: `Page` counts from 1, `Rp` is its size.

    Raises:
        ApiError: InvalidParameter.ParamError, one is out of 1–200.
    """
    number, size = asked.number("Page", 1), asked.number("Rp", 20)
    if not (1 <= number <= _MOST and 1 <= size <= _MOST):
        raise wrong_parameter(f"Page and Rp are 1 to {_MOST}")
    return list(items[(number - 1) * size : number * size])
