"""Entry point of the function that COS triggers for each upload: every new video becomes a job."""

from __future__ import annotations

from typing import Any

from shared import log
from shared.domain.outcome import Kind, Outcome
from shared.errors import MalformedError, UnfinishedError
from shared.events.uploads import read_uploads
from shared.invocation import Invocation
from shared.use_cases.submit import submit


def main_handler(event: dict[str, Any], context: dict[str, Any]) -> dict[str, int]:
    """Deal with every record of a COS event, then raise once if one must be delivered again.

    Raises:
        WatermarkError: the platform should deliver the event again; what is done or claimed will not be done twice.
    """
    invocation = Invocation(context)
    outcomes: list[Outcome] = []
    for upload in read_uploads(event, invocation.region):
        if outcomes and invocation.time_left() <= 0:
            raise UnfinishedError(f"time ran out after {len(outcomes)} records of the event")
        if isinstance(upload, MalformedError):
            outcome = Outcome(Kind.FAILED, error=upload)
        else:
            outcome = submit(upload, invocation.settings, lambda: invocation.clients)
        log.write("submit", outcome.level, **outcome.as_fields())
        outcomes.append(outcome)
    _raise_for_unremembered(outcomes)
    return {kind.value: sum(outcome.kind is kind for outcome in outcomes) for kind in Kind}


def _raise_for_unremembered(outcomes: list[Outcome]) -> None:
    lost = [
        outcome for outcome in outcomes if outcome.kind is Kind.FAILED and not isinstance(outcome.error, MalformedError)
    ]
    if lost:
        raise UnfinishedError(f"{len(lost)} of {len(outcomes)} records were neither done nor claimed") from lost[
            0
        ].error
