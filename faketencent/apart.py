"""The fake cloud in a process of its own, so that the time it takes is not its client's: for benchmarks.

    with served_apart(folder, latency=0.02) as apart, names_lead_to(apart.port):
        secret = apart.run(prepare)       # in that process: `prepare(cloud, server)`; what it returns comes back
        ...
        apart.run(hang_up)

What is run there, its arguments and what it returns are pickled, so it is a function of a module.
"""

from __future__ import annotations

import multiprocessing
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.server import Server, serve
from faketencent.tls import Authority

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

P = ParamSpec("P")
T = TypeVar("T")


class ApartError(Exception):
    """What was run in the cloud's process failed there; the text is its stack trace."""


@dataclass(frozen=True)
class Apart:
    """The cloud's process, from outside."""

    port: int
    authority: Path
    _pipe: Connection

    def run(self, action: Callable[Concatenate[FakeCloud, Server, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call it there, with the cloud and its server in front of these arguments."""
        self._pipe.send((action, args, kwargs))
        failed, outcome = self._pipe.recv()
        if failed:
            raise ApartError(outcome)
        result: T = outcome
        return result


@contextmanager
def served_apart(folder: Path, latency: float = 0) -> Iterator[Apart]:
    """Serve an empty cloud, with the machine's own time; `folder` gets the file of the authority that clients trust."""
    # A fork would have this process's threads' locks, and none of the threads.
    spawning = multiprocessing.get_context("spawn")
    ours, its = spawning.Pipe()
    process = spawning.Process(target=_play, args=(its, folder, latency), daemon=True)
    process.start()
    its.close()
    try:
        port, authority = ours.recv()
        yield Apart(port, authority, ours)
    finally:
        ours.close()
        process.join()


def _play(pipe: Connection, folder: Path, latency: float) -> None:
    cloud, authority = FakeCloud(WallClock()), Authority(folder)
    with serve(cloud, authority=authority, latency=latency) as server:
        pipe.send((server.port, authority.file))
        try:
            while True:
                pipe.send(_outcome(cloud, server, *pipe.recv()))
        except EOFError:
            return


def _outcome(cloud: FakeCloud, server: Server, action: Any, args: Any, kwargs: Any) -> tuple[bool, Any]:  # noqa: ANN401 - whatever the other process wants
    try:
        return False, action(cloud, server, *args, **kwargs)
    except Exception:  # noqa: BLE001 - it is raised again where it was asked for
        return True, traceback.format_exc()
