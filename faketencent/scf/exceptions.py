"""What SCF refuses; codes from https://cloud.tencent.com/document/product/583/55008 and 583/42611."""

from __future__ import annotations

import json

from faketencent.errors import ServiceError
from faketencent.scf.invocation import StatusCode
from faketencent.wire import Reply


class InvalidValueError(ServiceError):
    """A parameter of a control call is not what the API allows; `parameter` is the code's second half."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(400, f"InvalidParameterValue.{parameter}", message)


class LimitExceededError(ServiceError):
    """There are as many of these as there may be."""

    def __init__(self, what: str, message: str) -> None:
        super().__init__(400, f"LimitExceeded.{what}", message)


class AlreadyExistsError(ServiceError):
    """A function or trigger of that name exists."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(400, f"ResourceInUse.{what}", f"{name} already exists")


class InvocationError(ServiceError):
    """The function was not run; `status_code` is SCF's own, the HTTP status beside it is assumed."""

    def __init__(self, http_status: int, status_code: StatusCode, message: str) -> None:
        super().__init__(http_status, str(status_code.value), message)


class FunctionNotFoundError(InvocationError):
    """No such function, or nothing at this address."""

    def __init__(self, name: str) -> None:
        super().__init__(404, StatusCode.FUNCTION_NOT_FOUND, f"FunctionNotFound: {name}")


class UnsignedError(ServiceError):
    """The URL is for signed requests (AuthType CAM), which no fake verifies; that the status is 401 is assumed."""

    def __init__(self, host: str) -> None:
        super().__init__(401, "Unauthorized", f"{host} takes signed requests alone")


class EventTooLargeError(InvocationError):
    """The event is larger than the way it was to travel allows."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(413, StatusCode.REQUEST_TOO_LARGE, f"RequestTooLarge: {size} bytes, at most {limit}")


def render(error: ServiceError) -> Reply:
    """The error as a function URL answers it."""
    code = int(error.code) if error.code.isdigit() else error.status
    body = {"errorCode": -1, "errorMessage": error.message, "statusCode": code}
    return Reply(error.status, [("Content-Type", "application/json")], json.dumps(body).encode())
