"""The roles through which Tencent's services work for an account, as the console makes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ServiceRole:
    """A role, the service that it trusts, and the preset policies that it has."""

    name: str
    service: str
    policies: tuple[str, ...]


SCF_ROLE = ServiceRole("SCF_QcsRole", "scf.qcloud.com", ("QcloudAccessForScfRole",))
CI_ROLE = ServiceRole(
    "CI_QCSRole",
    "ci.qcloud.com",
    ("QcloudCOSDataFullControl", "QcloudAccessForCIRole", "QcloudPartAccessForCIRole"),
)
SERVICE_ROLES = (SCF_ROLE, CI_ROLE)
