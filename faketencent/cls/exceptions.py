"""What CLS refuses: https://cloud.tencent.com/document/api/614."""

from __future__ import annotations

from faketencent.api.errors import ApiError


def not_opened() -> ApiError:
    """The account never opened the service; of the codes that are listed, this one is assumed."""
    return ApiError("OperationDenied.AccountNotExists", "The account has not opened CLS.")


def needs_a_person() -> ApiError:
    """The service cannot be opened by this call; that this happens, and the code, are assumed."""
    return ApiError("OperationDenied", "The terms of service must be accepted in the console first.")


def wrong(why: str) -> ApiError:
    """A parameter has a value that is not taken."""
    return ApiError("InvalidParameter", why)


def conflict(what: str, name: str) -> ApiError:
    """There is one already; `what` is Logset, Topic or Index."""
    return ApiError(f"InvalidParameter.{what}Conflict", f"{what} {name} exists already.")


def not_exist(what: str, name: str) -> ApiError:
    """There is none; `what` is Logset, Topic or Index."""
    return ApiError(f"ResourceNotFound.{what}NotExist", f"{what} {name} does not exist.")


def logset_not_empty(name: str) -> ApiError:
    """A logset goes after its topics."""
    return ApiError("FailedOperation.LogsetNotEmpty", f"The logset {name} has topics.")


def syntax_error(text: str) -> ApiError:
    """A query that is none, or none of those that the fake understands."""
    return ApiError("FailedOperation.SyntaxError", f"not a query: {text}")


def invalid_context() -> ApiError:
    """The context of a search is unknown or has expired."""
    return ApiError("FailedOperation.InvalidContext", "The context is invalid.")
