"""Walking through sorted keys, with prefix, delimiter and marker, a page at a time.

Keys sort by code point, which is the order of their UTF-8 bytes, which is COS's order.
https://cloud.tencent.com/document/product/436/7734
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_T = TypeVar("_T")


@dataclass(frozen=True)
class Group:
    """All keys with one common prefix, up to and including the delimiter."""

    prefix: str


@dataclass(frozen=True)
class Page(Generic[_T]):
    """What fits into one reply, and whether there is more."""

    items: list[_T]
    truncated: bool

    @classmethod
    def of(cls, items: Iterable[_T], limit: int) -> Page[_T]:
        """The first `limit` items."""
        taken = list(islice(items, limit + 1))
        return cls(taken[:limit], truncated=len(taken) > limit > 0)


def walk(keys: Sequence[str], prefix: str = "", delimiter: str = "", after: str = "") -> Iterator[str | Group]:
    """The sorted keys with that prefix behind the marker `after`; groups where there is a delimiter."""
    at = max(bisect_left(keys, prefix), bisect_right(keys, after))
    if after and _group(after, prefix, delimiter) == after:
        at = _end(keys, after, at)
    while at < len(keys) and keys[at].startswith(prefix):
        group = _group(keys[at], prefix, delimiter)
        if group is None:
            yield keys[at]
            at += 1
        else:
            yield Group(group)
            at = _end(keys, group, at)


def _group(key: str, prefix: str, delimiter: str) -> str | None:
    cut = key.find(delimiter, len(prefix)) if delimiter and key.startswith(prefix) else -1
    return key[: cut + len(delimiter)] if cut >= 0 else None


def _end(keys: Sequence[str], prefix: str, at: int) -> int:
    return bisect_right(keys, prefix, lo=at, key=lambda key: key[: len(prefix)])
