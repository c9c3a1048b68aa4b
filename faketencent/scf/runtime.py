"""Runs a handler the way the Python runtime does: JSON in, JSON out, and everything that ends a run early."""

from __future__ import annotations

import itertools
import json
import sys
import traceback
import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from faketencent.faults import FunctionKilled
from faketencent.scf import environment, limits
from faketencent.scf.invocation import Invocation, Outcome, Source, StatusCode
from faketencent.scf.output import captured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cloud import FakeCloud
    from faketencent.routes import Call
    from faketencent.scf.function import Function, Handler

#: When the function that runs in this thread is killed; unset outside of one.
_deadline: ContextVar[float | None] = ContextVar("deadline of the running invocation", default=None)


class Runtime:
    """The instances of one cloud. No lock is held while a handler runs: two may run at once."""

    def __init__(self, cloud: FakeCloud) -> None:
        self._cloud = cloud
        self._serial = itertools.count(1)
        cloud.watchers.append(self._end_with_the_function)

    def run(self, function: Function, payload: str, source: Source) -> Invocation:
        """Run the function once on an event given as JSON text."""
        request_id = str(uuid.UUID(int=next(self._serial)))
        found = environment.variables(self._cloud, function, source)
        context = environment.context(self._cloud, function, request_id, found)
        started = self._cloud.clock.now()
        with environment.PROCESS.of(found), captured() as log, _until(started + function.timeout):
            outcome = _outcome(function.handler, json.loads(payload), context)
        duration = self._cloud.clock.now() - started
        if duration > function.timeout:
            outcome = _timed_out(function.timeout)
        event = json.loads(payload)
        return Invocation(request_id, function.name, source, event, started, duration, outcome, log.getvalue())

    def _end_with_the_function(self, _: Call) -> None:
        """Let no call of a function take effect once its time is up, nor what it still tries while it is killed.

        A killed process runs no `finally` and closes no context manager; here they run, but reach nothing.
        """
        deadline = _deadline.get()
        if deadline is None:
            return
        if self._cloud.clock.now() > deadline:
            raise FunctionKilled("out of time")
        error = sys.exc_info()[1]
        while error is not None:
            if isinstance(error, FunctionKilled):
                raise FunctionKilled(str(error))
            error = error.__context__


@contextmanager
def _until(deadline: float) -> Iterator[None]:
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


def _outcome(handler: Handler, event: object, context: dict[str, Any]) -> Outcome:
    try:
        text = json.dumps(handler(event, context), ensure_ascii=False)
        size = len(text.encode())
    except FunctionKilled as end:
        return Outcome(StatusCode.TIME_LIMIT_REACHED, error=str(end))
    except SystemExit as end:
        return Outcome(StatusCode.CONTAINER_EXITED, error=f"ContainerStateExited: {end.code}")
    except Exception as error:  # noqa: BLE001 - whatever the function raises is a failed run
        return Outcome(StatusCode.USER_CODE_EXCEPTION, error=_stack_trace(error))
    if size > limits.RESPONSE:
        return Outcome(StatusCode.RESPONSE_TOO_LARGE, error="body size is too long")
    return Outcome(StatusCode.SUCCESS, result=json.loads(text))


def _timed_out(timeout: int) -> Outcome:
    return Outcome(StatusCode.TIME_LIMIT_REACHED, error=f"Invoking task timed out after {timeout} seconds")


def _stack_trace(error: Exception) -> str:
    """The trace without the runtime's own frame, as the platform shows it."""
    below = error.__traceback__.tb_next if error.__traceback__ else None
    return "".join(traceback.format_exception(type(error), error, below)).rstrip()
