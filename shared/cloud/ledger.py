"""The ledger bucket: claims in flight, and records of what came of uploads.

    claims/<object id>/<upload id>/<attempt>    created with `x-cos-forbid-overwrite`, so that only one can win
    results/<day>/<upload id>.json

Only our two roles and the operator write there, so nothing in it is signed. That header has no effect in a bucket that
ever kept versions (https://cloud.tencent.com/document/product/436/7749), hence the check before the first claim.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from shared.domain.claim import Attempt, Entry, decode, encode
from shared.domain.objects import ObjectRef
from shared.domain.record import Record
from shared.errors import ClaimError, ConfigurationError, ConflictError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shared.cloud.cos import Cos, Listed
    from shared.domain.objects import Upload
    from shared.settings import Settings

_NAME = re.compile(r"claims/[0-9a-f]{64}/(?P<upload>[0-9a-f]{64})/(?P<number>[0-9]{6})", re.ASCII)
_ONLY_NEW = {"x-cos-forbid-overwrite": "true"}
#: Ledgers found to keep no versions, remembered while the container lives.
_unversioned: set[str] = set()


def forget_checks() -> None:
    """Look at every bucket again, as a new container would."""
    _unversioned.clear()


class Ledger:
    """The ledger of one deployment. Every method raises only `CloudError` and what it names."""

    def __init__(self, cos: Cos, settings: Settings, region: str) -> None:
        self._cos = cos
        self._root = ObjectRef(region, settings.ledger_bucket, settings.ledger_prefix)

    def create(self, attempt: Attempt) -> Entry:
        """Take an attempt.

        Raises:
            ConflictError: somebody has it already.
            ConfigurationError: the ledger keeps versions, so that nothing could be claimed safely.
        """
        if self._root.bucket not in _unversioned and self._cos.versioning(self._root):
            raise self._versioned()
        _unversioned.add(self._root.bucket)
        return self._write(attempt, _ONLY_NEW)

    def update(self, attempt: Attempt) -> Entry:
        """Write down how far an attempt got."""
        return self._write(attempt, {})

    def read(self, entry: Entry) -> Attempt | None:
        """The attempt behind an entry; `None` if it is gone by now, or has changed since it was listed.

        Raises:
            ClaimError: it cannot be read; it has to be left alone.
        """
        try:
            attempt = decode(self._cos.read(self._at(entry.key), {"If-Match": entry.etag}))
        except (NotFoundError, ConflictError):
            return None
        except ClaimError as error:
            raise ClaimError(f"{self._at(entry.key)} {error}") from error
        if (attempt.upload.id, attempt.number) != (entry.upload_id, entry.number):
            raise ClaimError(f"{self._at(entry.key)} is the claim of another upload; it was left alone")
        return attempt

    def claims(self, target: ObjectRef | None = None) -> Iterator[Entry]:
        """The attempts on one object, or all there are, by name: those on one upload in a row, the oldest first."""
        folder = f"claims/{target.id}/" if target else "claims/"
        return (self._entry(listed) for listed in self._cos.list(self._at(folder)))

    def numbers(self, upload: Upload) -> list[int]:
        """The attempts that there are on an upload."""
        return [entry.number for entry in self.claims(upload.target) if entry.upload_id == upload.id]

    def drop(self, attempts: Iterable[Attempt]) -> None:
        """Remove attempts on one upload, the oldest first: if this stops half-way, the newest still knows the end."""
        for attempt in sorted(attempts, key=lambda attempt: attempt.number):
            self._cos.delete(self._at(_name(attempt)))

    def keep(self, record: Record, *, once: bool = False) -> None:
        """Keep a record. One that is applied wins, unless it is told `once`; one with a job replaces one without."""
        target = self._at(f"results/{record.day}/{record.upload}.json")
        body = record.model_dump_json(exclude_none=True).encode()
        if record.applied and not once:
            self._cos.write(target, body)
            return
        try:
            self._cos.write(target, body, _ONLY_NEW)
        except ConflictError:
            if record.jobs and not self._names_jobs(target):
                self._cos.write(target, body)

    def _names_jobs(self, target: ObjectRef) -> bool:
        try:
            return bool(Record.model_validate_json(self._cos.read(target)).jobs)
        except (NotFoundError, ValueError):
            return False

    def _write(self, attempt: Attempt, headers: dict[str, str]) -> Entry:
        listed = self._cos.write(self._at(_name(attempt)), encode(attempt), headers)
        if listed.version:
            # Somebody has switched it on since.
            raise self._versioned()
        return Entry(_name(attempt), listed.etag, attempt.upload.id, attempt.number, listed.modified, listed.now)

    def _entry(self, listed: Listed) -> Entry:
        key = listed.key.removeprefix(self._root.key)
        found = _NAME.fullmatch(key)
        # What has no name of ours is a claim of its own, which nobody can read: so it is reported, and left alone.
        upload_id, number = (
            (found["upload"], int(found["number"]))
            if found
            else (sha256(key.encode(errors="surrogatepass")).hexdigest(), 0)
        )
        return Entry(key, listed.etag, upload_id, number, listed.modified, listed.now)

    def _versioned(self) -> ConfigurationError:
        return ConfigurationError(
            f"the ledger bucket {self._root.bucket} keeps versions, or once did: nothing can be claimed safely there, "
            "and nothing was submitted. Set WATERMARK_LEDGER_BUCKET to a bucket that never did"
        )

    def _at(self, key: str) -> ObjectRef:
        return ObjectRef(self._root.region, self._root.bucket, self._root.key + key)


def _name(attempt: Attempt) -> str:
    return f"claims/{attempt.upload.target.id}/{attempt.upload.id}/{attempt.number:06d}"
