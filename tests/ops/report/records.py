"""An index with result records of our own making."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ops.index.index import Index, open_index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUCKET = "videos-1250000000"
#: What a record has beside what a test says.
_USUAL: dict[str, Any] = {
    "region": "ap-beijing", "bucket": BUCKET, "key": "uploads/holiday.mp4", "crc64": "1", "size": 1_048_576,
    "modified": "2026-11-20T08:00:00Z", "at": "2026-11-20T08:03:20Z", "verdict": "none", "applied": 1, "reason": None,
    "text": None, "unattributed": None, "code": None, "message": None, "problem": None, "started": None,
    "run": None, "attempts": 1, "seal": None, "etag": '"e"',
}  # fmt: skip
_NONE: dict[str, Any] = {"submitted": None, "job": None}


@contextmanager
def an_index(folder: Path) -> Iterator[Index]:
    with open_index(folder / "index.sqlite") as index:
        yield index


def a_record(upload: str, **fields: object) -> dict[str, Any]:
    """A row of `records`; unless `jobs` says otherwise, of an upload that had a job, two seconds after it was there."""
    row = {**_USUAL, **fields}
    jobs = row.get("jobs", () if row["verdict"] == "skipped" else (f"j-{upload}",))
    if jobs:
        row = {"submitted": f"{row['modified'][:-3]}02Z", "job": jobs[-1], **row}
    name = hashlib.sha256(upload.encode()).hexdigest()
    return {**_NONE, **row, "upload": name, "name": f"results/{row['at'][:10]}/{name}.json", "jobs": json.dumps(jobs)}


def fill(index: Index, *rows: dict[str, Any]) -> Index:
    """Put the records in."""
    index.put("records", rows)
    index.set_note("updated", "2026-11-26T04:00:00Z")
    index.save()
    return index
