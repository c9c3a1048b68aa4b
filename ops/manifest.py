"""serverless.yml as the deployment tool sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_REFERENCE = re.compile(r"\$\{env:(\w+)\}")


class ManifestError(ConfigurationError):
    """The file itself is wrong, or not there."""


@dataclass(frozen=True)
class Manifest:
    """The parsed file; `${env:X}` still stands where it stood."""

    document: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read the file.

        Raises:
            ManifestError: it cannot be read, or is no YAML; the text says in which line.
        """
        try:
            return cls(yaml.safe_load(path.read_text(encoding="utf-8")))
        except yaml.MarkedYAMLError as error:
            line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
            raise ManifestError(f"{path.name} cannot be read: {line}{error.problem}") from error
        except (OSError, UnicodeError, yaml.YAMLError) as error:
            raise ManifestError(f"{path.name} cannot be read ({type(error).__name__})") from error

    @property
    def variables(self) -> list[str]:
        """Every variable that the file asks for, in the order in which it does so."""
        texts = _texts(self.document)
        return list(dict.fromkeys(name for text in texts for name in _REFERENCE.findall(text)))

    @property
    def functions(self) -> Mapping[str, Mapping[str, Any]]:
        """The functions by their keys."""
        functions: Mapping[str, Mapping[str, Any]] = self.document["inputs"]["functions"]
        return functions

    @property
    def triggers(self) -> list[Mapping[str, Any]]:
        """The triggers of all functions."""
        return list(self.document["inputs"]["triggers"])

    def environment(self, function: str) -> dict[str, str]:
        """A function's own variables."""
        return {entry["key"]: entry["value"] for entry in self.functions[function]["environments"]}

    def resolve(self, variables: Mapping[str, str]) -> Manifest:
        """The file with the variables filled in, as the tool does: one that is missing becomes `undefined`."""
        return Manifest(_resolved(self.document, variables))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _resolved(node: Any, variables: Mapping[str, str]) -> Any:  # noqa: ANN401 - any YAML value
    if isinstance(node, str):
        return _REFERENCE.sub(lambda found: variables.get(found[1], "undefined"), node)
    if isinstance(node, dict):
        return {name: _resolved(value, variables) for name, value in node.items()}
    if isinstance(node, list):
        return [_resolved(value, variables) for value in node]
    return node
