"""The ledger bucket: claims in flight, and records of what came of uploads.

    claims/<object id>/<upload id>/<attempt>    created with `x-cos-forbid-overwrite`, so that only one can win
    results/<day>/<upload id>.json

That header has no effect in a bucket that ever kept versions, hence the check before the first claim.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from shared.domain.claim import Attempt, Entry, decode, encode
from shared.errors import ClaimError, ConfigurationError, ConflictError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shared.cloud.cos import Listed
    from shared.cloud.store import Store
    from shared.domain.objects import ObjectRef, Upload
    from shared.domain.record import Record

_NAME = re.compile(r"claims/[0-9a-f]{64}/(?P<upload>[0-9a-f]{64})/(?P<number>[0-9]{6})", re.ASCII)
#: Ledgers found to keep no versions, remembered while the container lives.
_unversioned: set[str] = set()


def forget_checks() -> None:
    """Look at every bucket again, as a new container would."""
    _unversioned.clear()


class Ledger:
    """The ledger of one deployment. Every method raises only `CloudError` and what it names."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, attempt: Attempt) -> Entry:
        """Take an attempt.

        Raises:
            ConflictError: somebody has it already.
            ConfigurationError: the ledger keeps versions, so that nothing could be claimed safely.
        """
        if self._store.bucket not in _unversioned and self._store.versioning().status:
            raise self._versioned()
        _unversioned.add(self._store.bucket)
        return self._written(attempt, self._store.create(_name(attempt), encode(attempt)))

    def update(self, attempt: Attempt) -> Entry:
        """Write down how far an attempt got."""
        return self._written(attempt, self._store.write(_name(attempt), encode(attempt)))

    def read(self, entry: Entry) -> Attempt | None:
        """The attempt behind an entry; `None` if it is gone by now, or has changed since it was listed.

        Raises:
            ClaimError: it cannot be read; it has to be left alone.
        """
        try:
            attempt = decode(self._store.read(entry.key, entry.etag))
        except (NotFoundError, ConflictError):
            return None
        except ClaimError as error:
            raise ClaimError(f"{self._store.at(entry.key)} {error}") from error
        if (attempt.upload.id, attempt.number) != (entry.upload_id, entry.number):
            raise ClaimError(f"{self._store.at(entry.key)} is the claim of another upload; it was left as it is")
        return attempt

    def claims(self, target: ObjectRef | None = None) -> Iterator[Entry]:
        """The attempts on one object, or all there are, by name: those on one upload in a row, the oldest first."""
        folder = f"claims/{target.id}/" if target else "claims/"
        return (_entry(listed) for listed in self._store.list(folder))

    def numbers(self, upload: Upload) -> list[int]:
        """The attempts that there are on an upload."""
        return [entry.number for entry in self.claims(upload.target) if entry.upload_id == upload.id]

    def drop(self, attempts: Iterable[Attempt]) -> None:
        """Remove attempts on one upload, the oldest first: if this stops half-way, the newest still knows the end."""
        for attempt in sorted(attempts, key=lambda attempt: attempt.number):
            self._store.delete(_name(attempt))

    def keep(self, record: Record, *, once: bool = False) -> None:
        """Keep a record. One that is applied wins, unless it is told `once`; one with a job replaces one without."""
        name = f"results/{record.day}/{record.upload}.json"
        body = record.model_dump_json(exclude_none=True).encode()
        if record.applied and not once:
            self._store.write(name, body)
            return
        try:
            self._store.create(name, body)
        except ConflictError:
            if merged := record.beside(self._record(name)):
                self._store.write(name, merged.model_dump_json(exclude_none=True).encode())

    def _record(self, name: str) -> Record | None:
        from shared.domain.record import Record  # noqa: PLC0415 - hardly ever is there a record already

        try:
            return Record.model_validate_json(self._store.read(name))
        except (NotFoundError, ValueError):
            return None

    def _written(self, attempt: Attempt, listed: Listed) -> Entry:
        if listed.version:
            # Somebody has switched it on since.
            raise self._versioned()
        return Entry(listed.key, listed.etag, attempt.upload.id, attempt.number, listed.modified, listed.now)

    def _versioned(self) -> ConfigurationError:
        return ConfigurationError(
            f"the ledger bucket {self._store.bucket} keeps versions, or once did: claims are not safe there, so "
            "nothing was submitted. Set WATERMARK_LEDGER_BUCKET to a bucket that never had versioning"
        )


def _entry(listed: Listed) -> Entry:
    found = _NAME.fullmatch(listed.key)
    # What has no name of ours is a claim of its own, which nobody can read: so it is reported, and left alone.
    upload_id, number = (
        (found["upload"], int(found["number"]))
        if found
        else (sha256(listed.key.encode(errors="surrogatepass")).hexdigest(), 0)
    )
    return Entry(listed.key, listed.etag, upload_id, number, listed.modified, listed.now)


def _name(attempt: Attempt) -> str:
    return f"claims/{attempt.upload.target.id}/{attempt.upload.id}/{attempt.number:06d}"
