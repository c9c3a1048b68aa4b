"""The ledger's answers: `answers/<SHA-256 of CRC-64, size and ETag>`, kept for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.domain.answer import Answer, answer_name, answer_of, decode, encode
from shared.errors import ClaimError, ConflictError, NotFoundError

if TYPE_CHECKING:
    from shared.cloud.store import Store
    from shared.domain.objects import Upload
    from shared.domain.result import Result


class Answers:
    """What is known of bytes. Every method raises only `CloudError` and what it names."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, upload: Upload, etag: str) -> Answer | None:
        """The answer for an upload's bytes. For a re-check only one of the same run is one.

        Raises:
            ClaimError: what lies there is no answer.
        """
        name = answer_name(upload.content, etag)
        try:
            answer = decode(self._store.read(name))
        except NotFoundError:
            return None
        except ClaimError as error:
            raise ClaimError(f"{self._store.at(name)} {error}") from error
        return answer if upload.run in ("", answer.run) else None

    def keep(self, upload: Upload, etag: str, result: Result) -> bool:
        """Keep what a job found in an upload's bytes; whether nothing was known of them before.

        The job must have ended before the object was seen to be that upload, with that ETag. The first answer stands,
        unless somebody asked for another.
        """
        answer = answer_of(upload, result)
        if answer is None:
            return False
        name, body = answer_name(upload.content, etag), encode(answer)
        if upload.run:
            self._store.write(name, body)
            return False
        try:
            self._store.create(name, body)
        except ConflictError:
            return False
        return True
