"""Writing a result onto its object: onto the very upload that was analysed, and recording it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared import log
from shared.domain.metadata import read_fields, write_fields
from shared.domain.outcome import Kind, Outcome, Reason
from shared.domain.record import result_record
from shared.errors import CloudError, NotFoundError, UnwritableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.cloud.clients import Clients
    from shared.domain.claim import Attempt
    from shared.domain.head import Head
    from shared.domain.job import Job
    from shared.domain.objects import Upload
    from shared.domain.result import Result

#: Whether a write of this container was read back.
_read_back: list[Upload] = []


def forget_checks() -> None:
    """Read the next write back, as a new container would."""
    _read_back.clear()


def write_result(head: Head, result: Result, job: Job | None, attempts: Sequence[Attempt], clients: Clients) -> Outcome:
    """Write the result onto the object that `head` saw, record it, and drop the claim.

    The job must have ended before that look, or it could have read other bytes. What it found is kept as the answer
    to these bytes by then; should the write give them another ETag, under that one too.

    Raises:
        ConflictError: the object has changed since; nothing was written.
        UnwritableError, RejectedError, BlockedError: it cannot be written; nothing was.
        CloudError: trying again may help.
    """
    upload, settings = attempts[-1].upload, clients.settings
    if head.obstacle:
        advice = "Restore it" if head.obstacle is Reason.ARCHIVED else "Upload it again as a plain object"
        raise UnwritableError(f"{upload} is {head.obstacle.value}: the result could not be written. {advice}")
    prefix = settings.metadata_prefix
    metadata = write_fields(result, settings.secrets, upload, prefix=prefix, own=head.metadata)
    written = clients.objects.replace_metadata(head, metadata)
    if written.etag != head.etag:
        clients.answers.keep(upload, written.etag, result)
    if not _read_back:
        _look_back(replace(upload, modified=written.modified, run=""), clients)
    seal = metadata[f"x-cos-meta-{prefix}-seal"]
    clients.ledger.keep(result_record(upload, result, attempts, job, seal=seal, reason=None))
    outcome = Outcome(Kind.WRITTEN, upload=upload, job=result.job, detail=result.verdict.value)
    try:
        clients.ledger.drop(attempts)
    except CloudError as error:
        # A claim that is left is found by the next sweep, and sees the answer.
        return outcome._replace(error=error)
    return outcome


def _look_back(upload: Upload, clients: Clients) -> None:
    """Should COS ever give our metadata back changed, each of our writes would look like a new video: so we pause."""
    try:
        head = clients.objects.head(upload.target)
    except NotFoundError:
        return
    ours = read_fields(head.metadata, clients.settings.metadata_prefix).get("seal")
    if head.upload.content != upload.content or (head.upload != upload and not ours):
        # Somebody has written the object again since, so it says nothing about our write. The next one will.
        return
    if not head.sealed(clients.settings):
        message = f"the result written onto {upload} did not come back as it was sent"
        advice = "each write may cause a job, so nothing is submitted until the ledger's object `paused` is removed. "
        advice += "Compare the object's x-cos-meta-* headers with its record"
        bucket, key = upload.target.bucket, upload.target.key
        log.write("write", log.Level.ERROR, message=f"{message}: {advice}", bucket=bucket, key=key)
        clients.pausing.begin(message, head.seen)
    _read_back.append(upload)
