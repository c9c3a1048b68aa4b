"""Writing a result onto its object: the right one, only once, and never a failure over a success."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.domain.claim import Claim
from shared.domain.metadata import sealed_verdict, write_fields
from shared.domain.outcome import Kind, Outcome, Reason
from shared.errors import (
    BlockedError,
    CloudError,
    ConflictError,
    NotFoundError,
    RejectedError,
    UnfinishedError,
    UnwritableError,
    WatermarkError,
)

if TYPE_CHECKING:
    from shared.cloud.claims import Entry
    from shared.cloud.clients import Clients
    from shared.domain.head import Head
    from shared.domain.objects import Content
    from shared.domain.result import Result, Verdict

#: How often the object may change under our hands before we leave it for later.
_TRIES = 3
#: Why a result may be impossible to write for now: it then stays in the claim.
UNWRITABLE = (UnwritableError, RejectedError, BlockedError)


def record(content: Content, result: Result, clients: Clients, issued: int | None = None) -> Outcome:
    """Write the result if the object still is that content and has none as good; drop the claim then.

    `issued` is from the ticket of the job whose result this is; none for a result that no job had, or that was looked
    at before. A result that cannot be written stays in the claim, with the reason.

    Raises:
        CloudError, UnfinishedError: trying again may help.
    """
    attempts = clients.claims.of(content)
    try:
        outcome = _write(content, result, clients, issued)
    except UNWRITABLE as error:
        _keep(content, attempts, result, error, clients)
        return Outcome(Kind.PENDING, content=content, job=result.job, error=error)
    if outcome.reason is not Reason.REWRITTEN:
        clients.claims.drop(attempts)
    return outcome


def speaks_of(issued: int, head: Head, clients: Clients) -> bool:
    """Whether a job submitted at that second found out something about what the object holds now.

    CI reads the object some time after that. If it was written since, even with the same bytes, others may have been
    there in between, for the job to read. Our own writes do not count: the seal on them is of the same bytes.
    """
    return head.modified <= issued or verdict_on(head, clients) is not None


def verdict_on(head: Head, clients: Clients) -> Verdict | None:
    """The verdict that the object already carries on its present content, if we wrote it."""
    if head.content is None:
        return None
    settings = clients.settings
    return sealed_verdict(head.metadata, settings.secrets, head.content, prefix=settings.metadata_prefix)


def _write(content: Content, result: Result, clients: Clients, issued: int | None) -> Outcome:
    for _ in range(_TRIES):
        try:
            head = clients.objects.head(content.target)
            reason = _obstacle(head, content, result, clients, issued)
            if reason:
                return Outcome(Kind.SKIPPED, content=content, reason=reason, job=result.job)
            _replace_metadata(head, content, result, clients)
        except NotFoundError:
            return Outcome(Kind.SKIPPED, content=content, reason=Reason.GONE, job=result.job)
        except ConflictError:
            # The result belongs to that content by now, whoever writes the same bytes again.
            issued = None
            continue
        return Outcome(Kind.WRITTEN, content=content, job=result.job, detail=result.verdict.value)
    raise UnfinishedError(f"{content.target} was changed by somebody else each time a result was to be written")


def _obstacle(head: Head, content: Content, result: Result, clients: Clients, issued: int | None) -> Reason | None:
    if head.content != content:
        return Reason.REPLACED
    if not result.supersedes(verdict_on(head, clients)):
        return Reason.DONE
    if issued is not None and not speaks_of(issued, head, clients):
        return Reason.REWRITTEN
    if head.unreadable_archive:
        raise UnwritableError(f"{content.target} is archived; restore it, and the result will be written")
    return None


def _replace_metadata(head: Head, content: Content, result: Result, clients: Clients) -> None:
    settings = clients.settings
    metadata = write_fields(result, settings.secrets, content, prefix=settings.metadata_prefix, own=head.metadata)
    clients.objects.replace_metadata(head, metadata)


def _keep(content: Content, attempts: list[Entry], result: Result, error: WatermarkError, clients: Clients) -> None:
    newest = clients.claims.newest(attempts) or clients.claims.create(Claim(content, (int(clients.now()),)))
    problem = _problem(error)
    if newest.result != result or newest.problem != problem:
        clients.claims.update(replace(newest, result=result, job=result.job, problem=problem))


def _problem(error: WatermarkError) -> str:
    # Without the request id, which differs each time: a claim is not written again to say the same.
    if isinstance(error, CloudError):
        error = type(error)(replace(error.cause, request_id=""), error.advice)
    return str(error)
