"""Many calls that wait for the network, some at a time; results come in the order of what is asked."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")
#: Fewer than the connections that `requests` keeps open for one host (10), so that none is opened for one call.
WORKERS = 8
#: How far the fastest call may be ahead of the slowest, per worker: memory stays flat.
_AHEAD = 4


def in_parallel(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What `work` makes of each item. What it raises is raised here, in its turn; calls that have begun end first."""
    if WORKERS == 1:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(WORKERS)
    running: deque[Future[R]] = deque()
    try:
        for item in items:
            running.append(pool.submit(work, item))
            if len(running) >= WORKERS * _AHEAD:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
