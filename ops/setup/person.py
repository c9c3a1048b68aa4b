"""What turns out, while it is done, to need a person."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ops.tencent.refusals import is_denied
from shared.errors import BlockedError, RejectedError, WatermarkError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: CI's word for its service role, which a person makes.
_NO_ROLE = "CIRoleNotExist"


class PersonNeededError(WatermarkError):
    """Only a person can do this; `link` is where."""

    def __init__(self, text: str, link: str) -> None:
        super().__init__(f"{text}: {link}")
        self.text = text
        self.link = link


@contextmanager
def or_by_hand(text: str, link: str) -> Iterator[None]:
    """Have a person do it where the service refuses to be asked by a program, or by these credentials.

    Raises:
        PersonNeededError: it does.
    """
    try:
        yield
    except (BlockedError, RejectedError) as error:
        if isinstance(error, BlockedError) and not (is_denied(error) or error.cause.code == _NO_ROLE):
            raise
        raise PersonNeededError(f"{text} ({error.cause.code or 'refused'})", link) from error
