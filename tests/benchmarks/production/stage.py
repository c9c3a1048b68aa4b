"""The fake cloud in a process of its own, so that what it takes is not counted as anybody else's."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, redirect_stdout
from io import StringIO
from itertools import count
from multiprocessing.managers import BaseManager
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import functions.submit
from faketencent.ci.progression import Progression
from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from faketencent.scf import environment
from faketencent.scf.invocation import Source
from faketencent.server import serve
from faketencent.tls import Authority
from ops.checkout import ROOT
from tests.benchmarks.filling import Claimed, claim
from tests.benchmarks.production.paths import Path
from tests.world import LEDGER, TICK, deploy_on, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable

#: The text of all watermarks here.
TEXT = "Studio-9_2026"
_QUEUE = {"MQ_REGION": "bj", "MQ_NAME": "results", "MQ_POLL_WAIT": "0"}
_HOURS = 5 * 3600
#: How many calls are remembered: those of one path are read at once.
_JOURNAL = 1000
Invocation = dict[str, Any]


class Stage:
    """A deployment that nobody invokes: what the platform would invoke its functions with is handed out instead."""

    def __init__(self) -> None:
        self._stack = stack = ExitStack()
        self._cloud = FakeCloud(WallClock(), journal_size=_JOURNAL)
        self._cloud.ci.backend.progression = Progression.MANUAL
        self._queue = self._cloud.tdmq.backend.create_queue(_QUEUE["MQ_NAME"], _QUEUE["MQ_REGION"])
        # With the right to poll; only who is to poll is told of the queue.
        self._world = deploy_on(self._cloud, timer=False, **_QUEUE)
        self._serial = count(1)
        self._told: dict[str, tuple[Any, dict[str, Any]]] = {}
        for name in ("submit", "callback"):
            self._cloud.scf.backend.update_function(name, handler=self._listener(name))
        # For the job behind a callback: it is submitted in here, and needs no HTTP.
        stack.enter_context(in_process(self._cloud))
        self._authority = Authority(FilePath(stack.enter_context(TemporaryDirectory())))
        self._server = stack.enter_context(serve(self._cloud, authority=self._authority))

    def authority(self) -> bytes:
        """The certificate of the authority that it shows certificates of, as PEM."""
        return self._authority.file.read_bytes()

    def slow_down(self, latency: int) -> None:
        """Have each reply come so many milliseconds later."""
        self._server.listener.latency = latency / 1000

    def hang_up(self) -> None:
        """Close the connections, as COS does after a while."""
        self._server.hang_up()

    def connections(self) -> int:
        """How many there have been."""
        return self._server.counts.connections

    def port(self) -> int:
        """Where it listens."""
        return self._server.port

    def invocation(self, path: Path) -> Invocation:
        """What the function is invoked with on this way: event, context, environment; a new one each time."""
        if path is Path.VIDEO:
            return self._uploaded()
        if path is Path.CALLBACK:
            return self._ended()
        if path is Path.SKIP:
            return self._made("submit", json.loads((ROOT / "events/upload/not-a-video.json").read_text()))
        if path is Path.FORGED:
            return self._made("callback", _forged())
        for name in self._world.claims:
            self._cloud.cos.backend.delete(LEDGER, name)
        return self.tick(queue=path is Path.EMPTY_QUEUE)

    def tick(self, *, queue: bool) -> Invocation:
        """What the timer invokes its function with, where a queue is polled or not."""
        return self._made("callback", TICK, queue=queue)

    def fill_ledger(self, claims: int) -> None:
        """Claims that are hours old, whose jobs go on."""
        with patch.object(self._cloud.clock, "now", lambda: time.time() - _HOURS):
            claim(self._world, range(claims), Claimed.LIVE)

    def fill_queue(self, messages: int, size: int) -> None:
        """Messages that are no callbacks."""
        self._queue.send(*["x" * size] * messages)

    def left_in_queue(self) -> int:
        """How many messages nobody has dealt with."""
        return len(self._queue)

    def calls(self) -> list[str]:
        """The operations since they were asked for last."""
        made = self._cloud.operations()
        self._cloud.journal.clear()
        return made

    def _listener(self, name: str) -> Callable[[Any, dict[str, Any]], object]:
        def listen(event: Any, context: dict[str, Any]) -> object:  # noqa: ANN401 - whatever the platform tells
            self._told[name] = event, context
            return {"statusCode": 200, "headers": {}, "body": ""}

        return listen

    def _uploaded(self) -> Invocation:
        self._cloud.settle()
        key = f"{next(self._serial)}.mp4"
        self._world.upload(key, marked_video(TEXT, salt=key))
        self._cloud.settle()
        return _invocation(*self._told["submit"])

    def _ended(self) -> Invocation:
        uploaded = self._uploaded()
        with environment.PROCESS.of(uploaded["environment"]), redirect_stdout(StringIO()):
            functions.submit.main_handler(uploaded["event"], uploaded["context"])
        self._cloud.ci.backend.finish(self._world.jobs[-1].id)
        self._cloud.settle()
        return _invocation(*self._told["callback"])

    def _made(self, name: str, event: object, *, queue: bool = False) -> Invocation:
        function = self._cloud.scf.backend.function(name)
        found = environment.variables(self._cloud, function, Source.COS)
        return _invocation(event, environment.context(self._cloud, function, "1", found), queue=queue)


def _invocation(event: object, context: dict[str, Any], *, queue: bool = False) -> Invocation:
    unknown = () if queue else {f"WATERMARK_{name}" for name in _QUEUE}
    found = {name: value for name, value in json.loads(context["environment"]).items() if name not in unknown}
    return {"event": event, "context": context, "environment": found}


def _forged() -> dict[str, object]:
    job = {"JobId": "j1", "Input": {"BucketId": "b-1", "Object": "a.mp4"}, "Operation": {"UserData": "w2.forged"}}
    return {"httpMethod": "POST", "headers": {}, "body": json.dumps({"JobsDetail": job})}


class Stages(BaseManager):
    """Makes a stage in a process of its own."""

    if TYPE_CHECKING:

        def Stage(self) -> Stage:  # noqa: N802 - as it is registered
            """A stage, at a distance."""


Stages.register("Stage", Stage)
