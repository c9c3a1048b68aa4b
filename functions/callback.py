"""Entry point of the function that learns how jobs ended, and of the timer that looks after the rest."""

from __future__ import annotations

import dataclasses
import traceback
from typing import Any

from shared import log
from shared.domain.outcome import Kind, Outcome
from shared.errors import MalformedError, UnfinishedError, WatermarkError
from shared.events.http import answer, answer_outcomes, is_http, read_request
from shared.events.messages import is_records, read_message, read_records
from shared.invocation import Invocation
from shared.use_cases.complete import complete
from shared.use_cases.poll import Poll
from shared.use_cases.sweep import sweep


def main_handler(event: dict[str, Any], context: dict[str, Any]) -> dict[str, object]:
    """Deal with whatever brings news of jobs; the kind of event tells which door it came through.

    Raises:
        MalformedError: no door knows this kind of event.
        UnfinishedError: the platform should deliver the messages again; what is done will not be done twice.
    """
    invocation = Invocation(context)
    if is_http(event):
        return _answer(event, invocation)
    if event.get("Type") == "Timer":
        return _tick(invocation)
    if is_records(event):
        return _messages(event, invocation)
    raise MalformedError("this event is no HTTP request, timer tick or message; check the function's triggers")


def _answer(event: dict[str, Any], invocation: Invocation) -> dict[str, object]:
    """The answer to a request, whatever happens: for an exception the platform would show strangers the stack trace."""
    try:
        return _callback(event, invocation)
    except WatermarkError as error:
        _tell(Outcome(Kind.FAILED, error=error))
        return answer(503)
    except Exception:  # noqa: BLE001 - see above; the trace goes to the log instead
        log.write("callback", log.Level.ERROR, trace=traceback.format_exc())
        return answer(500)


def _callback(event: dict[str, Any], invocation: Invocation) -> dict[str, object]:
    try:
        request = read_request(event)
    except MalformedError as error:
        outcomes = [Outcome(Kind.FAILED, error=error)]
    else:
        if request.method != "POST":
            return answer(405)
        outcomes = _complete(read_message(request.body), invocation)
    for outcome in outcomes:
        _tell(outcome)
    return answer_outcomes(outcomes)


def _messages(event: dict[str, Any], invocation: Invocation) -> dict[str, object]:
    outcomes: list[Outcome] = []
    for message in read_records(event):
        if outcomes and invocation.time_left() <= 0:
            raise UnfinishedError(f"time ran out after {len(outcomes)} callbacks")
        if isinstance(message, bytes):
            came_to = _complete(message, invocation)
        else:
            came_to = [Outcome(Kind.FAILED, error=message)]
        for outcome in came_to:
            _tell(outcome)
        outcomes += came_to
    unsettled = sum(outcome.unsettled for outcome in outcomes)
    if unsettled:
        raise UnfinishedError(f"{unsettled} of {len(outcomes)} callbacks could not be dealt with yet")
    return {kind.value: sum(outcome.kind is kind for outcome in outcomes) for kind in Kind}


def _tick(invocation: Invocation) -> dict[str, object]:
    if invocation.settings.has_queue:
        _poll(invocation)
    # Where to begin differs from tick to tick, so that a short tick does not always leave the same claims.
    start = f"{int(invocation.now()) * 2654435761 % 2**32:08x}"
    tally = sweep(
        invocation.clients,
        invocation.time_left,
        start,
        lambda outcome: log.write("sweep", outcome.level, **outcome.as_fields()),
    )
    summary = dataclasses.asdict(tally)
    log.write("sweep_done", log.Level.INFO, **summary)
    return summary


def _poll(invocation: Invocation) -> None:
    # Half of the time is the sweep's: it is the one that loses nothing.
    reserve = invocation.time_left() / 2
    poll = Poll(
        invocation.queue,
        invocation.settings,
        handle=lambda body: _complete(read_message(body), invocation),
        tell=_tell,
        now=invocation.now,
    )
    try:
        poll.run(lambda: invocation.time_left() - reserve)
    except WatermarkError as error:
        # Nor does a queue that is out of order keep the sweep from its work.
        outcome = Outcome(Kind.FAILED, error=error)
        log.write("poll", outcome.level, **outcome.as_fields())
    log.write("poll_done", log.Level.INFO, **dataclasses.asdict(poll.tally))


def _complete(document: bytes, invocation: Invocation) -> list[Outcome]:
    return complete(document, invocation.settings, lambda: invocation.clients, invocation.now())


def _tell_sweep(outcome: Outcome) -> None:
    log.write("sweep", outcome.level, **outcome.as_fields())


def _tell(outcome: Outcome) -> None:
    log.write("callback", outcome.level, **outcome.as_fields())
