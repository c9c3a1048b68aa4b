"""The parameters of a request: from the query of a GET, from the form of a POST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.tdmq.exceptions import (
    BatchSizeError,
    MissingParameterError,
    NotConsecutiveError,
    ParameterRangeError,
    ParameterTypeError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.wire import Request

#: Messages that one request can send, receive or delete.
MAX_BATCH = 16


def parameters(request: Request) -> Mapping[str, str]:
    """All parameters by name, decoded."""
    return request.form if request.method == "POST" else request.params


def required(given: Mapping[str, str], name: str) -> str:
    """The value of a parameter that must be there."""
    if not (value := given.get(name, "")):
        raise MissingParameterError(name)
    return value


def whole_number(given: Mapping[str, str], name: str, *, low: int = 0, high: int | None = None) -> int:
    """The value of a parameter that must be there and be a whole number between `low` and `high`."""
    try:
        value = int(required(given, name))
    except ValueError as error:
        raise ParameterTypeError(name) from error
    if value < low or (high is not None and value > high):
        raise ParameterRangeError(name)
    return value


def optional_number(given: Mapping[str, str], name: str, *, low: int = 0, high: int | None = None) -> int | None:
    """The same for a parameter that may be left out."""
    return whole_number(given, name, low=low, high=high) if name in given else None


def listed(given: Mapping[str, str], name: str) -> list[str]:
    """The values `name.0`, `name.1`, ... in order; counting may also begin at 1, but must not skip a number."""
    texts = [key.removeprefix(f"{name}.") for key in given if key.startswith(f"{name}.")]
    if not texts:
        raise MissingParameterError(f"{name}.n")
    if len(texts) > MAX_BATCH:
        raise BatchSizeError(name)
    first = 0 if "0" in texts else 1
    try:
        return [given[f"{name}.{n}"] for n in range(first, first + len(texts))]
    except KeyError as error:
        raise NotConsecutiveError(name) from error
