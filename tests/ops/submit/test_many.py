"""40,000 objects over HTTP, a run that is killed 20 times at random moments, and how much memory it takes.

What is checked: each object that was there when the last run chose has exactly one waiting entry, over all runs; those
that were uploaded meanwhile have theirs after one more. The functions do not work here: `test_kills.py` is about them.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from shared.domain.waiting import decode
from tests.ops.submit.processes import Office, office
from tests.world import BUCKET, LEDGER

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
#: Says the same on every Python.
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not LONG, reason="minutes of work: `make test-long`; test_kills.py kills fewer in this process"),
]

SEED = int(os.environ.get("SUBMIT_SEED", "11"))
OBJECTS, KILLS = int(os.environ.get("SUBMIT_OBJECTS", "40000")), 20
FEW = 2000


def peak_of(office: Office, *arguments: str, kill_after: float = float("inf")) -> tuple[int, int]:
    """Run the command, to its end or for so many seconds; its exit status, and its peak memory in KB."""
    end, peak = time.monotonic() + kill_after, 0
    with (office.folder / "said").open("wb") as said:
        process = office.begin("submit", "--yes", "-q", *arguments, out=said)
        while process.poll() is None:
            # Not `ru_maxrss`: there a child begins with the memory of its parent, which holds the cloud.
            peak = max(peak, memory_of(process.pid))
            time.sleep(0.05)
            if time.monotonic() >= end:
                process.kill()
                process.wait()
    return process.returncode, peak


def memory_of(pid: int) -> int:
    """The most that a process had until now, in KB; 0 of one that has just ended."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def keep_uploading(office: Office, done: threading.Event) -> None:
    """A video every half second, until there is enough."""
    for number in range(100_000):
        if done.wait(0.5):
            return
        office.store([f"new/{number}.mp4"])


def asked(office: Office) -> Counter[str]:
    """How many entries each object has."""
    backend = office.cloud.cos.backend
    return Counter(decode(name, backend.get(LEDGER, name).body).key for name in office.waiting())


def test_each_object_has_one_entry_whatever_was_killed_and_memory_is_flat(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201 - to have it again
    chance = random.Random(SEED)  # noqa: S311 - no secret
    with office(tmp_path) as few:
        few.store(f"{number % 7}/假期 {number:05}.mp4" for number in range(FEW))
        code, least = peak_of(few, "--all")
        assert (code, len(asked(few))) == (0, FEW)

    (tmp_path / "many").mkdir()
    with office(tmp_path / "many") as many:
        many.store(f"{number % 7}/假期 {number:05}.mp4" for number in range(OBJECTS))
        begun, done = time.monotonic(), threading.Event()
        uploads = threading.Thread(target=keep_uploading, args=(many, done))
        uploads.start()
        try:
            ends = [peak_of(many, "--all", kill_after=chance.uniform(0.5, 15)) for _ in range(KILLS)]
            ends.append(peak_of(many, "--all"))
        finally:
            done.set()
            uploads.join()
        found = asked(many)
        uploaded = {key for key in many.cloud.cos.backend.keys(BUCKET, "new/") if key not in found}
        code, _ = peak_of(many, "--all")
        all_found = asked(many)
    most = max(peak for _, peak in ends)
    print(  # noqa: T201 - what it is for
        f"{OBJECTS} objects, {KILLS} kills, {len(uploaded)} uploaded too late for the last run: "
        f"{time.monotonic() - begun:.0f} s; peak memory {most / 1024:.0f} MB, with {FEW} objects {least / 1024:.0f} MB"
    )
    assert [status for status, _ in ends[:-1]].count(-signal.SIGKILL) >= KILLS // 2
    assert (ends[-1][0], code) == (0, 0)
    assert set(found.values()) == set(all_found.values()) == {1}
    assert len([key for key in found if not key.startswith("new/")]) == OBJECTS
    assert set(all_found) - set(found) == uploaded
    # Flat: what grows with the bucket is on the disk.
    assert most < least * 1.25
