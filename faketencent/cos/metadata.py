"""The headers that are kept with an object and given back with it.

https://cloud.tencent.com/document/product/436/7749
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.cos.exceptions import invalid_argument

if TYPE_CHECKING:
    from collections.abc import Mapping

# Content-Language is not on the page; that it is kept is assumed.
CONTENT_HEADERS = (
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
)
USER_PREFIX = "x-cos-meta-"
USER_LIMIT = 2048
DEFAULT_TYPE = "application/octet-stream"


def kept_headers(sent: Mapping[str, str]) -> dict[str, str]:
    """What is kept of a request's headers, under lower-case names.

    Raises:
        ServiceError: 400 InvalidArgument: more than 2 KB of user metadata. Neither the code nor what counts
            is documented; here all bytes of names and values count (values are latin-1 text: one character, one byte).
    """
    lower = {name.lower(): value for name, value in sent.items()}
    user = {name: value for name, value in lower.items() if _is_user_metadata(name)}
    if sum(len(name) + len(value) for name, value in user.items()) > USER_LIMIT:
        raise invalid_argument(f"MetadataTooLarge: user metadata must not exceed {USER_LIMIT} bytes")
    return {name: lower[name] for name in CONTENT_HEADERS if name in lower} | user


def _is_user_metadata(name: str) -> bool:
    # Names with `_` are documented as not supported; that they are dropped, not refused, is assumed.
    return name.startswith(USER_PREFIX) and "_" not in name
