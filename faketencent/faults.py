"""Faults on demand: what can go wrong with a call, before or after it took effect.

A fault is ordered for the n-th call from now, or for the next call of an operation, and strikes once
unless told otherwise. `KILL_*` ends the running function itself, like the platform's own time-out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.errors import ServiceError
from faketencent.wire import NoReplyError, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.routes import Call


class FunctionKilled(BaseException):
    """The platform ended the function in the middle of a call."""


class Fault(Enum):
    """What happens to one call."""

    TIMEOUT_BEFORE = "time-out before the effect"
    TIMEOUT_AFTER = "time-out after the effect"
    RESET = "connection reset before the effect"
    RESET_AFTER = "connection reset after the effect"
    ERROR_500 = "500 InternalError"
    ERROR_503 = "503 SlowDown"
    ERROR_429 = "429 TooManyRequests"
    ERROR_403 = "403 AccessDenied"
    OK_WITH_ERROR = "200 with an error body"
    TRUNCATED = "truncated body after the effect"
    MALFORMED = "malformed body after the effect"
    KILL_BEFORE = "function killed before the effect"
    KILL_AFTER = "function killed after the effect"


_ERRORS = {
    Fault.ERROR_500: (500, "InternalError"),
    Fault.ERROR_503: (503, "SlowDown"),
    Fault.ERROR_429: (429, "TooManyRequests"),
    Fault.ERROR_403: (403, "AccessDenied"),
    Fault.OK_WITH_ERROR: (200, "InternalError"),
}


@dataclass
class _Order:
    fault: Fault
    applies: Callable[[Call], bool]
    skip: int
    times: int


@dataclass
class Faults:
    """The orders given to one fake cloud."""

    _orders: list[_Order] = field(default_factory=list)

    def at_call(self, n: int, fault: Fault) -> None:
        """Strike the n-th call from now, counted from 0 over all services."""
        self._orders.append(_Order(fault, lambda _: True, skip=n, times=1))

    def on(self, operation: str, fault: Fault, *, times: int = 1, skip: int = 0) -> None:
        """Strike the next `times` calls of one operation, after letting `skip` of them pass."""
        self._orders.append(_Order(fault, lambda call: call.route.operation == operation, skip, times))

    def when(self, applies: Callable[[Call], bool], fault: Fault, *, times: int = 1, skip: int = 0) -> None:
        """Strike the next `times` calls that the predicate picks."""
        self._orders.append(_Order(fault, applies, skip, times))

    def clear(self) -> None:
        """Forget all orders."""
        self._orders.clear()

    def strike(self, call: Call, serve: Callable[[], Reply]) -> Reply:
        """Serve the call with whatever fault is due for it.

        Raises:
            ServiceError: an error that was ordered, for the service to put into its own words.
            NoReplyError, FunctionKilled: an end that was ordered.
        """
        fault = self._due(call)
        if fault is None:
            return serve()
        if fault in _ERRORS:
            raise ServiceError(*_ERRORS[fault], "ordered by a test")
        if fault in (Fault.TIMEOUT_BEFORE, Fault.RESET, Fault.KILL_BEFORE):
            raise _end(fault)
        reply = serve()
        if fault is Fault.TRUNCATED:
            return Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2])
        if fault is Fault.MALFORMED:
            return Reply(reply.status, reply.headers, b"<html>\x00<unclosed>" if reply.body else b"")
        raise _end(fault)

    def _due(self, call: Call) -> Fault | None:
        due = None
        for order in list(self._orders):
            if not order.applies(call):
                continue
            if order.skip > 0:
                order.skip -= 1
            elif due is None:
                due = order.fault
                order.times -= 1
                if order.times == 0:
                    self._orders.remove(order)
        return due


def _end(fault: Fault) -> BaseException:
    if fault in (Fault.KILL_BEFORE, Fault.KILL_AFTER):
        return FunctionKilled(fault.value)
    timed_out = fault in (Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER)
    return NoReplyError("timeout" if timed_out else "reset")
