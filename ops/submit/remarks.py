"""What keeps the functions from working off what is asked for, as far as the ledger says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from ops import waiting
from ops.times import seconds_of, span
from shared.domain import pause, status
from shared.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.access import Access

#: Seconds: the timer writes each minute.
_LATE = 600


def what_holds(access: Access) -> Iterator[str]:
    """A line for each thing. Raises CloudError."""
    store = access.clients.store
    try:
        found = pause.decode(store.read(pause.NAME))
    except NotFoundError:
        pass
    else:
        yield f"! Paused{f' by {found.by}' if found.by else ''}: everything waits until ./cos-watermark resume"
    try:
        seen = status.Status.model_validate_json(store.read(status.NAME))
        age = waiting.now() - seconds_of(seen.at)
    except NotFoundError:
        yield "! The timer has never ticked: nothing is taken up. See ./cos-watermark doctor"
    except (ValidationError, ValueError):
        yield f"! `{status.NAME}` in the ledger cannot be read. See ./cos-watermark doctor"
    else:
        if age > _LATE:
            yield f"! The timer has not ticked for {span(age)}: nothing is taken up. See ./cos-watermark doctor"
        if seen.refusal:
            yield f"! Cloud Infinite refuses jobs now: {seen.refusal}"
