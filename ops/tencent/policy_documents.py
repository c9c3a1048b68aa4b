r"""CAM's documents: which of them say the same.

They come back in other words than they were sent: `\/` for `/`, other keys first, one value for a list of one, `name/`
before actions, at times percent-encoded (samples at https://cloud.tencent.com/document/api/598/34574 and 36223).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

Document = dict[str, Any]


def compact(document: Mapping[str, Any]) -> str:
    """The document as it is sent: its size is limited, blanks included."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def read(text: str) -> Document:
    """What CAM gave back; raises ValueError if it is no document."""
    document = json.loads(text if text.lstrip().startswith("{") else unquote(text))
    if not isinstance(document, dict):
        raise ValueError("a document is a JSON object")  # noqa: TRY004 - a value of the wrong kind from outside
    return document


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents say the same, however they are written."""
    return _plain(one) == _plain(other)


def _plain(document: Mapping[str, Any]) -> tuple[str, list[str]]:
    lower = {key.lower(): value for key, value in document.items()}
    statements = lower.get("statement")
    listed = statements if isinstance(statements, list) else [statements]
    return str(lower.get("version")), sorted(json.dumps(_statement(one), sort_keys=True) for one in listed)


def _statement(statement: object) -> object:
    if not isinstance(statement, dict):
        return statement
    plain = {key.lower(): value for key, value in statement.items()}
    plain["effect"] = str(plain.get("effect")).lower()
    plain["action"] = sorted({str(action).removeprefix("name/").lower() for action in _listed(plain.get("action"))})
    for key in plain.keys() & {"resource", "principal"}:
        plain[key] = _values(plain[key])
    return plain


def _values(value: object) -> object:
    if isinstance(value, dict):
        return {key.lower(): _values(inner) for key, inner in value.items()}
    return sorted({str(one) for one in _listed(value)})


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]
