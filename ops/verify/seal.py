"""What one look at an object says about its seal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from shared.domain.metadata import read_fields, read_sealed
from shared.domain.objects import ObjectRef  # noqa: TC001 - part of the dataclass below
from shared.domain.result import Result  # noqa: TC001 - as above
from shared.errors import RejectedError
from shared.signing import Secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.access import Access
    from shared.domain.head import Head


class State(Enum):
    """What can be said."""

    OURS = "ours"
    NOT_OURS = "not_ours"
    NO_SEAL = "no_seal"
    GONE = "gone"
    UNSEEN = "unseen"


class Which(Enum):
    """Which of two secrets made a seal."""

    CURRENT = "current"
    PREVIOUS = "previous"


@dataclass(frozen=True)
class Checked:
    """An object that was looked at; of a seal of ours, what it seals and by which secret."""

    target: ObjectRef
    state: State
    result: Result | None = None
    secret: Which | None = None


@dataclass(frozen=True)
class Seals:
    """Looks at objects. Every method raises CloudError."""

    access: Access
    secrets: Secrets

    def look(self, target: ObjectRef) -> Checked:
        """Look at the object now, by one HEAD."""
        try:
            head = self.access.videos.head(target)
        except RejectedError:
            return Checked(target, State.UNSEEN)
        return self.judge(head) if head else Checked(target, State.GONE)

    def judge(self, head: Head) -> Checked:
        """What the object's metadata says."""
        target, prefix = head.upload.target, self.access.settings.metadata_prefix
        for which, one in self._each():
            sealed = read_sealed(head.metadata, one, head.upload.content, prefix=prefix)
            if sealed:
                return Checked(target, State.OURS, sealed.result, which)
        bears_one = read_fields(head.metadata, prefix).get("seal")
        return Checked(target, State.NOT_OURS if bears_one else State.NO_SEAL)

    def _each(self) -> Iterator[tuple[Which, Secrets]]:
        yield Which.CURRENT, Secrets(self.secrets.current)
        if self.secrets.previous is not None:
            yield Which.PREVIOUS, Secrets(self.secrets.previous)
