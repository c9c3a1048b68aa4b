"""The first use case: an upload becomes a job, at most one. Here is what its event alone tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.domain.outcome import Kind, Outcome
from shared.errors import WatermarkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.cloud.clients import Clients
    from shared.events.uploads import UploadEvent
    from shared.settings import Settings


def submit(event: UploadEvent, settings: Settings, connect: Callable[[], Clients]) -> Outcome:
    """Deal with one upload event; `connect` is called only if the event alone does not say enough. Never raises."""
    reason = event.skip_reason(settings)
    if reason:
        return Outcome(Kind.SKIPPED, target=event.target, reason=reason)
    from shared.use_cases.submit_upload import submit_event  # noqa: PLC0415 - a skipped event needs none of it

    try:
        return submit_event(event, connect())
    except WatermarkError as error:
        return Outcome(Kind.FAILED, target=event.target, error=error)
