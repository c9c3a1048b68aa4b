"""The command as a process of its own, over HTTP, with calls at once: killed in the middle, and typed again."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from shared.domain.waiting import decode
from tests.ops.submit.processes import office
from tests.world import LEDGER

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

OBJECTS, KILLED_AFTER = 300, 20
#: Seconds; it takes one or two.
PATIENCE = 60


def test_a_process_that_was_killed_is_gone_on_with_by_the_same_command(tmp_path: Path) -> None:
    with office(tmp_path) as place:
        place.store(f"假期 {number:03}.mp4" for number in range(OBJECTS))
        with (tmp_path / "said").open("wb") as said:
            process = place.begin("submit", "--yes", "--all", out=said)
            until = time.monotonic() + PATIENCE
            while len(place.waiting()) < KILLED_AFTER and process.poll() is None and time.monotonic() < until:
                time.sleep(0.005)
            process.kill()
            process.wait()
            before = len(place.waiting())
            again = place.begin("submit", "--yes", "--all", out=said)
            code = again.wait(PATIENCE)
        backend = place.cloud.cos.backend
        asked = Counter(decode(name, backend.get(LEDGER, name).body).key for name in place.waiting())
        runs = {name.split("/")[1] for name in place.waiting()}

    assert KILLED_AFTER <= before < OBJECTS
    assert (code, len(asked), set(asked.values()), len(runs)) == (0, OBJECTS, {1}, 1)
    assert "Continuing run" in (tmp_path / "said").read_text(encoding="utf-8")
