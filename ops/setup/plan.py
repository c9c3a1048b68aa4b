"""The whole plan of a set-up, in the order in which it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ops.setup import account as account_steps
from ops.setup import ledger, log_service, logs, roles, service_roles, settings, videos
from ops.setup.ledger import Keeping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.plan import Step
    from ops.setup.account import Account


@dataclass(frozen=True)
class Wishes:
    """What is done only if somebody asks for it."""

    logs: bool = False
    keeping: Keeping = field(default_factory=Keeping)


def steps(account: Account, wishes: Wishes) -> Iterator[Step]:
    """Look at everything, and say what is to be done. Raises CloudError."""
    yield from account_steps.steps(account)
    yield from settings.steps(account.configuration.file)
    yield from service_roles.steps(account)
    yield from log_service.steps(account)
    yield from videos.steps(account)
    yield from ledger.steps(account, wishes.keeping)
    yield from roles.steps(account)
    if wishes.logs or account.configuration.laptop.topic:
        yield from logs.steps(account)
