"""How commands end: by their exit code, and with one or two plain lines instead of a trace."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

import typer

from ops.bundle.errors import BundleError
from ops.errors import IndexFileError, StillPausedError
from ops.plain import plain
from ops.tencent import api
from ops.tracing import shown
from shared.errors import CloudError, ConfigurationError, WatermarkError
from shared.log import silence_sdk

if TYPE_CHECKING:
    from collections.abc import Iterator


class Code(IntEnum):
    """The exit codes of all commands."""

    DONE = 0
    #: Something is left to do.
    TO_DO = 1
    #: Wrong use, or a wrong file; nothing was changed.
    WRONG = 2
    #: The cloud did not answer, or refused; or what a command remembers cannot be read.
    UNSEEN = 3
    #: Stopped by Ctrl-C; the same command goes on from there.
    STOPPED = 130


@contextmanager
def in_words(*, debug: bool = False, stopped: str = "the same command continues") -> Iterator[None]:
    """Run a command, and say in words what went wrong; with `debug` each call is shown.

    `stopped` is said after Ctrl-C. The SDKs, whose logs show secrets, are silent all the same.
    """
    silence_sdk()
    api.silence()
    try:
        with shown(debug=debug):
            yield
    except ConfigurationError as error:
        raise _end(str(error), Code.WRONG) from error
    except (CloudError, IndexFileError, StillPausedError) as error:
        raise _end(str(error), Code.UNSEEN) from error
    except (WatermarkError, BundleError) as error:
        raise _end(str(error), Code.TO_DO) from error
    except OSError as error:
        # A reader that closed the pipe, as `head` does, reads no more.
        if error.errno == errno.EPIPE:
            raise
        what = error.filename or "what is printed"
        raise _end(f"{what} cannot be read or written ({error.strerror or error})", Code.UNSEEN) from error
    except KeyboardInterrupt as error:
        raise _end(f"stopped; {stopped}", Code.STOPPED) from error


def _end(text: str, code: Code) -> typer.Exit:
    for line in text.splitlines():
        typer.echo(plain(line), err=True)
    return typer.Exit(code)
