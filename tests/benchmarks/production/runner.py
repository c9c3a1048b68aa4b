"""Runs a function's code in a process of its own, with the standard library alone: `… <folder> <handler> <port>`.

Reads invocations from standard input, one JSON document a line, and answers each with one line: what the handler
returned, what it took, and how many errors it logged. Where a port is given, every host name leads to it: the fake
cloud's.
"""

import importlib
import io
import json
import os
import sys
import time


def main(folder: str, handler: str, port: int) -> None:
    """Serve invocations until there are no more."""
    # In the place of the folder that this file is in.
    sys.path[0] = folder
    if port:
        lead_to(port)
    module, _, name = handler.partition(".")
    function = None
    for line in sys.stdin:
        asked = json.loads(line)
        os.environ.update(asked["environment"])
        sys.stdout = log = io.StringIO()
        began, cpu = time.perf_counter(), time.process_time()
        function = function or getattr(importlib.import_module(module), name)
        returned = function(asked["event"], asked["context"])
        took = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu, **memory()}
        took["errors"] = log.getvalue().count('"level": "ERROR"')
        answers.write(json.dumps({"returned": returned, **took}) + "\n")
        answers.flush()


def lead_to(port: int) -> None:
    """Have every host name lead to this machine."""
    import socket  # noqa: PLC0415 - what calls nothing does not need it

    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    socket.getaddrinfo = resolve  # type: ignore[assignment]


def memory() -> dict[str, int]:
    """Bytes that the process has in memory, now and at most so far."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - `pathlib` would be part of what is measured
        found = dict(line.split(":", 1) for line in status)
    return {"memory": int(found["VmRSS"].split()[0]) * 1024, "peak": int(found["VmHWM"].split()[0]) * 1024}


if __name__ == "__main__":
    answers = sys.stdout
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    # Whatever a process does when it ends, a container that waits does not.
    os._exit(0)
