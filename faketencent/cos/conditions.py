"""Conditional requests: `If-*` on reading, `x-cos-copy-source-If-*` on copying."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from faketencent.cos.times import read_http_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cos.objects import StoredObject

COPY_SOURCE = "x-cos-copy-source-"


class Verdict(Enum):
    """What the conditions come to."""

    HOLDS = "holds"
    NOT_MODIFIED = "not modified"
    FAILED = "failed"


def judge(headers: Mapping[str, str], stored: StoredObject, prefix: str = "") -> Verdict:
    """Whether every condition that was sent holds.

    That all of them must hold is assumed: HTTP has If-Match override If-Unmodified-Since, but COS documents
    each header for itself.

    Raises:
        ServiceError: 400 InvalidArgument for a date that is none.
    """

    def sent(name: str) -> str | None:
        return headers.get(prefix + name)

    match, none_match = sent("If-Match"), sent("If-None-Match")
    modified, unmodified = sent("If-Modified-Since"), sent("If-Unmodified-Since")
    if match and not _names(match, stored.etag):
        return Verdict.FAILED
    if unmodified and stored.last_modified > read_http_date(unmodified):
        return Verdict.FAILED
    if none_match and _names(none_match, stored.etag):
        return Verdict.NOT_MODIFIED
    if modified and stored.last_modified <= read_http_date(modified):
        return Verdict.NOT_MODIFIED
    return Verdict.HOLDS


def _names(condition: str, etag: str) -> bool:
    # The quotes are part of an ETag; that COS does without them is assumed, for the SDKs strip them.
    listed = {tag.strip().strip('"') for tag in condition.split(",")}
    return "*" in listed or etag.strip('"') in listed
