"""Points in time as COS writes and reads them; all of them are whole seconds."""

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache

from faketencent.cos.exceptions import invalid_argument


@lru_cache
def http_date(moment: float) -> str:
    """`Fri, 10 Apr 2020 18:17:25 GMT`."""
    return formatdate(int(moment), usegmt=True)


def read_http_date(text: str) -> float:
    """Seconds since 1970 of such a date.

    Raises:
        ServiceError: 400 InvalidArgument.
    """
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError as error:
        raise invalid_argument(f"not a date: {text!r}") from error


def iso_date(moment: float) -> str:
    """`2020-04-10T18:20:30Z`."""
    return datetime.fromtimestamp(int(moment), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def listed_date(moment: float) -> str:
    """`2020-12-10T03:37:30.000Z`, the way of listings."""
    return iso_date(moment).replace("Z", ".000Z")
