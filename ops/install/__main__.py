"""Installs what a lock names: `python -m ops.install MARK SET [SET]`, with the Python that the environment is for.

`MARK` is the file that says that all is there: `.venv/main/ready` for the set `run`, `.venv/main/tools` for `run dev`,
which is the set `dev` on top of the set `run`. Makefile and `./cos-watermark` call it when a lock is newer than that.
"""

from __future__ import annotations

import io
import sys

from ops.checkout import ROOT
from ops.install.environment import Environment
from ops.install.pip import PipError

_SOLVED = "When that is solved, run the same command again."


def main(mark: str, *sets: str) -> int:
    """Install the sets; gives the exit code."""
    path = ROOT / mark
    environment = Environment(path.parent)
    try:
        environment.bring(path.name, sets)
    except (PipError, OSError) as error:
        sys.stdout.flush()
        sys.stderr.write(f"{error}\n\n{path.parent.relative_to(ROOT)} is not complete: above is why. {_SOLVED}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command begins again.\n")
        return 130
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # A folder's name may have characters that the locale has not.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(main(*sys.argv[1:]))
