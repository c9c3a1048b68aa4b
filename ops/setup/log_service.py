"""CLS, without which the first function of an account ends in CreateFailed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.plan import Step, make, there
from ops.setup.person import or_by_hand

if TYPE_CHECKING:
    from ops.setup.account import Account


def steps(account: Account) -> list[Step]:
    """That the account uses it."""
    if account.cls.is_open():
        return [there("log service (CLS)")]
    return [make("log service (CLS)", lambda: _open(account), "without it no function can be created")]


def _open(account: Account) -> None:
    with or_by_hand("log service (CLS): open it once, and accept its terms", account.console.logs):
        account.cls.open()
