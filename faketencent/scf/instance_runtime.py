"""Plays SCF's Python runtime for one function, with the standard library alone: `… <folder> <handler> [<port>]`.

Reads invocations from standard input, one JSON document a line, and answers each with one on standard output. Does what
tencentyun/scfcli's tcfcli/cmds/native/common/runtime/python3.6/bootstrap.py does: the entry module's name is empty, the
root logger has a handler at DEBUG, standard output is wrapped, and `context["environ"]` becomes the environment.

With a port, every host name leads to that port of this machine: there the fake cloud is all of the world.
"""

from __future__ import annotations

import importlib.util
import io
import json
import logging
import os
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    Handler = Callable[[Any, dict[str, Any]], object]


class _Log:
    """Standard output as a function finds it."""

    def __init__(self) -> None:
        self.text = io.StringIO()

    def write(self, text: str) -> int:
        return self.text.write(text)

    def flush(self) -> None:
        pass


def lead_names_to(port: int) -> None:
    """Have every host name of this process lead to that port of this machine, whatever port is asked for."""
    here, usual = "127.0.0.1", socket.getaddrinfo

    def found(host: Any, *args: Any, **kwargs: Any) -> list[Any]:  # noqa: ANN401 - as the standard library is called
        if host == here:
            return usual(host, *args, **kwargs)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (here, port))]

    socket.getaddrinfo = found


def load(folder: Path, name: str) -> Handler:
    """The handler `file.function`. Raises whatever goes wrong."""
    sys.path.insert(0, str(folder))
    file, _, function = name.partition(".")
    spec = importlib.util.spec_from_file_location("", folder / f"{file}.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {name} from {folder}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    handler: Handler = getattr(module, function)
    return handler


def loaded(folder: Path, name: str) -> Handler:
    """The handler, or one that fails as loading it did."""
    try:
        return load(folder, name)
    except Exception as error:  # noqa: BLE001 - a function that cannot be loaded is a failed run
        failed = error

    def fail(_: object, __: dict[str, Any]) -> object:
        raise failed

    return fail


def invoke(handler: Handler, event: object, context: dict[str, Any]) -> dict[str, str]:
    """What came of one invocation."""
    for pair in context["environ"].split(";"):
        # As there: a value with a `=` in it is more than the runtime can take.
        name, value = pair.split("=", 2)
        os.environ[name] = value
    try:
        return {"result": json.dumps(handler(event, context), ensure_ascii=False)}
    except Exception:  # noqa: BLE001 - whatever the function raises is a failed run
        return {"error": traceback.format_exc()}


def main(folder: str, name: str, port: str = "") -> None:
    """Serve invocations until there are no more."""
    if port:
        lead_names_to(int(port))
    answers = sys.stdout
    log = _Log()
    sys.stdout = cast("TextIO", log)
    logging.root.addHandler(logging.StreamHandler(sys.stdout))
    logging.root.setLevel(logging.DEBUG)
    handler = loaded(Path(folder), name)
    for line in sys.stdin:
        asked = json.loads(line)
        time.time = lambda: asked["now"]  # noqa: B023 - called before the next invocation replaces it
        log.text = io.StringIO()
        answer = invoke(handler, asked["event"], asked["context"])
        answers.write(json.dumps({**answer, "log": log.text.getvalue()}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
