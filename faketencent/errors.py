"""What a fake service refuses, before it is put into that service's own words.

ServiceError            an error reply: status, code, message
UnknownRouteError       a request that no route of any fake serves: a gap in the fake, or a bug in the caller; it is
                        answered with a 4xx, and raised when it is all over
"""

from __future__ import annotations


class ServiceError(Exception):
    """An error that the service answers with; every service has its own way to write it down."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


class UnknownRouteError(LookupError):
    """No fake serves this request; the text lists what is served."""
