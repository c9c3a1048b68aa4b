"""The roles with which Tencent's services act for the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.plan import Step, make, person, there
from ops.setup.person import or_by_hand
from ops.setup.trust import trust_in, trusts
from ops.tencent.console import CI_SERVICE_ROLE, SCF_SERVICE_ROLE, ServiceRole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.setup.account import Account
    from ops.tencent.cam import Role


def steps(account: Account) -> Iterator[Step]:
    """SCF's role can be made by its API, as Tencent's own tool does it; for CI's nobody has shown that."""
    yield _of_scf(account)
    yield _of_ci(account)


def _of_ci(account: Account) -> Step:
    role = CI_SERVICE_ROLE
    if _is_whole(account, role, account.cam.role(role.name)):
        return there(f"service role {role.name}")
    return person(
        f"service role {role.name}: without it Cloud Infinite cannot read the videos",
        f"an administrator must open this page and agree: {account.console.grant(role)}",
    )


def _of_scf(account: Account) -> Step:
    role = SCF_SERVICE_ROLE
    found = account.cam.role(role.name)
    if _is_whole(account, role, found):
        return there(f"service role {role.name}")
    if found and not trusts(found.trust, role.service):
        return person(f"service role {role.name} is not for {role.service}", account.console.grant(role))
    return make(f"service role {role.name}", lambda: _complete(account, role), f"with {', '.join(role.policies)}")


def _complete(account: Account, role: ServiceRole) -> None:
    with or_by_hand(
        f"service role {role.name}: an administrator must open this page and agree", account.console.grant(role)
    ):
        if account.cam.role(role.name) is None:
            account.cam.create_role(role.name, trust_in(role.service), "")
        for policy in _missing(account, role):
            account.cam.attach(role.name, policy)


def _is_whole(account: Account, role: ServiceRole, found: Role | None) -> bool:
    return found is not None and trusts(found.trust, role.service) and not _missing(account, role)


def _missing(account: Account, role: ServiceRole) -> list[str]:
    attached = {policy.name for policy in account.cam.attached(role.name)}
    return [policy for policy in role.policies if policy not in attached]
