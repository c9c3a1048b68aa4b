"""STS, which says whose keys signed a request: https://cloud.tencent.com/document/api/1312/66098."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

from faketencent.api.action import Action
from faketencent.api.errors import ApiError
from faketencent.api.service import ApiService
from faketencent.cam import Kind
from faketencent.cam.documents import read_policy

if TYPE_CHECKING:
    from faketencent.api.action import Asked
    from faketencent.cloud import FakeCloud


class StsApi(ApiService):
    """STS, which is the same in all regions."""

    name: ClassVar[str] = "sts"
    version: ClassVar[str] = "2018-08-13"
    regional: ClassVar[bool] = False

    def __init__(self, cloud: FakeCloud) -> None:
        # That no right is needed is assumed: the action is in no list of CAM's.
        super().__init__(cloud, [
            Action("GetCallerIdentity", self._caller, resource=None),
            Action("GetFederationToken", self._federate, frozenset({"Name", "Policy"}), frozenset({"DurationSeconds"})),
        ])  # fmt: skip

    def _federate(self, asked: Asked) -> dict[str, Any]:
        """https://cloud.tencent.com/document/api/1312/48195: for permanent keys, and the policy is percent-encoded."""
        if asked.identity.token:
            raise ApiError("UnauthorizedOperation", "Temporary keys cannot be given others.")
        lifetime = asked.number("DurationSeconds", 1800)
        policy = read_policy(unquote(asked.text("Policy")), self.cloud.cam.document_limit)
        made = self.cloud.cam.federate(asked.identity, policy, lifetime)
        keys = {"Token": made.token, "TmpSecretId": made.secret_id, "TmpSecretKey": made.secret_key}
        return {"Credentials": keys, "ExpiredTime": int(self.cloud.clock.now() + lifetime)}

    def _caller(self, asked: Asked) -> dict[str, Any]:
        """Whose keys they are. What an account itself is told is assumed to be what its users are."""
        who, account = asked.identity, self.cloud.cam.uin
        if who.kind is Kind.ROLE:
            arn = f"qcs::sts:{account}:assumed-role/{who.id}"
            return _identity("CAMRole", account, f"{who.id}:{who.name}", account, arn)
        uin = who.id if who.kind is Kind.USER else account
        return _identity("CAMUser", account, uin, uin, f"qcs::cam:{account}:uin/{uin}")


def _identity(kind: str, account: str, user: str, principal: str, arn: str) -> dict[str, Any]:
    return {"Type": kind, "AccountId": account, "UserId": user, "PrincipalId": principal, "Arn": arn}
