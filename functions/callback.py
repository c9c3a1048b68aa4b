"""Entry point of the function that learns how jobs ended, and of the timer that looks after the rest."""

from __future__ import annotations

import dataclasses
import traceback
from functools import cache
from typing import TYPE_CHECKING, Any

from shared.loading import loading

with loading():
    from shared import log
    from shared.domain.outcome import Kind, Outcome
    from shared.errors import MalformedError, UnfinishedError, WatermarkError
    from shared.events.http import answer, answer_outcomes, is_http, read_request
    from shared.events.kinds import is_timer, unexpected
    from shared.events.messages import is_records, read_documents, read_records
    from shared.invocation import TICK, Invocation
    from shared.use_cases.complete import complete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from shared.use_cases.pace import Pace


def main_handler(event: object, context: dict[str, Any]) -> dict[str, object]:
    """Deal with whatever brings news of jobs; the kind of event tells by which channel it came.

    Raises:
        MalformedError: no channel brings this kind of event.
        UnfinishedError: the platform should deliver the messages again; what is done will not be done twice.
    """
    invocation = Invocation(context)
    if is_http(event):
        return _answer(event, invocation)
    if is_timer(event):
        return _tick(invocation)
    if is_records(event):
        return _messages(event, invocation)
    error = unexpected(event, "an HTTP request, timer tick or message", "events/timer/tick.json")
    log.write("callback", log.Level.ERROR, outcome=Kind.FAILED.value, message=str(error))
    raise error


def _answer(event: dict[str, Any], invocation: Invocation) -> dict[str, object]:
    """The answer to a request, whatever happens: for an exception the platform would show strangers the stack trace."""
    try:
        return _callback(event, invocation)
    except WatermarkError as error:
        _tell("callback")(Outcome(Kind.FAILED, error=error))
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
        outcomes = _complete(read_documents(request.body), invocation)
    for outcome in outcomes:
        _tell("callback")(outcome)
    return answer_outcomes(outcomes)


def _messages(event: object, invocation: Invocation) -> dict[str, object]:
    outcomes: list[Outcome] = []
    for document in read_records(event):
        if outcomes and invocation.time_left() <= 0:
            raise UnfinishedError(f"time ran out after {len(outcomes)} callbacks; they must be delivered again")
        came_to = _complete([document], invocation)
        for outcome in came_to:
            _tell("callback")(outcome)
        outcomes += came_to
    unfinished = sum(outcome.unfinished for outcome in outcomes)
    if unfinished:
        raise UnfinishedError(f"{unfinished} of {len(outcomes)} callbacks could not be handled yet")
    return {kind.value: sum(outcome.kind is kind for outcome in outcomes) for kind in Kind}


@cache
def pace() -> Pace:
    """Where the sweeps of this container stand."""
    from shared.use_cases.pace import Pace  # noqa: PLC0415 - as below

    return Pace()


def _tick(invocation: Invocation) -> dict[str, object]:
    from shared.use_cases.tick import Tick  # noqa: PLC0415 - a callback needs none of it

    # The claims come first, for they are what loses nothing; if there is a queue, half of the time is the queue's.
    polls = invocation.settings.has_queue
    reserve = invocation.time_left(TICK) / 2 if polls else 0
    tick = Tick(invocation.clients, pace(), lambda: invocation.time_left(TICK) - reserve, _tell("sweep"))
    tick.run()
    summary = tick.sweep.tally.as_fields()
    if pace().is_worth_a_line(tick.sweep.tally.in_flight, invocation.now()):
        log.write("sweep_done", log.Level.INFO, **summary)
    if polls:
        _poll(invocation)
    return summary


def _poll(invocation: Invocation) -> None:
    from shared.use_cases.poll import Poll  # noqa: PLC0415 - as above

    poll = Poll(
        invocation.queue,
        invocation.settings,
        handle=lambda body: _complete(read_documents(body), invocation),
        tell=_tell("callback"),
        now=invocation.now,
    )
    try:
        poll.run(lambda: invocation.time_left(TICK))
    except WatermarkError as error:
        _tell("poll")(Outcome(Kind.FAILED, error=error))
    log.write("poll_done", log.Level.INFO, **dataclasses.asdict(poll.tally))


def _complete(documents: Iterable[bytes | MalformedError], invocation: Invocation) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for document in documents:
        if isinstance(document, bytes):
            outcomes += complete(document, invocation.settings, lambda: invocation.clients)
        else:
            outcomes.append(Outcome(Kind.FAILED, error=document))
    return outcomes


def _tell(event: str) -> Callable[[Outcome], None]:
    return lambda outcome: log.write(event, outcome.level, **outcome.as_fields())
