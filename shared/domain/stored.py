"""How claims, answers and pauses are written: pydantic reads them, and would have to build a validator to write one."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.domain.answer import Answer
    from shared.domain.claim import Attempt
    from shared.domain.pause import Pause


def stored(value: Attempt | Answer | Pause) -> bytes:
    """The value as a JSON object, its fields in their order, without what is not set."""
    said = asdict(value, dict_factory=_plain)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(fields: Iterable[tuple[str, object]]) -> dict[str, object]:
    said = ((name, value.value if isinstance(value, Enum) else value) for name, value in fields)
    return {name: value for name, value in said if value is not None}
