"""Logsets, their topics, and the lines in these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Logset:
    """A group of topics in one region."""

    id: str
    name: str
    region: str
    created_at: float


@dataclass(frozen=True)
class Index:
    """What of a topic can be searched; `rule` is as it was sent."""

    rule: Mapping[str, Any]
    active: bool
    changed_at: float
    options: Mapping[str, Any] = field(default_factory=dict)

    def tokenizer(self, key: str) -> str | None:
        """The characters at which the values of a field are cut into words; `None` if the field is not indexed."""
        key_value = self.rule.get("KeyValue") or {}
        for entry in key_value.get("KeyValues") or ():
            if entry["Key"] == key:
                return str(entry["Value"].get("Tokenizer") or "")
        return None


@dataclass(frozen=True)
class Line:
    """One line: its fields, when it was logged, and the index of that moment. It is found from `seen_from` on."""

    number: int
    fields: Mapping[str, str]
    at: float
    seen_from: float
    index: Index | None


@dataclass
class Topic:
    """A topic; `period` is how many days lines are kept."""

    id: str
    name: str
    logset: Logset
    period: int
    created_at: float
    options: Mapping[str, Any] = field(default_factory=dict)
    index: Index | None = None
    lines: list[Line] = field(default_factory=list)
