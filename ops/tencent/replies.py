"""What the services of API 3.0 answer, as frozen models: fields that nobody reads here are left out."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ops.tencent.refusals import garbled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self


class Answer(BaseModel):
    """The answer to a call, or a part of one. Numbers where text is meant, and the reverse, are taken as such."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True)


class Word(Enum):
    """One of the words that the documentation names. Each such enum has `UNKNOWN`, "?", for any other."""

    @classmethod
    def _missing_(cls, _: object) -> Self:
        return cls("?")


_Answer = TypeVar("_Answer", bound=Answer)


def read_as(kind: type[_Answer], answer: Mapping[str, Any], call: str) -> _Answer:
    """The answer of a call such as `cam GetRole`.

    Raises:
        GarbledReplyError: it has another shape.
    """
    try:
        return kind.model_validate(answer)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors())
        raise garbled(call, f"the reply lacks or garbles {places}") from error
