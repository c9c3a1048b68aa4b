"""What the use cases reach the cloud through. Importing this imports the SDK, so it happens when a call is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from shared.loading import loading

with loading():
    from shared.cloud.answers import Answers
    from shared.cloud.ci import Jobs
    from shared.cloud.cos import Cos
    from shared.cloud.ledger import Ledger
    from shared.cloud.pausing import Pausing
    from shared.cloud.slots import Slots
    from shared.cloud.store import Store
    from shared.cloud.transport import Transport
    from shared.log import silence_sdk

if TYPE_CHECKING:
    from shared.cloud.waiting import WaitingList
    from shared.settings import Credentials, Settings


class Clients(NamedTuple):
    """The clients of one invocation, with its settings."""

    settings: Settings
    objects: Cos
    jobs: Jobs
    store: Store
    ledger: Ledger
    answers: Answers
    slots: Slots
    pausing: Pausing

    @property
    def waiting(self) -> WaitingList:
        """What operators asked for."""
        from shared.cloud.waiting import WaitingList  # noqa: PLC0415 - only the timer needs it

        return WaitingList(self.store)


def connect(settings: Settings, credentials: Credentials, region: str) -> Clients:
    """The clients, with the credentials of this very invocation; `region` is where the functions and the ledger are."""
    silence_sdk()
    return clients_over(Transport(credentials, settings.scheme), settings, region)


def clients_over(transport: Transport, settings: Settings, region: str) -> Clients:
    """The same over a transport that is there already."""
    cos = Cos(transport)
    store = Store(cos, settings, region)
    return Clients(
        settings=settings,
        objects=cos,
        jobs=Jobs(transport),
        store=store,
        ledger=Ledger(store),
        answers=Answers(store),
        slots=Slots(store, settings.max_jobs_per_day),
        pausing=Pausing(store),
    )
