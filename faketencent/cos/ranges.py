"""One range of bytes, `bytes=first-last`: more than one is not supported by COS."""

from __future__ import annotations

import re

from faketencent.errors import ServiceError

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last position, both inclusive; `None` where no range was asked for.

    A header that is not one range is ignored, as HTTP has it.

    Raises:
        ServiceError: 416 InvalidRange.
    """
    found = _RANGE.fullmatch(header or "")
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if first == "":
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    if start > end:
        raise ServiceError(416, "InvalidRange", "The requested range is not satisfiable")
    return start, end
