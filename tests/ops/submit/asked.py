"""What commands left in the ledger, and what the functions make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.domain.waiting import decode

if TYPE_CHECKING:
    from pathlib import Path

    from shared.domain.waiting import WaitingEntry
    from tests.ops.operating import Desk


def entries(desk: Desk) -> list[WaitingEntry]:
    """All that waits, by name."""
    return [decode(name, desk.world.kept(name)) for name in desk.world.ledger("waiting/")]


def asked(desk: Desk) -> list[str]:
    """The keys that wait, in their order; a key that waits twice comes twice."""
    return sorted(entry.key for entry in entries(desk))


def work_off(desk: Desk) -> None:
    """Let the timer come until nothing waits and nothing is in flight."""
    for _ in range(50):
        desk.world.tick()
        desk.world.sweep()
        desk.cloud.settle()
        if not desk.world.ledger("waiting/") and not desk.world.claims:
            return
    raise AssertionError("the functions do not come to an end")


def jobs(desk: Desk) -> list[str]:
    """The key of each job there ever was."""
    return [job.request.key for job in desk.world.jobs]


def fail(desk: Desk, *keys: str) -> None:
    """Videos whose upload ended as a failure."""
    for key in keys:
        desk.world.upload(key, b"no video at all, " + key.encode())
    desk.cloud.settle()
    assert [desk.world.answer(key)[0] for key in keys] == ["failed"] * len(keys)


def unseen(desk: Desk) -> None:
    """Have no event tell of what was done just now."""
    desk.cloud.clock._due.clear()


def journals(desk: Desk) -> list[Path]:
    """The files of runs that can be gone on with, or that somebody forgot."""
    return sorted((desk.folder / ".cos-watermark").rglob("runs/*"))
