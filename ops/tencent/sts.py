"""STS: whose key pair signs our calls. https://cloud.tencent.com/document/api/1312/92497."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from ops.tencent.api import Product
from ops.tencent.replies import Answer, Word, read_as

if TYPE_CHECKING:
    from ops.tencent.api import Api


class Kind(Word):
    """What a key pair belongs to."""

    USER = "CAMUser"
    ROLE = "CAMRole"
    UNKNOWN = "?"


class Caller(Answer):
    """Who calls. `uin` is the number of the account itself, `user` that of the user, or the id of a role's session."""

    uin: str = Field(alias="AccountId", pattern="[0-9]+")
    user: str = Field("", alias="UserId")
    kind: Kind = Field(Kind.UNKNOWN, alias="Type")

    @property
    def owns_the_account(self) -> bool:
        """Whether these are the account's own keys, which may do everything; that they look so is assumed."""
        return self.user == self.uin


@dataclass(frozen=True)
class Sts:
    """STS with one key pair."""

    api: Api

    def caller(self) -> Caller:
        """Whose keys these are; needs no right, as far as is known. Raises CloudError."""
        return read_as(Caller, self.api.call(Product.STS, "GetCallerIdentity", {}), "sts GetCallerIdentity")
