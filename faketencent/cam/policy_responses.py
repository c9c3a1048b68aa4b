"""CAM's actions on policies: https://cloud.tencent.com/document/api/598."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faketencent.api.times import shown_time
from faketencent.cam.documents import read_policy, shown
from faketencent.cam.exceptions import wrong_document, wrong_parameter
from faketencent.cam.paging import page
from faketencent.cam.policies import PolicyType
from faketencent.cam.role_responses import NAME, named_policy

if TYPE_CHECKING:
    from faketencent.api.action import Asked
    from faketencent.cam.models import Cam
    from faketencent.cam.policies import ManagedPolicy

_SCOPES = {"All": frozenset(PolicyType), "QCS": {PolicyType.PRESET}, "Local": {PolicyType.CUSTOM}}


class PolicyResponses:
    """One method per action."""

    def __init__(self, cam: Cam) -> None:
        self._cam = cam

    def create_policy(self, asked: Asked) -> dict[str, Any]:
        """A new policy, which nobody has yet."""
        name = asked.text("PolicyName")
        if not NAME.fullmatch(name):
            raise wrong_document("PolicyNameError", "PolicyName has 1 to 128 of A-Z a-z 0-9 +=,.@-_")
        document = read_policy(asked.text("PolicyDocument"), self._cam.document_limit)
        return {"PolicyId": self._cam.policies.create(name, document, asked.text("Description")).id}

    def update_policy(self, asked: Asked) -> dict[str, Any]:
        """Other words of a policy. The number is in the reply if the name was in the request."""
        policy = named_policy(self._cam, asked)
        if policy.type is PolicyType.PRESET:
            raise wrong_parameter(f"{policy.name} is a preset policy")
        text = asked.text("PolicyDocument")
        document = read_policy(text, self._cam.document_limit) if text else None
        description = asked.text("Description") if "Description" in asked.parameters else None
        self._cam.policies.update(policy, document, description)
        return {"PolicyId": policy.id} if asked.text("PolicyName") else {}

    def get_policy(self, asked: Asked) -> dict[str, Any]:
        """One policy, by its number only."""
        policy = self._cam.policies.get(asked.number("PolicyId", 0))
        return {
            "PolicyName": policy.name,
            "Description": policy.description,
            "Type": int(policy.type),
            "AddTime": shown_time(policy.created_at),
            "UpdateTime": shown_time(policy.updated_at),
            "PolicyDocument": shown(policy.document, self._cam.rewriting),
            "PresetAlias": "",
            "IsServiceLinkedRolePolicy": 0,
            "Tags": [],
        }

    def list_policies(self, asked: Asked) -> dict[str, Any]:
        """The policies there are. The keyword is searched for anywhere in the name."""
        scope, keyword = asked.text("Scope", "All"), asked.text("Keyword").lower()
        if scope not in _SCOPES:
            raise wrong_document("ScopeError", f"Scope is one of {', '.join(_SCOPES)}")
        known = self._cam.policies.known.values()
        found = [policy for policy in known if policy.type in _SCOPES[scope] and keyword in policy.name.lower()]
        shown_ones = [self._listed(policy) for policy in page(asked, found)]
        return {"TotalNum": len(found), "List": shown_ones, "ServiceTypeList": []}

    def delete_policies(self, asked: Asked) -> dict[str, Any]:
        """Policies go, by their numbers. That whoever has the policy loses it is assumed."""
        numbers = asked.parameters["PolicyId"]
        if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
            raise wrong_document("PolicyIdError", "PolicyId is a list of numbers")
        for policy in [self._cam.policies.get(number) for number in numbers]:
            if policy.type is PolicyType.PRESET:
                raise wrong_parameter(f"{policy.name} is a preset policy")
            self._cam.delete_policy(policy.id)
        return {}

    def _listed(self, policy: ManagedPolicy) -> dict[str, Any]:
        roles = sum(policy.id in role.attached for role in self._cam.roles.known.values())
        return {
            "PolicyId": policy.id,
            "PolicyName": policy.name,
            "AddTime": shown_time(policy.created_at),
            "Type": int(policy.type),
            "Description": policy.description,
            "CreateMode": 2,
            "Attachments": roles,
            "ServiceType": "",
            "IsAttached": None,
            "Deactived": 0,
            "DeactivedDetail": [],
            "IsServiceLinkedPolicy": 0,
            "AttachEntityCount": roles,
            "AttachEntityBoundaryCount": 0,
            "UpdateTime": shown_time(policy.updated_at),
            "Tags": [],
        }
