"""Numbered pages, the way queues and buckets are listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faketencent.ci.fields import Fields

Item = TypeVar("Item")


@dataclass(frozen=True)
class PageRequest:
    """Which page, counted from 1, and how much fits on one."""

    number: int
    size: int

    def cut(self, items: Sequence[Item]) -> Sequence[Item]:
        """What is on the page."""
        return items[(self.number - 1) * self.size : self.number * self.size]

    def document(self, total: int) -> dict[str, str]:
        """The page as replies describe it."""
        return {"TotalCount": str(total), "PageNumber": str(self.number), "PageSize": str(self.size)}


def read_page_request(fields: Fields) -> PageRequest:
    """The parameters `pageNumber` and `pageSize`."""
    return PageRequest(fields.number("pageNumber", default=1), fields.number("pageSize", default=10, highest=100))
