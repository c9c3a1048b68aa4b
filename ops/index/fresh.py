"""The index as commands use it: opened, and brought up to date with the ledger first."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from ops.index.index import open_index
from ops.index.ledger import LedgerIndex
from ops.plain import plain
from ops.progress import follower

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.access import Access
    from ops.index.index import Index

#: How many names of what is not ours are shown.
_SHOWN = 3


def index_file(access: Access) -> Path:
    """Where the deployment's index lies."""
    return access.state / "index.sqlite"


@contextmanager
def fresh_index(access: Access, *, quiet: bool, complete: bool = False) -> Iterator[Index]:
    """The index, up to date; `complete` has the records of all days listed.

    Raises:
        CloudError, IndexFileError: what was read so far stays.
    """
    stray: list[str] = []
    with open_index(index_file(access)) as index:
        LedgerIndex(access, index, follower(quiet=quiet), stray.append).update(complete=complete)
        if stray and not quiet:
            names = ", ".join(plain(name) for name in sorted(stray)[:_SHOWN])
            more = f" and {len(stray) - _SHOWN} more" if len(stray) > _SHOWN else ""
            typer.echo(
                f"! Left out: content does not fit the name, or is of a newer version of this program: {names}{more}",
                err=True,
            )
        yield index
