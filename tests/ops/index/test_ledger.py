"""The index of the ledger: read once, brought up to date with what is new, and never wrong for good."""

from __future__ import annotations

import json
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.faults import Fault
from faketencent.refusals import Refusal
from ops.index.index import open_index
from ops.index.ledger import LedgerIndex
from ops.progress import follower
from shared.cloud.store import Store
from shared.domain.claim import Attempt, Held, encode
from shared.domain.result import Result, Verdict, stamp
from shared.errors import CloudError
from tests.asking import ask
from tests.ops.at_work import AtWork, at_work
from tests.ops.ledgers import BEGIN, access_of, claim, keep, record_of, upload_of
from tests.world import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.index.index import Index

#: Says the same on every Python.
pytestmark = pytest.mark.once

DAY = 86_400


@contextmanager
def updated(stand: AtWork, *, complete: bool = False, stray: list[str] | None = None) -> Iterator[Index]:
    access = access_of(stand.operator)
    with open_index(stand.operator.folder / "index.sqlite") as index:
        tell = (lambda _: None) if stray is None else stray.append
        LedgerIndex(access, index, follower(quiet=True), tell).update(complete=complete)
        yield index


def keys(index: Index, table: str = "records") -> list[str]:
    return [row["key"] for row in index.rows(f"SELECT key FROM {table} ORDER BY key")]  # noqa: S608 - our own names


def update(stand: AtWork, *, complete: bool = False) -> list[str]:
    """The keys of the records after an update."""
    with updated(stand, complete=complete) as index:
        return keys(index)


def reads(stand: AtWork) -> int:
    """How many objects were read since this was asked last."""
    operations = stand.world.cloud.operations()
    stand.world.cloud.journal.clear()
    return operations.count("GetObject")


def test_what_was_read_once_is_not_read_again(stand: AtWork) -> None:
    stand.world.cloud.advance(20 * DAY)
    keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n * DAY) for n in range(20)))
    claim(stand.world.cloud, Attempt(upload_of("a.mp4"), 1, BEGIN), Attempt(upload_of("a.mp4"), 2, BEGIN))
    ask(stand.world, "b.mp4")

    assert len(update(stand)) == 20
    assert reads(stand) == 23
    assert len(update(stand, complete=True)) == 20
    assert reads(stand) == 0


def test_every_field_is_kept(stand: AtWork) -> None:
    record = record_of(
        "水😀'\"\n.mp4", Verdict.FAILED, crc64=None, text="a", unattributed="", code="c", message="m\x00", problem="p",
        submitted=stamp(BEGIN), started=stamp(BEGIN), jobs=("j1", "j2"), run="20260101T000000Z-0001", seal="s",
        reason="replaced", applied=False, attempts=3,
    )  # fmt: skip
    keep(stand.world.cloud, record)

    with updated(stand) as index:
        (row,) = index.rows("SELECT * FROM records")

    expected = record.model_dump(mode="json", exclude={"v"})
    assert {name: row[name] for name in expected} == {**expected, "applied": 0, "jobs": json.dumps(["j1", "j2"])}


def test_every_field_of_a_claim_and_of_a_waiting_entry_is_kept(stand: AtWork) -> None:
    found = Result(Verdict.FAILED, "", "j9", code="Oops")
    upload = upload_of("a.mp4", run="20260101T000000Z-0001")
    claim(
        stand.world.cloud,
        Attempt(upload, 2, BEGIN, "j1", Held.REFUSED, BEGIN, "no", found, BEGIN + 1, "full", 3, "d", "run"),
    )
    ask(stand.world, "b.mp4", again=True)

    with updated(stand) as index:
        (row,) = index.rows("SELECT * FROM claims")
        (entry,) = index.rows("SELECT * FROM waiting")

    zero = "2026-01-01T00:00:00Z"
    assert {name: row[name] for name in row.keys() if name not in ("name", "etag")} == {  # noqa: SIM118 - a Row
        "written": zero, "upload": upload.id, "number": 2, "region": "ap-beijing", "bucket": "videos-1250000000",
        "key": "a.mp4", "crc64": "1", "size": 1, "modified": zero, "since": zero, "job": "j1", "held": "refused",
        "refused_since": zero, "refusal": "no", "verdict": "failed", "text": None, "code": "Oops",
        "unwritten_since": "2026-01-01T00:00:01Z", "problem": "full", "chain": 3, "run": "20260101T000000Z-0001",
        "asked_by": "run",
    }  # fmt: skip
    assert (entry["again"], entry["by"], entry["at"]) == (1, "operator", zero)


