"""docs/vectors.json: what it holds, and how it is written."""

from __future__ import annotations

import json
from typing import Any

from ops.checkout import ROOT
from tests.vectors import ours
from tests.vectors.calling import make
from tests.vectors.made import CASES, SECRETS
from tests.vectors.shown import SHOWN

PATH = ROOT / "docs" / "vectors.json"
_ABOUT = "Test vectors of docs/formats.md, which explains them. Made by `python -m tests.vectors`."


def document() -> dict[str, Any]:
    """All vectors, as our code makes them now; what must be refused is said in `shown`."""
    return {
        "about": _ABOUT,
        "secrets": SECRETS,
        "make": {
            part: [_vector(about, given, make(ours.MAKE, part, given, SECRETS)) for about, given in cases]
            for part, cases in CASES.items()
        },
        "read": {part: [_vector(*shown) for shown in cases()] for part, cases in SHOWN.items()},
    }


def rendered() -> str:
    """The document as text, a line for each vector: what cannot be seen in an editor is escaped, all else is not."""
    text = _lines(document(), depth=3) + "\n"
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _lines(tree: Any, depth: int) -> str:  # noqa: ANN401 - JSON
    """The tree as JSON, in lines down to that depth."""
    if not depth or not isinstance(tree, dict | list):
        return json.dumps(tree, ensure_ascii=False)
    if isinstance(tree, list):
        return "[\n" + ",\n".join(_lines(item, depth - 1) for item in tree) + "\n]"
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {_lines(item, depth - 1)}" for name, item in tree.items()) + "\n}"


def _vector(about: str, given: dict[str, Any], gives: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"about": about, "given": given, "gives": gives}
