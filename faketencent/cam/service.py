"""CAM's API: https://cloud.tencent.com/document/api/598.

CAM knows its own actions on operation level only: whoever calls them needs them on the resource `*`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from faketencent.api.action import Action
from faketencent.api.service import ApiService
from faketencent.cam.policy_responses import PolicyResponses
from faketencent.cam.role_responses import RoleResponses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from faketencent.api.action import Asked
    from faketencent.cloud import FakeCloud

_PAGE = "Page Rp"
_ROLE = "RoleName RoleId"


class CamApi(ApiService):
    """CAM, which is the same in all regions; its state is `cloud.cam`."""

    name: ClassVar[str] = "cam"
    version: ClassVar[str] = "2019-01-16"
    regional: ClassVar[bool] = False

    def __init__(self, cloud: FakeCloud) -> None:
        role, policy = RoleResponses(cloud.cam, cloud.appid), PolicyResponses(cloud.cam)
        super().__init__(cloud, [
            _action("GetUserAppId", role.get_user_app_id),
            _action("GetRole", role.get_role, "", _ROLE),
            _action("CreateRole", role.create_role, "RoleName PolicyDocument", "Description"),
            _action("UpdateAssumeRolePolicy", role.update_trust, "PolicyDocument", _ROLE),
            _action("DeleteRole", role.delete_role, "", _ROLE),
            _action("ListAttachedRolePolicies", role.list_policies, _PAGE, f"{_ROLE} PolicyType Keyword"),
            _action("AttachRolePolicy", role.attach, "", "PolicyId PolicyName AttachRoleName AttachRoleId"),
            _action("DetachRolePolicy", role.detach, "", "PolicyId PolicyName DetachRoleName DetachRoleId"),
            _action("CreatePolicy", policy.create_policy, "PolicyName PolicyDocument", "Description"),
            _action("UpdatePolicy", policy.update_policy, "", "PolicyId PolicyName PolicyDocument Description"),
            _action("GetPolicy", policy.get_policy, "PolicyId"),
            _action("ListPolicies", policy.list_policies, "", f"{_PAGE} Scope Keyword"),
            _action("DeletePolicy", policy.delete_policies, "PolicyId"),
        ])  # fmt: skip


def _action(name: str, handler: Callable[[Asked], Mapping[str, Any]], required: str = "", optional: str = "") -> Action:
    return Action(name, handler, frozenset(required.split()), frozenset(optional.split()))
