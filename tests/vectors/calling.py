"""A vector and a function that is to agree with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: What is signed has a secret, by its name in the document; who reads it believes two of them.
_SIGNED = ("ticket", "seal")
Functions = dict[str, "Callable[..., Any]"]


def make(functions: Functions, part: str, given: Mapping[str, Any], secrets: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """What a function makes of what is given."""
    secret = {"secret": secrets[given["secret"]]} if part in _SIGNED else {}
    return functions[part](**{**given, **secret})


def read(functions: Functions, part: str, given: Mapping[str, Any], secrets: Mapping[str, str]) -> Any:  # noqa: ANN401 - as above
    """What it reads there; `None` if it is refused."""
    believed = {"secrets": [secrets["current"], secrets["previous"]]} if part in _SIGNED else {}
    return functions[part](**given, **believed)
