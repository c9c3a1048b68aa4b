"""The first use case: an upload becomes a job, at most one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.domain import ticket
from shared.domain.claim import Claim
from shared.domain.outcome import Kind, Outcome, Reason
from shared.domain.result import Result
from shared.errors import (
    ConfigurationError,
    ConflictError,
    NotFoundError,
    RejectedError,
    WatermarkError,
)
from shared.use_cases.write_result import record, verdict_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.cloud.clients import Clients
    from shared.domain.objects import ObjectRef
    from shared.events.uploads import Upload
    from shared.settings import Settings


def submit(upload: Upload, settings: Settings, connect: Callable[[], Clients]) -> Outcome:
    """Deal with one upload; `connect` is called only if the event alone does not settle it. Never raises."""
    reason = upload.skip_reason(settings)
    if reason:
        return Outcome(Kind.SKIPPED, target=upload.target, reason=reason)
    try:
        return submit_object(upload.target, connect())
    except WatermarkError as error:
        return Outcome(Kind.FAILED, target=upload.target, error=error)


def submit_object(target: ObjectRef, clients: Clients) -> Outcome:
    """Have the object checked, unless it is done, being done, or cannot be.

    Raises:
        WatermarkError: nothing was claimed, so nothing remembers this object.
    """
    _require_known(target, clients.settings)
    claim = _claim_for(target, clients)
    if isinstance(claim, Outcome):
        return claim
    try:
        claim = clients.claims.create(claim)
    except ConflictError:
        # The work in flight may be about an earlier upload of the same bytes, and about to end.
        clients.claims.remind(claim.content)
        return Outcome(Kind.SKIPPED, content=claim.content, reason=Reason.IN_FLIGHT)
    try:
        return _submit_claimed(claim, clients)
    except WatermarkError as error:
        return Outcome(Kind.PENDING, content=claim.content, error=error)


def start_job(claim: Claim, clients: Clients) -> Outcome:
    """Spend the money: one job for a claim that is ours. A refusal of this very object is recorded as its result.

    Raises:
        CloudError: the claim stays without a job, for the sweep.
    """
    content, settings = claim.content, clients.settings
    try:
        job = clients.jobs.create(settings, content.target, ticket.issue(settings.secrets, content, claim.issued[-1]))
    except RejectedError as error:
        return record(content, Result.failed(clients.now(), error.cause.code, error.cause.message), clients)
    clients.claims.update(replace(claim, job=job.job_id))
    return Outcome(Kind.SUBMITTED, content=content, job=job.job_id)


def _require_known(target: ObjectRef, settings: Settings) -> None:
    if settings.buckets and target.bucket not in settings.buckets:
        raise ConfigurationError(f"{target} was uploaded to a bucket that is not in WATERMARK_BUCKETS: add it there")


def _claim_for(target: ObjectRef, clients: Clients) -> Claim | Outcome:
    """The claim to make on the object as it is, or why it needs none."""
    try:
        head = clients.objects.head(target)
    except NotFoundError:
        return Outcome(Kind.SKIPPED, target=target, reason=Reason.GONE)
    except RejectedError as error:
        return Outcome(Kind.SKIPPED, target=target, reason=Reason.UNREADABLE, detail=str(error))
    content = head.content
    if content is None:
        return Outcome(Kind.SKIPPED, target=target, reason=Reason.NO_CHECKSUM)
    if head.unreadable_archive:
        return Outcome(Kind.SKIPPED, content=content, reason=Reason.ARCHIVED)
    if verdict_on(head, clients):
        return Outcome(Kind.SKIPPED, content=content, reason=Reason.DONE)
    # COS's time, like the object's own date: by these two it is seen later whether the object was written since.
    return Claim(content, (head.seen,))


def _submit_claimed(claim: Claim, clients: Clients) -> Outcome:
    # Somebody may have finished this content between our look at the object and our claim.
    found = _claim_for(claim.content.target, clients)
    if isinstance(found, Claim) and found.content == claim.content:
        return start_job(claim, clients)
    clients.claims.release(claim)
    if isinstance(found, Claim):
        return Outcome(Kind.SKIPPED, content=claim.content, reason=Reason.REPLACED)
    return found
