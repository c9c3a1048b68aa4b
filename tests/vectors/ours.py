"""What our code makes and reads, by the names of the parts of docs/vectors.json."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from unittest.mock import create_autospec

from ops.index.schema import SCHEMA
from shared.cloud.cos import Listed
from shared.cloud.ledger import Ledger
from shared.cloud.store import Store
from shared.domain import waiting
from shared.domain.answer import answer_name
from shared.domain.claim import Attempt
from shared.domain.job import Job
from shared.domain.metadata import read_sealed, write_fields
from shared.domain.objects import Content, ObjectRef, Upload
from shared.domain.record import Record
from shared.domain.result import Result, Verdict
from shared.domain.slot import Slot, number_of
from shared.domain.ticket import Ticket, ticket_of
from shared.errors import ClaimError, MetadataFullError, TicketError
from shared.signing import Secrets, canonical

if TYPE_CHECKING:
    from collections.abc import Callable

REGION = "ap-beijing"
#: Of no other test: the ledger remembers which bucket keeps no versions.
_LEDGER = "vectors-1250000000"


def ticket(secret: str, bucket: str, key: str, said: dict[str, Any]) -> str:
    target, content = ObjectRef(said["region"], bucket, key), Content(said["crc64"], said["size"])
    upload = Upload(target, content, said["modified"], said["run"])
    return Ticket(upload, said["attempt"], said["replaces"]).sign(Secrets(secret.encode()))


def read_ticket(secrets: list[str], bucket: str, key: str, text: str) -> dict[str, Any] | None:
    try:
        read = ticket_of(Job(bucket=bucket, key=key, ticket=text), _believed(secrets))
    except TicketError:
        return None
    upload, content = read.upload, read.upload.content
    said = {"region": upload.target.region, "crc64": content.crc64, "size": content.size, "modified": upload.modified}
    return {**said, "attempt": read.attempt, "run": upload.run, "replaces": read.replaces}


def metadata(
    secret: str, prefix: str, crc64: str, size: int, result: dict[str, str], own: dict[str, str]
) -> dict[str, str] | None:
    texts = dict(result)
    upload = Upload(ObjectRef(REGION, "videos-1250000000", "clip.mp4"), Content(crc64, size), 0)
    found = Result(Verdict(texts.pop("verdict")), **texts)
    try:
        return write_fields(found, Secrets(secret.encode()), upload, prefix=prefix, own=own)
    except MetadataFullError:
        return None


def read_metadata(
    secrets: list[str], prefix: str, crc64: str, size: int, headers: dict[str, str]
) -> dict[str, str] | None:
    sealed = read_sealed(headers, _believed(secrets), Content(crc64, size), prefix=prefix)
    if sealed is None:
        return None
    texts = {name: getattr(sealed.result, name) for name in ("text", "code", "message", "job", "at")}
    return {"verdict": sealed.result.verdict.value, **{name: text for name, text in texts.items() if text}}


def read_entry(name: str, body: dict[str, Any]) -> dict[str, Any] | None:
    try:
        entry = waiting.decode(name, json.dumps(body).encode())
    except ClaimError:
        return None
    return {part: getattr(entry, part) for part in ("run", "bucket", "key", "again", "by", "at")}


def upload_of(bucket: str, key: str, crc64: str, size: int, modified: int, run: str) -> Upload:
    return Upload(ObjectRef(REGION, bucket, key), Content(crc64, size), modified, run)


def claim_name(attempt: int, **upload: Any) -> str:  # noqa: ANN401 - the same as of `upload_of`
    store = _store()
    Ledger(store).create(Attempt(upload_of(**upload), attempt, since=0))
    return str(store.create.call_args.args[0])


def record_name(upload: str, at: str) -> str:
    store = _store()
    about: dict[str, Any] = {"region": REGION, "bucket": "videos-1250000000", "key": "clip.mp4", "size": 1}
    Ledger(store).keep(Record(**about, upload=upload, at=at, modified=at, verdict=Verdict.NONE, applied=False))
    return str(store.create.call_args.args[0])


def record_taken(records: list[dict[str, Any]]) -> str:
    with closing(sqlite3.connect(":memory:")) as index:
        index.executescript(SCHEMA)
        for record in records:
            index.execute(
                "INSERT INTO records (name, at, applied, job, upload, etag, region, bucket, key, size, modified,"
                " verdict, jobs, attempts) VALUES (?, ?, ?, ?, 'upload', '', '', '', '', 1, '', '', '', 1)",
                (record["name"], record["at"], record["applied"], record.get("job")),
            )
        ((name,),) = index.execute("SELECT name FROM results")
    return str(name)


def _store() -> Any:  # noqa: ANN401 - a mock: it shows under which name something would be written
    store = create_autospec(Store, instance=True)
    store.bucket, store.versioning.return_value.status = _LEDGER, ""
    store.create.return_value = Listed("", "", 0, 0)
    return store


def _believed(secrets: list[str]) -> Secrets:
    current, previous = (secret.encode() for secret in secrets)
    return Secrets(current, previous)


MAKE: dict[str, Callable[..., Any]] = {
    "canonical": lambda parts: canonical(*parts).hex(),
    "object id": lambda bucket, key: ObjectRef(REGION, bucket, key).id,
    "upload id": lambda **upload: upload_of(**upload).id,
    "ticket": ticket,
    "seal": metadata,
    "claim name": claim_name,
    "answer name": lambda crc64, size, etag: answer_name(Content(crc64, size), etag),
    "record name": record_name,
    "record taken": record_taken,
    "slot name": lambda day, number: Slot(day, number).name,
    "waiting name": lambda run, bucket, key: waiting.waiting_name(run, ObjectRef(REGION, bucket, key)),
}
READ: dict[str, Callable[..., Any]] = {
    "ticket": read_ticket,
    "seal": read_metadata,
    "slot name": number_of,
    "waiting entry": read_entry,
}
