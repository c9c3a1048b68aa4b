"""Instances of deployed functions: each a process of its own, with nothing but the zip.

    with serve(cloud) as server, instances(cloud, server.url, {"WATERMARK_SCHEME": "http"}):
        ...                                   # what is deployed from now on runs in processes

They reach the world through the server alone. Given its URL, they use it as their proxy for plain HTTP, and a function
has to be told to speak that. Given `Direct`, they speak TLS as they do in production, to what they take for the world:

    authority = Authority(folder)
    with serve(cloud, authority=authority) as server, instances(cloud, Direct(server.port, authority.file)):
        ...
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faketencent.scf.code import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from faketencent.cloud import FakeCloud
    from faketencent.scf.function import Handler

_RUNTIME = Path(__file__).with_name("instance_runtime.py")


class FunctionError(Exception):
    """The function raised; the text is its stack trace."""


class InstanceEndedError(Exception):
    """The process ended in the middle of a run."""


@dataclass(frozen=True)
class Direct:
    """The way to a server without a proxy: every host name leads to its port, and its authority is trusted."""

    port: int
    authority: Path


@contextmanager
def instances(
    cloud: FakeCloud, way: str | Direct, variables: Mapping[str, str] | None = None, python: Path | None = None
) -> Iterator[None]:
    """Run what is deployed meanwhile in processes, with these variables beside the function's own.

    `way` is how they reach the server: its URL, or `Direct`. `python` is the functions' Python; left out, it is the one
    that runs this.
    """
    loader, before = _Loader(cloud, way, variables or {}, python or Path(sys.executable)), cloud.scf.backend.load
    cloud.scf.backend.load = loader
    try:
        with loader.running:
            yield
    finally:
        cloud.scf.backend.load = before


@contextmanager
def instance(
    python: Path,
    folder: Path,
    handler: str,
    way: str | Direct,
    now: Callable[[], float],
    variables: Mapping[str, str] | None = None,
) -> Iterator[Handler]:
    """Start an instance; what it gives is called like the handler."""
    # -I and -S: neither variables nor packages of this machine; -B as on the platform, which sets its variable.
    command = [str(python), "-I", "-S", "-B", str(_RUNTIME), str(folder), handler]
    if isinstance(way, Direct):
        command.append(str(way.port))
    environment = {"PATH": os.environ["PATH"], **_environment(way), **(variables or {})}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:  # noqa: S603 - nothing from outside
        if process.stdin is None or process.stdout is None:
            raise InstanceEndedError(handler)
        requests, answers = process.stdin, process.stdout

        def call(event: object, context: dict[str, Any]) -> object:
            requests.write(json.dumps({"event": event, "context": context, "now": now()}) + "\n")
            requests.flush()
            line = answers.readline()
            if not line:
                raise InstanceEndedError(handler)
            answer = json.loads(line)
            sys.stdout.write(answer["log"])
            if "error" in answer:
                raise FunctionError(answer["error"])
            return json.loads(answer["result"])

        yield call
        requests.close()


def _environment(way: str | Direct) -> dict[str, str]:
    if isinstance(way, Direct):
        # `requests` knows the one, the standard library the other.
        return dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), str(way.authority))
    return {"HTTP_PROXY": way, "HTTPS_PROXY": way}


class _Loader:
    """Makes handlers; everything that it started ends with `running`."""

    def __init__(self, cloud: FakeCloud, way: str | Direct, variables: Mapping[str, str], python: Path) -> None:
        self.running = ExitStack()
        self._cloud = cloud
        self._way = way
        self._variables = variables
        self._python = python

    def __call__(self, archive: bytes, entry: str) -> Handler:
        return _Pool(partial(self._start, cache(partial(self._unpack, archive)), entry))

    def _unpack(self, archive: bytes) -> Path:
        folder = unpack(archive)
        self.running.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def _start(self, folder: Callable[[], Path], entry: str) -> Handler:
        now = self._cloud.clock.now
        return self.running.enter_context(instance(self._python, folder(), entry, self._way, now, self._variables))


class _Pool:
    """The instances of one function: one that is free is used again, else there is another."""

    def __init__(self, start: Callable[[], Handler]) -> None:
        self._start = start
        self._free: list[Handler] = []

    def __call__(self, event: object, context: dict[str, Any]) -> object:
        try:
            chosen = self._free.pop()
        except IndexError:
            chosen = self._start()
        try:
            result = chosen(event, context)
        except FunctionError:
            self._free.append(chosen)
            raise
        self._free.append(chosen)
        return result
