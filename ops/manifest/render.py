"""serverless.yml written out for Tencent's own tool, with every setting of `.env`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from ops.manifest.reading import resolved
from ops.manifest.text import read_document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ops.configuration.configuration import Configuration


def rendered(path: Path, configuration: Configuration, environment: Mapping[str, str]) -> str:
    """The text. It contains the secret: write it so that nobody else can read it."""
    document = dict(resolved(read_document(path), configuration))
    variables = [{"key": name, "value": value} for name, value in environment.items()]
    inputs: dict[str, Any] = dict(document["inputs"])
    inputs["functions"] = {
        key: {**function, "environments": list(variables), **_log(configuration)}
        for key, function in inputs["functions"].items()
    }
    text: str = yaml.safe_dump({**document, "inputs": inputs}, sort_keys=False, allow_unicode=True, width=1000)
    return text


def _log(configuration: Configuration) -> dict[str, Any]:
    laptop = configuration.laptop
    return {"cls": {"logsetId": laptop.logset, "topicId": laptop.topic}} if laptop.topic else {}