def test_a_record_that_changes_is_read_again(stand: AtWork) -> None:
    keep(stand.world.cloud, record_of("a.mp4", applied=False), record_of("b.mp4"))
    update(stand)
    reads(stand)

    keep(stand.world.cloud, record_of("a.mp4", applied=True))

    with updated(stand) as index:
        assert index.one("SELECT applied FROM records WHERE key = 'a.mp4'") == 1
    assert reads(stand) == 1


def test_only_late_days_are_listed_again_and_all_of_them_once_a_day(stand: AtWork) -> None:
    stand.world.cloud.advance(20 * DAY)
    keep(stand.world.cloud, *(record_of(f"{n:02}.mp4", at=n * DAY) for n in range(20)))
    update(stand)

    keep(stand.world.cloud, record_of("late.mp4", at=12 * DAY), record_of("too late.mp4", at=5 * DAY))

    assert {*update(stand)} - {f"{n:02}.mp4" for n in range(20)} == {"late.mp4"}
    stand.world.cloud.advance(DAY + 1)
    assert "too late.mp4" in update(stand)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_record_of_a_day_that_cannot_be_hides_no_new_one(stand: AtWork, day: str) -> None:
    keep(stand.world.cloud, record_of("odd.mp4", at=DAY).model_copy(update={"at": f"{day}T00:00:00Z"}))
    update(stand)

    keep(stand.world.cloud, record_of("new.mp4"))

    assert update(stand) == ["new.mp4", "odd.mp4"]


def test_who_asks_gets_all_days(stand: AtWork) -> None:
    stand.world.cloud.advance(20 * DAY)
    keep(stand.world.cloud, record_of("new.mp4", at=20 * DAY))
    update(stand)
    keep(stand.world.cloud, record_of("old.mp4"))
    assert update(stand, complete=True) == ["new.mp4", "old.mp4"]


def test_a_re_check_of_an_old_video_is_seen_though_its_record_is_of_an_old_day(stand: AtWork) -> None:
    stand.world.cloud.advance(20 * DAY)
    keep(stand.world.cloud, record_of("new.mp4", at=20 * DAY))
    (entry,) = ask(stand.world, "old.mp4")
    update(stand)

    stand.world.cloud.cos.backend.delete(LEDGER, entry)
    keep(stand.world.cloud, record_of("old.mp4"))

    assert update(stand) == ["new.mp4", "old.mp4"]


def test_what_is_deleted_goes(stand: AtWork) -> None:
    stand.world.cloud.advance(20 * DAY)
    old, new = keep(stand.world.cloud, record_of("old.mp4"), record_of("new.mp4", at=20 * DAY))
    (mine,) = claim(stand.world.cloud, Attempt(upload_of("a.mp4"), 1, BEGIN))
    (entry,) = ask(stand.world, "b.mp4")
    update(stand)

    for name in (old, new, mine, entry):
        stand.world.cloud.cos.backend.delete(LEDGER, name)

    with updated(stand, complete=True) as index:
        assert [keys(index, table) for table in ("records", "claims", "waiting")] == [[], [], []]


@pytest.mark.parametrize("fault", [Fault.ERROR_403, Fault.RESET], ids=lambda fault: fault.name)
def test_a_run_that_is_cut_at_any_call_loses_nothing_that_was_read(tmp_path: Path, fault: Fault) -> None:
    with at_work(tmp_path) as stand, patch("ops.tencent.videos._PAGE", "2"):
        keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n) for n in range(3)))
        claim(stand.world.cloud, *(Attempt(upload_of(f"{n}.mp4"), 1, BEGIN) for n in range(2)))
        ask(stand.world, "b.mp4")
        read = set[str]()
        place = 0
        while True:
            (stand.operator.folder / "index.sqlite").unlink(missing_ok=True)
            stand.world.cloud.journal.clear()
            # A call that is repeated is struck again.
            stand.world.cloud.faults.when(lambda _: True, fault, times=None, skip=place)
            try:
                update(stand)
            except CloudError:
                pass
            else:
                break
            stand.world.cloud.faults.clear()
            read = {call.request.path for call in list(stand.world.cloud.journal)[:place]}
            read = {path for path in read if path != "/"}
            stand.world.cloud.journal.clear()

            assert len(update(stand)) == 3
            again = [call.request.path for call in stand.world.cloud.journal if call.request.path != "/"]
            assert len(again) == 6 - len(read)
            assert not read & {*again}
            place += 1
    assert place == 10


