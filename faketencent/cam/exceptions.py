"""What CAM refuses: https://cloud.tencent.com/document/api/598."""

from __future__ import annotations

from faketencent.api.errors import ApiError


def role_not_exist(name: str) -> ApiError:
    """There is no such role; unlike other services, CAM calls that a wrong parameter."""
    return ApiError("InvalidParameter.RoleNotExist", f"The role {name} does not exist.")


def role_name_in_use(name: str) -> ApiError:
    """There is a role of that name."""
    return ApiError("InvalidParameter.RoleNameInUse", f"The role name {name} is in use.")


def policy_name_in_use(name: str) -> ApiError:
    """There is a policy of that name, of the account or a preset one."""
    return ApiError("FailedOperation.PolicyNameInUse", f"The policy name {name} is in use.")


def policy_not_exist(policy: object) -> ApiError:
    """There is no such policy."""
    return ApiError("InvalidParameter.PolicyIdNotExist", f"The policy {policy} does not exist.")


def wrong_parameter(why: str) -> ApiError:
    """A parameter of the request has a value that is not taken."""
    return ApiError("InvalidParameter.ParamError", why)


def wrong_document(code: str, why: str) -> ApiError:
    """A policy document is refused; `code` is the last part, such as `ActionNotExist`."""
    return ApiError(f"InvalidParameter.{code}", why)
