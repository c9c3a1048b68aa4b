"""The first use case: an upload becomes a job, at most one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.domain.choice import why_unchecked
from shared.domain.claim import Attempt
from shared.domain.objects import Content, Upload
from shared.domain.outcome import Kind, Outcome, Reason
from shared.errors import NotFoundError, RejectedError, WatermarkError
from shared.use_cases.attempt import make_attempt, skip

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.cloud.clients import Clients
    from shared.domain.head import Head
    from shared.events.uploads import UploadEvent
    from shared.settings import Settings


def submit(event: UploadEvent, settings: Settings, connect: Callable[[], Clients]) -> Outcome:
    """Deal with one upload event; `connect` is called only if the event alone does not say enough. Never raises."""
    reason = event.skip_reason(settings)
    if reason:
        return Outcome(Kind.SKIPPED, target=event.target, reason=reason)
    try:
        return _submit_event(event, connect())
    except WatermarkError as error:
        return Outcome(Kind.FAILED, target=event.target, error=error)


def _submit_event(event: UploadEvent, clients: Clients) -> Outcome:
    try:
        head = _head(event, clients)
    except NotFoundError:
        return Outcome(Kind.SKIPPED, target=event.target, reason=Reason.GONE)
    except RejectedError as error:
        # Nobody can look at it, so the event has to say which upload it is.
        upload = Upload(event.target, Content("", event.size or 0), event.time)
        return replace(skip(upload, Reason.UNREADABLE, clients), detail=str(error))
    return submit_upload(head, clients)


def _head(event: UploadEvent, clients: Clients) -> Head:
    try:
        return clients.objects.head(event.target)
    except NotFoundError:
        # How keys are encoded in events is not documented.
        if event.other_spelling is None:
            raise
        return clients.objects.head(event.other_spelling)


def submit_upload(head: Head, clients: Clients, chain: int = 0) -> Outcome:
    """Have the object checked as it is now, unless that is done, being done, or impossible.

    `chain` counts its jobs in a row whose answer could not be applied.

    Raises:
        WatermarkError: nothing was claimed, so nothing remembers this upload.
    """
    upload = head.upload
    # The event may have told another spelling of the key, and no size.
    reason = why_unchecked(upload.target.key, upload.content.size, clients.settings)
    if reason:
        return Outcome(Kind.SKIPPED, upload=upload, reason=reason)
    if head.sealed(clients.settings):
        return Outcome(Kind.SKIPPED, upload=upload, reason=Reason.DONE)
    if head.obstacle:
        return skip(upload, head.obstacle, clients)
    return make_attempt(Attempt(upload, 1, since=head.seen, chain=chain), (), clients)