def test_ctrl_c_loses_nothing_that_was_read(stand: AtWork) -> None:
    keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n) for n in range(5)))
    calls = count()

    def stopped(store: Store, name: str) -> bytes:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return read(store, name)

    read = Store.read
    with patch.object(Store, "read", stopped), pytest.raises(KeyboardInterrupt):
        update(stand)
    reads(stand)

    assert len(update(stand)) == 5
    assert reads(stand) == 2


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\x00\xff", b'{"v":2}', b'"' * 5000], ids=repr)
def test_rubbish_is_named_and_left_out_as_long_as_it_is_there(stand: AtWork, body: bytes) -> None:
    names = ["claims/x", "claims/" + "0" * 64 + "/1/000001", "results/2026-01-01/x.json", "results/\x1b😀", "waiting/x"]
    for name in names:
        stand.world.cloud.cos.backend.put(LEDGER, name, body)
    keep(stand.world.cloud, record_of("a.mp4"))

    for _ in range(2):
        stray: list[str] = []
        with updated(stand, complete=True, stray=stray) as index:
            assert keys(index) == ["a.mp4"]
            assert [keys(index, table) for table in ("claims", "waiting")] == [[], []]
        assert sorted(stray) == sorted(names)


def test_numbers_that_nobody_meant_are_rubbish_too(stand: AtWork) -> None:
    put, upload = stand.world.cloud.cos.backend.put, upload_of("a.mp4")
    keep(stand.world.cloud, record_of("a.mp4", size=2**63), record_of("b.mp4", size=2**63 - 1))
    (name,) = claim(stand.world.cloud, Attempt(upload, 1, BEGIN, chain=2**63))
    for number, since in enumerate((-(10**20), 10**20, 10**12), 2):
        put(LEDGER, f"{name[:-6]}{number:06}", encode(Attempt(upload, 1, since)))

    stray: list[str] = []
    with updated(stand, stray=stray) as index:
        assert (keys(index), keys(index, "claims")) == (["b.mp4"], [])
    assert len(stray) == 5


def test_a_record_that_becomes_rubbish_goes_from_the_index(stand: AtWork) -> None:
    (name,) = keep(stand.world.cloud, record_of("a.mp4"))
    update(stand)
    stand.world.cloud.cos.backend.put(LEDGER, name, b"{}")
    assert update(stand) == []


def test_a_record_that_goes_between_the_listing_and_the_read_is_no_fault(stand: AtWork) -> None:
    (name,) = keep(stand.world.cloud, record_of("a.mp4"))
    stand.world.cloud.faults.on("GetObject", _gone())
    assert update(stand) == []
    assert name
    assert update(stand) == ["a.mp4"]


def _gone() -> Refusal:
    return Refusal(404, "NoSuchKey")


def test_only_what_lies_below_the_prefix_is_read(tmp_path: Path) -> None:
    with at_work(tmp_path, LEDGER_PREFIX="生产/") as stand, patch("ops.tencent.videos._PAGE", "2"):
        keep(stand.world.cloud, record_of("other.mp4"))
        keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n * DAY) for n in range(20)), prefix="生产/")
        claim(stand.world.cloud, Attempt(upload_of("a.mp4"), 1, BEGIN), prefix="生产/")

        assert len(update(stand)) == 20
        with updated(stand) as index:
            assert (keys(index, "claims"), "other.mp4" in keys(index)) == (["a.mp4"], False)
            assert index.one("SELECT min(name) FROM records").startswith("results/2026-01-01/")
        reads(stand)
        assert len(update(stand)) == 20
        assert reads(stand) == 0


def test_memory_of_a_listing_is_a_page(stand: AtWork) -> None:
    with patch("ops.tencent.videos._PAGE", "2"):
        keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n) for n in range(5)))
        assert len(update(stand)) == 5
        for n in (0, 2, 4):
            (name,) = keep(stand.world.cloud, record_of(f"{n}.mp4", at=n))
            stand.world.cloud.cos.backend.delete(LEDGER, name)
        assert update(stand) == ["1.mp4", "3.mp4"]
