"""Forced downloads: what the default domain of a bucket made since 2024-01 does to replies.

https://cloud.tencent.com/document/product/436/102489. Three public reports have it on GET alone, while HEAD shows the
object's own headers; that some buckets show it on HEAD as well cannot be ruled out.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faketencent.cos.headers import Headers

_ADDED = [("Content-Disposition", "attachment"), ("x-cos-force-download", "true")]


class ForcedDownload(Enum):
    """On which methods a bucket forces it."""

    NEVER = frozenset[str]()
    ON_GET = frozenset({"GET"})
    ALWAYS = frozenset({"GET", "HEAD"})

    def apply(self, method: str, headers: Headers) -> Headers:
        """The headers as a reply to that method has them; what the object or the request says does not count."""
        if method not in self.value:
            return headers
        forced = {name for name, _ in _ADDED}
        return [(name, value) for name, value in headers if name not in forced] + _ADDED
