"""Parts of a job's `Input` that CI may leave out; each page and each SDK shows another selection."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Place(Enum):
    """Where CI shows a job."""

    CREATED = "POST /jobs"
    DESCRIBED = "GET /jobs/<id>"
    LISTED = "GET /jobs"
    CALLBACK = "callback"


class InputField(Enum):
    """What `Input` consists of."""

    BUCKET_ID = "BucketId"
    OBJECT = "Object"
    REGION = "Region"


@dataclass
class LeftOut:
    """What is left out at which place; nothing, to begin with."""

    _fields: dict[Place, frozenset[InputField]] = field(default_factory=dict)

    def leave_out(self, *fields: InputField, at: Iterable[Place] = Place) -> None:
        """From now on leave out exactly these at those places; none shows everything again."""
        self._fields |= dict.fromkeys(at, frozenset(fields))

    def at(self, place: Place) -> frozenset[InputField]:
        """What is left out there."""
        return self._fields.get(place, frozenset())
