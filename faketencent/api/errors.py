"""What the services of API 3.0 answer when they refuse; always with HTTP status 200."""

from __future__ import annotations

from faketencent.errors import ServiceError


class ApiError(ServiceError):
    """An error by its code, such as `ResourceNotFound.Function`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(200, code, message)
