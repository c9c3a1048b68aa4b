"""`--debug`: which calls a command makes, and how each ends. Never what is sent or answered: both can hold secrets."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ops.plain import plain
from shared.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Our own logger: those of the SDKs show keys and tokens, and stay silent.
_LOG = logging.getLogger("cos-watermark.calls")


@contextmanager
def shown(*, debug: bool) -> Iterator[None]:
    """A line for each call on standard error, if somebody wants to know."""
    if not debug:
        yield
        return
    handler = logging.StreamHandler(sys.stderr)
    level, spreads = _LOG.level, _LOG.propagate
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.DEBUG)
    _LOG.propagate = False
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        _LOG.setLevel(level)
        _LOG.propagate = spreads


@contextmanager
def traced(call: str) -> Iterator[Callable[[str], None]]:
    """Note how a call ends; what it gives is to be told the request id of a success."""
    ids: list[str] = []
    try:
        yield ids.append
    except CloudError as error:
        _note(call, error.cause.code or str(error.cause.status or type(error).__name__), error.cause.request_id)
        raise
    _note(call, "ok", *ids)


def _note(call: str, end: str, *ids: str) -> None:
    line = " ".join((f"{call}:", end, *(f"(request id {one})" for one in ids if one)))
    _LOG.debug("%s", plain(line))
