"""Events that nobody waits for: run later, retried after an error, given up in the end.

https://cloud.tencent.com/document/product/583/41138: after an error of the function, the same event is run again
twice, a minute apart; then it goes to the dead-letter queue, or is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.scf import limits
from faketencent.scf.dead_letter import DeadLetter, dead_letter
from faketencent.scf.function import AfterRetries
from faketencent.scf.invocation import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.cloud import FakeCloud
    from faketencent.scf.invocation import Invocation, Source
    from faketencent.scf.models import ScfBackend

RETRY_INTERVAL = 60.0


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
        payload = limits.serialized(event, limits.ASYNC_EVENT)
        self._cloud.clock.call_later(0, lambda: self._attempt(function, payload, source, retry=0))

    def _attempt(self, name: str, payload: str, source: Source, *, retry: int) -> None:
        run = self._run(name, payload, source)
        if run.status is Status.SUCCEEDED:
            return
        function = self._backend.function(name)
        if retry < function.retries:
            self._cloud.clock.call_later(RETRY_INTERVAL, lambda: self._attempt(name, payload, source, retry=retry + 1))
        elif function.after_retries is AfterRetries.DEAD_LETTER:
            account = {"appid": self._cloud.appid, "uin": self._cloud.cam.uin}
            self.dead_letters.append(dead_letter(function, run, payload, retries=retry, **account))
