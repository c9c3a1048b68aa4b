"""What operators ask for: waiting entries in the ledger, as the command writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.domain.objects import ObjectRef
from shared.domain.result import stamp
from shared.domain.waiting import WaitingEntry, waiting_name
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from tests.world import World

RUN = "20260101T000000Z-0001"
LATER_RUN = "20260101T000000Z-0002"


def ask(world: World, *keys: str, run: str = RUN, again: bool = False, at: str = "") -> list[str]:
    """Have objects checked; the names of the entries. The run began now, unless `at` says when."""
    began = at or stamp(int(world.cloud.clock.now()))
    names, prefix = [], world.settings.get("LEDGER_PREFIX", "")
    for key in keys:
        target = ObjectRef(REGION, BUCKET, key)
        entry = WaitingEntry(region=REGION, bucket=BUCKET, key=key, again=again, by="operator", at=began)
        names.append(prefix + waiting_name(run, target))
        world.cloud.cos.backend.put(LEDGER, names[-1], entry.model_dump_json().encode())
    return names


def waiting(world: World) -> list[str]:
    """The entries that are left."""
    return world.ledger("waiting/")
