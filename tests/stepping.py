"""Several functions at once, stepped through call by call: threads of which only one runs at a time.

    with Stepping(world.cloud) as steps:
        first, second = steps.start(run_one), steps.start(run_other)
        first.go(calls=3)      # up to its fourth call, which waits
        second.go()            # to its end
        first.go()

Nothing depends on timing: whoever holds the baton runs until it has made its calls, everybody else waits. What the
platform does to a function that is out of time comes after the wait, so that it finds the time as it is then.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from faketencent.faults import FunctionKilled

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.cloud import FakeCloud
    from faketencent.routes import Call

#: Seconds after which a wait is a deadlock: a mistake in the test, reported instead of hanging.
_PATIENCE = 60


def _nothing() -> None:
    pass


class Runner:
    """One action in a thread of its own; it runs only inside `go`.

    `made` counts its calls, `pending` is the one that waits.
    """

    def __init__(self, action: Callable[[], object]) -> None:
        self._action = action
        self._calls: int | None = 0
        self._between: Callable[[], None] = _nothing
        self._error: BaseException | None = None
        self._may_run = _closed()
        self._has_stopped = _closed()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._abandoned = False
        self._is_first = True
        self.finished = False
        self.made = 0
        self.pending: Call | None = None
        self._thread.start()

    def go(self, calls: int | None = None, between: Callable[[], None] = _nothing) -> None:
        """Let it make that many calls, to the point right before the next; without a number, run to its end.

        `between` is done after each call but the last, in the runner's own thread: that saves two changes of threads.

        Raises:
            BaseException: what the action raised, or `between`.
        """
        if self.finished:
            return
        self._calls, self._between, self._is_first = calls, between, True
        self._may_run.release()
        if not self._has_stopped.acquire(timeout=_PATIENCE):
            raise TimeoutError("the action neither ended nor made a call")
        if self._error:
            raise self._error

    def abandon(self) -> None:
        """Let it end without any further call, whatever comes of it."""
        self._abandoned = True
        if not self.finished:
            self._calls = None
            self._may_run.release()
            self._thread.join(_PATIENCE)

    def is_current(self) -> bool:
        """Whether the caller is this runner's own thread."""
        return threading.current_thread() is self._thread

    def before_call(self, call: Call) -> None:
        """Wait here, in the runner's own thread, unless the call is one of those it may make."""
        if self._calls == 0:
            self._wait(call)
        elif not self._is_first:
            self._look_around(call)
        if self._abandoned:
            raise FunctionKilled("abandoned")
        if self._calls is not None:
            self._calls -= 1
        self.made += 1
        self._is_first = False

    def _wait(self, call: Call) -> None:
        self.pending = call
        self._pause()
        self.pending = None

    def _look_around(self, call: Call) -> None:
        try:
            self._between()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits in `go`, past the action
            self._error = error
            self._wait(call)

    def _pause(self) -> None:
        self._has_stopped.release()
        self._may_run.acquire()

    def _run(self) -> None:
        self._may_run.acquire()
        try:
            self._action()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits in `go`
            self._error = error
        self.finished = True
        self._has_stopped.release()


class Stepping(AbstractContextManager["Stepping"]):
    """The runners of one cloud; at the end, all that are still on their way are let run, or abandoned if it failed."""

    def __init__(self, cloud: FakeCloud) -> None:
        self._cloud = cloud
        self._runners: list[Runner] = []

    def __enter__(self) -> Stepping:
        self._cloud.watchers.insert(0, self._watch)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            for runner in self._runners:
                if kind is None:
                    runner.go()
        finally:
            for runner in self._runners:
                runner.abandon()
            self._cloud.watchers.remove(self._watch)

    def start(self, action: Callable[[], object]) -> Runner:
        """Prepare an action; it does nothing before its first `go`."""
        self._runners.append(Runner(action))
        return self._runners[-1]

    def _watch(self, call: Call) -> None:
        for runner in self._runners:
            if runner.is_current():
                runner.before_call(call)


def _closed() -> threading.Lock:
    """A gate: whoever acquires it waits until somebody releases it."""
    gate = threading.Lock()
    gate.acquire()
    return gate
