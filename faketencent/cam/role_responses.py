"""CAM's actions on roles: https://cloud.tencent.com/document/api/598."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from faketencent.api.times import shown_time
from faketencent.cam.documents import read_trust, shown
from faketencent.cam.exceptions import policy_not_exist, wrong_document, wrong_parameter
from faketencent.cam.identities import Kind
from faketencent.cam.paging import page
from faketencent.cam.policies import PolicyType

if TYPE_CHECKING:
    from faketencent.api.action import Asked
    from faketencent.cam.models import Cam
    from faketencent.cam.policies import ManagedPolicy
    from faketencent.cam.roles import Role

NAME = re.compile(r"[A-Za-z0-9+=,.@_-]{1,128}")
_TYPES = {PolicyType.CUSTOM: "User", PolicyType.PRESET: "QCS"}


class RoleResponses:
    """One method per action."""

    def __init__(self, cam: Cam, appid: str) -> None:
        self._cam = cam
        self._appid = appid

    def get_user_app_id(self, asked: Asked) -> dict[str, Any]:
        """The numbers of the caller, and of the account."""
        who = asked.identity
        uin = who.id if who.kind is Kind.USER else self._cam.uin
        return {"Uin": uin, "OwnerUin": self._cam.uin, "AppId": int(self._appid)}

    def get_role(self, asked: Asked) -> dict[str, Any]:
        """One role, by name or id."""
        role = self._role(asked)
        return {
            "RoleInfo": {
                "RoleId": role.id,
                "RoleName": role.name,
                "PolicyDocument": shown(role.trust, self._cam.rewriting),
                "Description": role.description,
                "AddTime": shown_time(role.created_at),
                "UpdateTime": shown_time(role.updated_at),
                "ConsoleLogin": 0,
                "RoleType": role.type,
                "SessionDuration": 43200,
                "DeletionTaskId": "",
                "Tags": [],
                "RoleArn": f"qcs::cam::uin/{self._cam.uin}:roleName/{role.name}",
            }
        }

    def create_role(self, asked: Asked) -> dict[str, Any]:
        """A new role, without rights."""
        name = asked.text("RoleName")
        if not NAME.fullmatch(name):
            raise wrong_document("RoleNameError", "RoleName has 1 to 128 of A-Z a-z 0-9 +=,.@-_")
        trust = read_trust(asked.text("PolicyDocument"), self._cam.document_limit)
        return {"RoleId": self._cam.roles.create(name, trust, asked.text("Description")).id}

    def update_trust(self, asked: Asked) -> dict[str, Any]:
        """Another document of who may use the role."""
        role = self._role(asked)
        role.trust = read_trust(asked.text("PolicyDocument"), self._cam.document_limit)
        role.updated_at = self._cam.clock.now()
        return {}

    def delete_role(self, asked: Asked) -> dict[str, Any]:
        """The role goes; its policies stay."""
        self._cam.delete_role(self._role(asked).name)
        return {}

    def list_policies(self, asked: Asked) -> dict[str, Any]:
        """The policies of a role; both numbers of the page are needed."""
        wanted, keyword = asked.text("PolicyType"), asked.text("Keyword").lower()
        attached = [(self._cam.policies.get(number), at) for number, at in self._role(asked).attached.items()]
        found = [
            _attachment(policy, at)
            for policy, at in attached
            if keyword in policy.name.lower() and wanted in ("", _TYPES[policy.type])
        ]
        return {"List": page(asked, found), "TotalNum": len(found)}

    def attach(self, asked: Asked) -> dict[str, Any]:
        """Give a role a policy. One that it has already is no error: no code is listed for it."""
        self._cam.attach(self._role(asked, "Attach"), self._policy(asked).id)
        return {}

    def detach(self, asked: Asked) -> dict[str, Any]:
        """Take a policy from a role. That one which the role does not have counts as missing is assumed."""
        role, policy = self._role(asked, "Detach"), self._policy(asked)
        if role.attached.pop(policy.id, None) is None:
            raise policy_not_exist(policy.id)
        return {}

    def _role(self, asked: Asked, prefix: str = "") -> Role:
        name, role_id = asked.text(f"{prefix}RoleName"), asked.text(f"{prefix}RoleId")
        if not (name or role_id):
            raise wrong_parameter(f"one of {prefix}RoleName and {prefix}RoleId is needed")
        return self._cam.roles.get(name, role_id)

    def _policy(self, asked: Asked) -> ManagedPolicy:
        return named_policy(self._cam, asked)


def named_policy(cam: Cam, asked: Asked) -> ManagedPolicy:
    """The policy that a call names, by its number or its name.

    Raises:
        ApiError: InvalidParameter.ParamError, InvalidParameter.PolicyIdNotExist.
    """
    number, name = asked.number("PolicyId", 0), asked.text("PolicyName")
    if not (number or name):
        raise wrong_parameter("one of PolicyId and PolicyName is needed")
    return cam.policies.get(number, name)


def _attachment(policy: ManagedPolicy, at: float) -> dict[str, Any]:
    return {
        "PolicyId": policy.id,
        "PolicyName": policy.name,
        "AddTime": shown_time(at),
        "PolicyType": _TYPES[policy.type],
        "CreateMode": 2,
        "Deactived": 0,
        "DeactivedDetail": [],
        "Description": policy.description,
    }
