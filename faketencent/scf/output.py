"""What a function prints and logs, kept apart for each invocation.

The runtime wraps both output streams and gives the root logger a handler at DEBUG before it loads the function
(tencentyun/scfcli, tcfcli/cmds/native/common/runtime/python3.6/bootstrap.py): `logging.basicConfig` does nothing
there, and whatever a library logs at DEBUG is in the function's log. Threads that a function starts are not followed.
"""

from __future__ import annotations

import io
import logging
import sys
import threading
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_log: ContextVar[io.StringIO | None] = ContextVar("log of the running invocation", default=None)


class _Stream:
    """Stands in for stdout and stderr: to the log inside an invocation, past it elsewhere."""

    def __init__(self, outside: TextIO) -> None:
        self._outside = outside

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the wrapped stream has
        return getattr(self._outside, name)

    def write(self, text: str) -> int:
        return (_log.get() or self._outside).write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)


class _LogHandler(logging.Handler):
    """Writes log records into the log of the invocation that made them."""

    def emit(self, record: logging.LogRecord) -> None:
        log = _log.get()
        if log is not None:
            log.write(self.format(record) + "\n")


class _Process:
    """The streams and the root logger of this process, changed while any invocation runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._changes = ExitStack()

    def enter(self) -> None:
        with self._lock:
            self._running += 1
            if self._running == 1:
                self._changes = _changes()

    def leave(self) -> None:
        with self._lock:
            self._running -= 1
            if self._running == 0:
                self._changes.close()


def _changes() -> ExitStack:
    handler = _LogHandler()
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(cast("TextIO", _Stream(sys.stdout))))
        stack.enter_context(redirect_stderr(cast("TextIO", _Stream(sys.stderr))))
        stack.callback(logging.root.setLevel, logging.root.level)
        logging.root.setLevel(logging.DEBUG)
        stack.callback(logging.root.removeHandler, handler)
        logging.root.addHandler(handler)
        return stack.pop_all()


_PROCESS = _Process()


@contextmanager
def captured() -> Iterator[io.StringIO]:
    """Collect what this thread prints and logs."""
    log = io.StringIO()
    _PROCESS.enter()
    token = _log.set(log)
    try:
        yield log
    finally:
        _log.reset(token)
        _PROCESS.leave()
