"""Entry point of the function that COS triggers for each upload: every new video becomes a job."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from shared.loading import loading

with loading():
    from shared import log
    from shared.domain.outcome import Kind, Outcome
    from shared.errors import MalformedError, UnfinishedError, WatermarkError
    from shared.events.uploads import read_uploads
    from shared.invocation import Invocation
    from shared.use_cases.submit import submit

if TYPE_CHECKING:
    from shared.events.uploads import UploadEvent


def main_handler(event: object, context: dict[str, Any]) -> dict[str, int]:
    """Deal with every record of a COS event, then raise once if one must be delivered again, or cannot be read.

    Raises:
        WatermarkError: the platform should deliver the event again, and at last keep it in the dead-letter queue. What
            is done or claimed will not be done twice.
    """
    invocation = Invocation(context)
    outcomes: list[Outcome] = []
    try:
        for record in read_uploads(event, invocation.region):
            if outcomes and invocation.time_left() <= 0:
                raise UnfinishedError(
                    f"time ran out after {len(outcomes)} records of the event; it must be delivered again"
                )
            outcomes.append(_submit(record, invocation))
    except WatermarkError as error:
        log.write("submit", log.Level.ERROR, outcome=Kind.FAILED.value, message=str(error))
        raise
    lost = [outcome for outcome in outcomes if outcome.kind is Kind.FAILED]
    if lost:
        raise UnfinishedError(f"{len(lost)} of {len(outcomes)} records are neither done nor claimed") from lost[0].error
    return {kind.value: sum(outcome.kind is kind for outcome in outcomes) for kind in Kind}


def _submit(record: UploadEvent | MalformedError, invocation: Invocation) -> Outcome:
    if isinstance(record, MalformedError):
        log.write("submit", log.Level.ERROR, outcome=Kind.FAILED.value, message=str(record))
        return Outcome(Kind.FAILED, error=record)
    try:
        outcome = submit(record, invocation.settings, lambda: invocation.clients)
    except Exception:  # noqa: BLE001 - a bug that one record brings out must not keep the others from their claims
        log.write("submit", log.Level.ERROR, outcome=Kind.FAILED.value, trace=traceback.format_exc())
        return Outcome(Kind.FAILED)
    log.write("submit", outcome.level, **outcome.as_fields())
    return outcome
