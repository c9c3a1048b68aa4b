"""Events that nobody waits for: run later, retried after an error, given up in the end.

https://cloud.tencent.com/document/product/583/41138: after an error of the function, the same event is run again
twice, a minute apart; then it goes to the dead-letter queue, or is dropped. While there is no concurrency left for the
function, the event is tried each minute for as long as it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from faketencent.scf import limits
from faketencent.scf.dead_letter import DeadLetter, dead_letter
from faketencent.scf.function import AfterRetries
from faketencent.scf.invocation import Status, StatusCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.cloud import FakeCloud
    from faketencent.scf.function import Function
    from faketencent.scf.invocation import Invocation, Source
    from faketencent.scf.models import ScfBackend

RETRY_INTERVAL = 60.0


@dataclass(frozen=True)
class _Waiting:
    """An event on its way to a function, as JSON text; `since` is in seconds since 1970."""

    function: str
    payload: str
    source: Source
    since: float


class AsyncQueue:
    """The events on their way to the functions of one cloud."""

    def __init__(self, cloud: FakeCloud, backend: ScfBackend, run: Callable[[str, str, Source], Invocation]) -> None:
        self._cloud = cloud
        self._backend = backend
        self._run = run
        self.dead_letters: list[DeadLetter] = []

    def put(self, function: str, event: object, source: Source) -> None:
        """Have the function run on the event as soon as this moment's work is done.

        Raises:
            EventTooLargeError: more than 128 KB of JSON.
        """
        waiting = _Waiting(function, limits.serialized(event, limits.ASYNC_EVENT), source, self._cloud.clock.now())
        self._cloud.clock.call_later(0, lambda: self._attempt(waiting, retry=0))

    def _attempt(self, event: _Waiting, *, retry: int) -> None:
        function = self._backend.functions.find(event.function)
        if function is None or not function.state.runs:
            # Assumed: what comes for a function that was deleted is dropped.
            return
        run = self._run(event.function, event.payload, event.source)
        if run.status is Status.SUCCEEDED:
            return
        if self._waits(run, event, function):
            self._later(event, retry)
        elif run.outcome.code is not StatusCode.RESOURCE_LIMIT and retry < function.retries:
            self._later(event, retry + 1)
        elif function.after_retries is AfterRetries.DEAD_LETTER:
            account = {"appid": self._cloud.appid, "uin": self._cloud.cam.uin}
            self.dead_letters.append(dead_letter(function, run, event.payload, retries=retry, **account))

    def _waits(self, run: Invocation, event: _Waiting, function: Function) -> bool:
        next_time = self._cloud.clock.now() + RETRY_INTERVAL
        return run.outcome.code is StatusCode.RESOURCE_LIMIT and next_time <= event.since + function.message_ttl

    def _later(self, event: _Waiting, retry: int) -> None:
        self._cloud.clock.call_later(RETRY_INTERVAL, lambda: self._attempt(event, retry=retry))
