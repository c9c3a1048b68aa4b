"""Where a person has to go: the consoles of both sites."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from urllib.parse import quote

from ops.configuration.configuration import Site
from ops.policies import CI_ROLE

_HOST = {Site.CHINA: "console.cloud.tencent.com", Site.INTERNATIONAL: "console.tencentcloud.com"}


@dataclass(frozen=True)
class ServiceRole:
    """A role that a service of Tencent acts with; `kind` is what the console's page calls the service."""

    name: str
    service: str
    policies: tuple[str, ...]
    kind: str


SCF_SERVICE_ROLE = ServiceRole("SCF_QcsRole", "scf.qcloud.com", ("QcloudAccessForScfRole",), "scf")
CI_SERVICE_ROLE = ServiceRole(
    CI_ROLE,
    "ci.qcloud.com",
    ("QcloudCOSDataFullControl", "QcloudAccessForCIRole", "QcloudPartAccessForCIRole"),
    "数据万象",
)


@dataclass(frozen=True)
class Console:
    """The console of one site."""

    site: Site

    @property
    def buckets(self) -> str:
        """COS, the list of buckets."""
        return f"https://{_HOST[self.site]}/cos/bucket"

    @property
    def processing(self) -> str:
        """CI, the list of buckets."""
        return f"https://{_HOST[self.site]}/ci/bucket"

    @property
    def logs(self) -> str:
        """CLS."""
        return f"https://{_HOST[self.site]}/cls"

    @property
    def roles(self) -> str:
        """CAM, the list of roles."""
        return f"https://{_HOST[self.site]}/cam/role"

    @property
    def account(self) -> str:
        """The account's number and APPID."""
        return f"https://{_HOST[self.site]}/developer"

    def grant(self, role: ServiceRole) -> str:
        """The page that makes a service role with its policies, once an administrator agrees."""
        principal = base64.b64encode(json.dumps({"service": role.service}, separators=(",", ":")).encode()).decode()
        return (
            f"https://{_HOST[self.site]}/cam/role/grant?roleName={role.name}&policyName={','.join(role.policies)}"
            f"&principal={principal}&serviceType={quote(role.kind)}"
        )
