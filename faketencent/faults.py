"""Faults on demand: what can go wrong with a call, before or after it took effect.

A fault is ordered for the n-th call from now, for the calls of an operation, or for the calls that a predicate picks:
the next one, the next few, or, with `times=None`, all of them until `clear`. Beside a `Fault` it can be a refusal of
`faketencent/refusals.py`, or a `Pacing`, which makes the reply slow and may come together with another fault.
`KILL_*` ends the running function itself, like the platform's own time-out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from faketencent.errors import ServiceError
from faketencent.pacing import Pacing
from faketencent.refusals import BareReply, Refusal
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


_REFUSALS = {
    Fault.ERROR_500: Refusal(500, "InternalError"),
    Fault.ERROR_503: Refusal(503, "SlowDown"),
    Fault.ERROR_429: Refusal(429, "TooManyRequests"),
    Fault.ERROR_403: Refusal(403, "AccessDenied"),
    Fault.OK_WITH_ERROR: Refusal(200, "InternalError"),
}
Trouble: TypeAlias = Fault | Refusal | BareReply
_Due = TypeVar("_Due")


@dataclass
class _Order(Generic[_Due]):
    due: _Due
    applies: Callable[[Call], bool]
    skip: int
    times: int | None


@dataclass
class Faults:
    """The orders given to one fake cloud."""

    _troubles: list[_Order[Trouble]] = field(default_factory=list)
    _pacings: list[_Order[Pacing]] = field(default_factory=list)

    def at_call(self, n: int, fault: Trouble | Pacing) -> None:
        """Strike the n-th call from now, counted from 0 over all services."""
        self.when(lambda _: True, fault, skip=n)

    def on(self, operation: str, fault: Trouble | Pacing, *, times: int | None = 1, skip: int = 0) -> None:
        """Strike the next `times` calls of one operation, after letting `skip` of them pass."""
        self.when(lambda call: call.route.operation == operation, fault, times=times, skip=skip)

    def when(
        self, applies: Callable[[Call], bool], fault: Trouble | Pacing, *, times: int | None = 1, skip: int = 0
    ) -> None:
        """Strike the next `times` calls that the predicate picks, after letting `skip` of them pass."""
        if isinstance(fault, Pacing):
            self._pacings.append(_Order(fault, applies, skip, times))
        else:
            self._troubles.append(_Order(fault, applies, skip, times))

    def clear(self) -> None:
        """Forget all orders."""
        self._troubles.clear()
        self._pacings.clear()

    def pacing(self, call: Call) -> Pacing | None:
        """How slowly the call's reply is to come, if that was ordered; to be asked once a call."""
        return _due(self._pacings, call)

    def strike(self, call: Call, serve: Callable[[], Reply]) -> Reply:
        """Serve the call with whatever fault is due for it.

        Raises:
            ServiceError: an error that was ordered, for the service to put into its own words.
            NoReplyError, FunctionKilled: an end that was ordered.
        """
        trouble = _due(self._troubles, call)
        if trouble is None:
            return serve()
        if isinstance(trouble, BareReply):
            return _bare(trouble, call)
        if isinstance(trouble, Fault) and trouble not in _REFUSALS:
            return _disturbed(trouble, serve)
        refusal = _REFUSALS[trouble] if isinstance(trouble, Fault) else trouble
        raise ServiceError(refusal.status, refusal.code, refusal.message)


def _due(orders: list[_Order[_Due]], call: Call) -> _Due | None:
    due = None
    for order in list(orders):
        if not order.applies(call):
            continue
        if order.skip > 0:
            order.skip -= 1
        elif due is None:
            due = order.due
            if order.times is not None:
                order.times -= 1
                if order.times == 0:
                    orders.remove(order)
    return due


def _bare(trouble: BareReply, call: Call) -> Reply:
    if call.request.method == "HEAD" or not trouble.body:
        return Reply(trouble.status)
    return Reply(trouble.status, [("Content-Type", trouble.content_type)], trouble.body)


def _disturbed(fault: Fault, serve: Callable[[], Reply]) -> Reply:
    if fault in (Fault.TIMEOUT_BEFORE, Fault.RESET, Fault.KILL_BEFORE):
        raise _end(fault)
    reply = serve()
    if fault is Fault.TRUNCATED:
        return Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2])
    if fault is Fault.MALFORMED:
        return Reply(reply.status, reply.headers, b"<html>\x00<unclosed>" if reply.body else b"")
    raise _end(fault)


def _end(fault: Fault) -> BaseException:
    if fault in (Fault.KILL_BEFORE, Fault.KILL_AFTER):
        return FunctionKilled(fault.value)
    timed_out = fault in (Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER)
    return NoReplyError("timeout" if timed_out else "reset")
