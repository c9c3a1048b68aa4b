"""CAM: the account's APPID, roles, and policies. https://cloud.tencent.com/document/api/598/33155.

Writes are sent once. Where a reply is lost, the next look at the state shows what came of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from ops.tencent.api import Product
from ops.tencent.policy_documents import Document, compact, read
from ops.tencent.replies import Answer, read_as
from shared.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ops.tencent.api import Api

#: The most that one page of a list holds.
_PAGE = 200
#: Of its text, or as we have it already.
_Document = Annotated[Document, BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)]


class Owner(Answer):
    """The account: its number, and the APPID with which the names of its buckets end."""

    uin: str = Field(alias="OwnerUin")
    appid: str = Field(alias="AppId")


class Role(Answer):
    """A role; `trust` says who may assume it."""

    name: str = Field(alias="RoleName")
    trust: _Document = Field(alias="PolicyDocument")


class Policy(Answer):
    """A policy of the account; one of Tencent's has another `type` than 1."""

    name: str = Field(alias="PolicyName")
    document: _Document = Field(alias="PolicyDocument")
    type: int = Field(alias="Type")


class Named(Answer):
    """A policy in a list. How often it is attached only ListPolicies says."""

    id: int = Field(alias="PolicyId")
    name: str = Field(alias="PolicyName")
    attachments: int = Field(0, alias="Attachments")


class _RoleAnswer(Answer):
    role: Role = Field(alias="RoleInfo")


class _Page(Answer):
    policies: list[Named] = Field(alias="List")
    total: int = Field(alias="TotalNum")


@dataclass(frozen=True)
class Cam:
    """CAM, which is the same in all regions. Every method raises CloudError."""

    api: Api

    def owner(self) -> Owner:
        """598/63291."""
        return read_as(Owner, self._call("GetUserAppId"), "cam GetUserAppId")

    def role(self, name: str) -> Role | None:
        """The role, if there is one: 598/36223."""
        try:
            return read_as(_RoleAnswer, self._call("GetRole", RoleName=name), "cam GetRole").role
        except NotFoundError:
            return None

    def attached(self, role: str) -> list[Named]:
        """The policies that a role has: 598/36222."""
        return list(self._pages("ListAttachedRolePolicies", RoleName=role))

    def policy(self, policy_id: int) -> Policy:
        """598/34574."""
        return read_as(Policy, self._call("GetPolicy", PolicyId=policy_id), "cam GetPolicy")

    def find_policy(self, name: str) -> Named | None:
        """The account's own policy of exactly that name: 598/34570."""
        listed = self._pages("ListPolicies", Scope="Local", Keyword=name)
        return next((policy for policy in listed if policy.name == name), None)

    def create_role(self, name: str, trust: Mapping[str, Any], description: str) -> None:
        """598/36226."""
        self._call("CreateRole", RoleName=name, PolicyDocument=compact(trust), Description=description)

    def update_trust(self, name: str, trust: Mapping[str, Any]) -> None:
        """598/36221."""
        self._call("UpdateAssumeRolePolicy", RoleName=name, PolicyDocument=compact(trust))

    def create_policy(self, name: str, document: Mapping[str, Any], description: str) -> None:
        """598/34578."""
        self._call("CreatePolicy", PolicyName=name, PolicyDocument=compact(document), Description=description)

    def update_policy(self, policy_id: int, document: Mapping[str, Any]) -> None:
        """598/34568."""
        self._call("UpdatePolicy", PolicyId=policy_id, PolicyDocument=compact(document))

    def attach(self, role: str, policy: str) -> None:
        """Give a role a policy, by its name: 598/36227."""
        self._call("AttachRolePolicy", AttachRoleName=role, PolicyName=policy)

    def detach(self, role: str, policy: str) -> None:
        """598/36224."""
        self._call("DetachRolePolicy", DetachRoleName=role, PolicyName=policy)

    def delete_role(self, name: str) -> None:
        """598/36225."""
        self._call("DeleteRole", RoleName=name)

    def delete_policy(self, policy_id: int) -> None:
        """598/34577."""
        self._call("DeletePolicy", PolicyId=[policy_id])

    def _pages(self, action: str, **parameters: object) -> Iterator[Named]:
        for number in range(1, _PAGE + 1):
            answer = self._call(action, **parameters, Page=number, Rp=_PAGE)
            page = read_as(_Page, answer, f"cam {action}")
            yield from page.policies
            if not page.policies or number * _PAGE >= page.total:
                return

    def _call(self, action: str, **parameters: object) -> dict[str, Any]:
        return self.api.call(Product.CAM, action, parameters)
