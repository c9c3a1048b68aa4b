"""What the services of API 3.0 answer when they refuse; always with HTTP status 200."""

from __future__ import annotations

import uuid

from faketencent.errors import ServiceError


class ApiError(ServiceError):
    """An error by its code, such as `ResourceNotFound.Function`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(200, code, message)


class NotAllowedError(ApiError):
    """CAM's refusal, as recorded on an account."""

    def __init__(self, action: str, resource: str) -> None:
        text = f"you are not authorized to perform operation ({action})\nresource ({resource}) has no permission"
        super().__init__("UnauthorizedOperation", f"[request id:{uuid.uuid4()}]{text}")
