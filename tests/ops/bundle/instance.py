"""One instance of a deployed function: a process of its own, with nothing but the bundle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faketencent.server import serve
from tests.world import World, deployed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.scf.function import Handler

_RUNTIME = Path(__file__).with_name("scf_runtime.py")


class FunctionError(Exception):
    """The function raised; the text is its stack trace."""


@contextmanager
def instance(python: Path, folder: Path, handler: str, proxy: str, now: Callable[[], float]) -> Iterator[Handler]:
    """Start an instance; what it gives is called like the handler. It reaches the world through `proxy` alone."""
    # -I and -S: neither variables nor packages of this machine; -B as on the platform, which sets its variable.
    command = [str(python), "-I", "-S", "-B", str(_RUNTIME), str(folder), handler]
    environment = {"PATH": os.environ["PATH"], "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:  # noqa: S603 - nothing from outside
        assert process.stdin is not None
        assert process.stdout is not None
        requests, answers = process.stdin, process.stdout

        def call(event: dict[str, Any], context: dict[str, Any]) -> object:
            requests.write(json.dumps({"event": event, "context": context, "now": now()}) + "\n")
            requests.flush()
            answer = json.loads(answers.readline())
            sys.stdout.write(answer["log"])
            if "error" in answer:
                raise FunctionError(answer["error"])
            return json.loads(answer["result"])

        yield call
        requests.close()


@contextmanager
def deployed_bundle(python: Path, folder: Path, **settings: str) -> Iterator[World]:
    """The deployment of `tests.world` with both functions run from the bundle, over real HTTP."""
    with deployed(timer=True, SCHEME="http", **settings) as world, serve(world.cloud) as server:
        now = world.cloud.clock.now
        with (
            instance(python, folder, "submit.main_handler", server.url, now) as submit,
            instance(python, folder, "callback.main_handler", server.url, now) as callback,
        ):
            world.cloud.scf.backend.update_function("submit", handler=submit)
            world.cloud.scf.backend.update_function("callback", handler=callback)
            yield world
