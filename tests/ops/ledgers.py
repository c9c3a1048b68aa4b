"""A ledger with records and claims as a test wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.access import Access
from ops.configuration.configuration import read_without_secret
from shared.domain.claim import Attempt, encode
from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.record import Record
from shared.domain.result import Verdict, stamp
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud
    from tests.ops.account import Operator

#: 2026-01-01T00:00:00Z, where the fake's time begins.
BEGIN = 1_767_225_600


def access_of(operator: Operator) -> Access:
    """What the commands of that operator work with."""
    return Access(read_without_secret(operator.folder / ".env", operator.key))


def upload_of(key: str, at: int = 0, *, bucket: str = BUCKET, run: str = "") -> Upload:
    """An upload so many seconds after the beginning."""
    return Upload(ObjectRef(REGION, bucket, key), Content("1", 1), BEGIN + at, run)


def record_of(key: str, verdict: Verdict = Verdict.NONE, at: int = 0, **more: Any) -> Record:  # noqa: ANN401 - any field
    """A record of an upload whose job ended so many seconds after the beginning."""
    bucket = more.pop("bucket", BUCKET)
    upload = upload_of(key, at, bucket=bucket)
    said = {
        "upload": upload.id,
        "region": REGION,
        "bucket": bucket,
        "key": key,
        "crc64": "1",
        "size": 1,
        "modified": stamp(upload.modified),
        "at": stamp(upload.modified),
        "verdict": verdict,
        "applied": verdict is not Verdict.SKIPPED,
        "job": None if verdict is Verdict.SKIPPED else "j1",
    }
    return Record(**{**said, **more})


def keep(cloud: FakeCloud, *records: Record, prefix: str = "") -> list[str]:
    """Put them into the ledger, each where it belongs; their names."""
    names = []
    for record in records:
        names.append(f"{prefix}results/{record.day}/{record.upload}.json")
        cloud.cos.backend.put(LEDGER, names[-1], record.model_dump_json(exclude_none=True).encode())
    return names


def claim(cloud: FakeCloud, *attempts: Attempt, prefix: str = "") -> list[str]:
    """Put them into the ledger; their names."""
    names = []
    for attempt in attempts:
        upload = attempt.upload
        names.append(f"{prefix}claims/{upload.target.id}/{upload.id}/{attempt.number:06d}")
        cloud.cos.backend.put(LEDGER, names[-1], encode(attempt))
    return names
