"""One upload becomes a job: is it done, being done, impossible or not wanted? If not, its first attempt is made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.domain.choice import why_unchecked
from shared.domain.claim import Attempt
from shared.domain.objects import Content, Upload
from shared.domain.outcome import Kind, Outcome, Reason
from shared.errors import NotFoundError, RejectedError
from shared.use_cases.attempt import make_attempt, skip

if TYPE_CHECKING:
    from shared.cloud.clients import Clients
    from shared.domain.head import Head
    from shared.domain.waiting import WaitingEntry
    from shared.events.uploads import UploadEvent


def submit_event(event: UploadEvent, clients: Clients) -> Outcome:
    """Have the object checked that an event tells of.

    Raises:
        WatermarkError: nothing was claimed, so nothing remembers this upload.
    """
    try:
        head = _head(event, clients)
    except NotFoundError:
        return Outcome(Kind.SKIPPED, target=event.target, reason=Reason.GONE)
    except RejectedError as error:
        # Nobody can look at it, so the event has to say which upload it is.
        upload = Upload(event.target, Content("", event.size or 0), event.time)
        return skip(upload, Reason.UNREADABLE, clients)._replace(detail=str(error))
    return submit_upload(head, clients)


def _head(event: UploadEvent, clients: Clients) -> Head:
    try:
        return clients.objects.head(event.target)
    except NotFoundError:
        # How keys are encoded in events is not documented.
        if event.other_spelling is None:
            raise
        return clients.objects.head(event.other_spelling)


def submit_upload(head: Head, clients: Clients, *, chain: int = 0, entry: WaitingEntry | None = None) -> Outcome:
    """Have the object checked as it is now, unless that is done, being done, impossible or not wanted.

    `chain` counts its jobs in a row whose answer could not be applied; `entry` is what an operator asked for, if so.

    Raises:
        WatermarkError: nothing was claimed, so nothing remembers this upload.
    """
    upload, sealed = head.upload, head.sealed(clients.settings)
    # The event may have told another spelling of the key, and no size.
    reason = why_unchecked(upload.target.key, upload.content.size, clients.settings)
    if reason:
        return Outcome(Kind.SKIPPED, upload=upload, reason=reason)
    if sealed and (entry is None or entry.is_fulfilled_by(sealed, upload.modified)):
        return Outcome(Kind.SKIPPED, upload=upload, reason=Reason.DONE)
    if head.obstacle:
        return skip(upload, head.obstacle, clients)
    first = Attempt(upload, 1, since=head.seen, chain=chain)
    if entry:
        first = replace(first, asked_by=entry.run)
    if entry and entry.again:
        first = replace(first, upload=replace(upload, run=entry.run), replaces=sealed.digits if sealed else "")
    return make_attempt(first, (), clients)
