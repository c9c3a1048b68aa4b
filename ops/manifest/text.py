"""The file as YAML, with `${env:X}` where it stands or filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: `${env:X}`, by which Tencent's tool takes a value from the environment or from `.env`.
REFERENCE = re.compile(r"\$\{env:(\w+)\}")
#: The domain of a video bucket: each of DEPLOY_BUCKETS in turn.
BUCKET_DOMAIN = "${env:DEPLOY_BUCKET_DOMAIN}"


class ManifestError(ConfigurationError):
    """The file itself is wrong, or not there."""


class _Loader(yaml.SafeLoader):
    """Refuses a mapping that has a key twice, of which YAML would take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - as the base class has it
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{name} is there twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def read_document(path: Path) -> Mapping[str, Any]:
    """The file's content.

    Raises:
        ManifestError: it cannot be read, or is no YAML; the text says in which line.
    """
    try:
        document = yaml.load(path.read_text(encoding="utf-8-sig"), _Loader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ManifestError(f"{path.name} cannot be read: {line}{error.problem}") from error
    except UnicodeError as error:
        raise ManifestError(f"{path.name} is not UTF-8: save it in that encoding") from error
    except OSError as error:
        raise ManifestError(f"{path.name} cannot be read ({error.strerror or type(error).__name__})") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ManifestError(f"{path.name} cannot be read ({type(error).__name__})") from error
    if not isinstance(document, dict):
        raise ManifestError(
            f"{path.name} is empty" if document is None else f"{path.name} is not a list of names and values"
        )
    return document


def references(node: object) -> list[str]:
    """Every variable that is asked for, in the order in which it is."""
    return list(dict.fromkeys(name for text in _texts(node) for name in REFERENCE.findall(text)))


def filled_in(node: Any, variables: Mapping[str, str]) -> Any:  # noqa: ANN401 - any YAML value
    """The same with the variables; one that is missing stays as it is."""
    if isinstance(node, str):
        return REFERENCE.sub(lambda found: variables.get(found[1], found[0]), node)
    if isinstance(node, dict):
        return {name: filled_in(value, variables) for name, value in node.items()}
    if isinstance(node, list):
        return [filled_in(value, variables) for value in node]
    return node


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from _texts(value)
