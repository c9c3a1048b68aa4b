"""The operator: pauses, resumes, and asks for objects, with a command that may be killed and run again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from faketencent.errors import ServiceError
from shared.domain.objects import ObjectRef
from shared.domain.pause import NAME
from shared.domain.result import stamp
from shared.domain.waiting import FOLDER, WaitingEntry, waiting_name
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from tests.promises import Truth
    from tests.world import World


@dataclass
class Operator:
    """What one operator does to the ledger."""

    world: World
    truth: Truth
    _runs: int = 0
    _last: dict[str, bytes] = field(default_factory=dict)

    @property
    def waiting(self) -> list[str]:
        """The waiting entries, by name."""
        return self.world.ledger(FOLDER)

    def pause(self) -> None:
        """Put something under the name that pauses."""
        self._put(NAME, b"")
        if self.truth.paused_at is None:
            self.truth.paused_at = self.world.cloud.clock.now()

    def resume(self) -> None:
        """Remove it, whoever put it there."""
        self.world.cloud.cos.backend.delete(LEDGER, NAME)
        self.truth.paused_at = None

    def ask(self, key: str, how: str) -> None:
        """Run the command for one object."""
        self._runs += 1
        moment = stamp(int(self.world.cloud.clock.now()))
        run = f"{moment.replace('-', '').replace(':', '')}-{self._runs:04x}"
        entry = WaitingEntry(region=REGION, bucket=BUCKET, key=key, again=how == "again", by="operator", at=moment)
        self._last = {waiting_name(run, ObjectRef(REGION, BUCKET, key)): entry.model_dump_json().encode()}
        self.truth.asks(key, run, again=entry.again)
        self.ask_once_more()

    def ask_once_more(self) -> None:
        """The same run once more, as after a crash of the command: the same names, the same content."""
        for name, body in self._last.items():
            self._put(name, body)

    def _put(self, name: str, body: bytes) -> None:
        try:
            self.world.cloud.cos.backend.put(LEDGER, name, body)
        except ServiceError as error:
            raise AssertionError(name) from error
