"""The ledger's part of the index: result records, claims, waiting entries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from ops.index.schema import RECORD_COLUMNS
from ops.index.synchronise import Fields, Table, synchronise
from ops.times import day_after, seconds_of
from shared.domain import claim, waiting
from shared.domain.record import Record
from shared.domain.result import stamp
from shared.errors import ClaimError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.access import Access
    from ops.index.index import Index
    from ops.progress import Follow
    from ops.tencent.videos import Listed, Page

RESULTS, CLAIMS = "results/", "claims/"
#: The largest number that SQLite has.
_LARGEST = 2**63 - 1
#: Records of so many days are listed each time, for a record can come days after the job that it is about has ended.
_DAYS_AGAIN = 8
#: Seconds after which everything is listed again: who is asked for old videos gets records of old days.
_COMPLETE_EACH = 86_400


@dataclass
class LedgerIndex:
    """Brings it up to date. `stray` is told what is not what its name says, and was left alone."""

    access: Access
    index: Index
    follow: Follow
    stray: Callable[[str], None]

    def update(self, *, complete: bool = False) -> None:
        """See what is in flight, what waits, and which records are new; `complete`: list those of all days.

        Raises:
            CloudError, IndexFileError: what was read so far stays.
        """
        asked_before = self._is_asked()
        # In the order that work goes: what moves on meanwhile is seen twice, and never not at all.
        with self.follow("reading waiting entries") as tell:
            table, pages = Table("waiting", "name"), self._pages(waiting.FOLDER)
            now = synchronise(self.index, table, pages, self._entry, tell)
        with self.follow("reading claims") as tell:
            synchronise(self.index, Table("claims", "name"), self._pages(CLAIMS), self._claim, tell)
        everything = complete or asked_before or self._is_asked() or self._is_old(now)
        self._update_records("" if everything else self._begin(now))
        self.index.set_note("updated", stamp(now))
        self.index.save()

    def _update_records(self, after: str) -> None:
        with self.follow("reading result records") as tell:
            table, pages = Table("records", "name"), self._pages(RESULTS, after)
            now = synchronise(self.index, table, pages, self._record, tell)
        if not after:
            self.index.set_note("complete", stamp(now))

    def _begin(self, now: int) -> str:
        """Behind which name records are listed; empty for all of them."""
        # A record of a day that is still to come must not hide those of today.
        tomorrow = RESULTS + day_after(stamp(now)[:10])
        last = str(self.index.one("SELECT max(name) FROM records WHERE name < ?", tomorrow) or "")
        try:
            day = datetime.strptime(last.removeprefix(RESULTS)[:10], "%Y-%m-%d").replace(tzinfo=timezone.utc)
            return RESULTS + (day - timedelta(days=_DAYS_AGAIN)).strftime("%Y-%m-%d")
        except (ValueError, OverflowError):
            return ""

    def _is_asked(self) -> bool:
        """Whether something is on its way that an operator asked for: its records can be of any day."""
        waits = "SELECT 1 FROM waiting UNION ALL SELECT 1 FROM claims WHERE asked_by <> '' LIMIT 1"
        return bool(self.index.one(waits))

    def _is_old(self, now: int) -> bool:
        complete = self.index.note("complete")
        return not complete or now - seconds_of(complete) > _COMPLETE_EACH

    def _pages(self, folder: str, after: str = "") -> Iterator[Page]:
        return self.access.ledger_pages(folder, after)

    def _record(self, listed: Listed) -> Fields | None:
        return self._read(listed, lambda body: record_fields(Record.model_validate_json(body)))

    def _claim(self, listed: Listed) -> Fields | None:
        fields = self._read(listed, lambda body: claim_fields(claim.decode(body)))
        return fields and {**fields, "written": listed.modified}

    def _entry(self, listed: Listed) -> Fields | None:
        return self._read(listed, lambda body: entry_fields(waiting.decode(listed.key, body)))

    def _read(self, listed: Listed, fields_of: Callable[[bytes], Fields]) -> Fields | None:
        try:
            fields = _storable(fields_of(self._body(listed)))
        except NotFoundError:
            return None
        # The last two: of a time that no calendar has.
        except (ClaimError, ValueError, OverflowError, OSError):
            self.stray(listed.key)
            return None
        return {"name": listed.key, "etag": listed.etag, **fields}

    def _body(self, listed: Listed) -> bytes:
        return self.access.clients.store.read(listed.key)


def record_fields(record: Record) -> Fields:
    """A record as a row of `records`."""
    said = record.model_dump(mode="json", exclude={"v"})
    return {**{name: said[name] for name in RECORD_COLUMNS}, "jobs": json.dumps(record.jobs)}


def claim_fields(attempt: claim.Attempt) -> Fields:
    """An attempt as a row of `claims`."""
    upload = attempt.upload
    return {
        "upload": upload.id,
        "number": attempt.number,
        "region": upload.target.region,
        "bucket": upload.target.bucket,
        "key": upload.target.key,
        "crc64": upload.content.crc64,
        "size": upload.content.size,
        "modified": stamp(upload.modified),
        "since": stamp(attempt.since),
        "job": attempt.job or None,
        "held": attempt.held.value if attempt.held else None,
        "refused_since": None if attempt.refused_since is None else stamp(attempt.refused_since),
        "refusal": attempt.refusal or None,
        "verdict": attempt.result.verdict.value if attempt.result else None,
        "text": (attempt.result.text or None) if attempt.result else None,
        "code": (attempt.result.code or None) if attempt.result else None,
        "unwritten_since": None if attempt.unwritten_since is None else stamp(attempt.unwritten_since),
        "problem": attempt.problem or None,
        "chain": attempt.chain,
        "run": upload.run or None,
        "asked_by": attempt.asked_by,
    }


def entry_fields(entry: waiting.WaitingEntry) -> Fields:
    """A waiting entry as a row of `waiting`."""
    return {**entry.model_dump(mode="json", exclude={"v", "run"}), "run": entry.run}


def _storable(fields: Fields) -> Fields:
    """The same. Raises ValueError: a number is larger than SQLite's."""
    if any(isinstance(value, int) and not -_LARGEST <= value <= _LARGEST for value in fields.values()):
        raise ValueError("a number that nobody meant")
    return fields
