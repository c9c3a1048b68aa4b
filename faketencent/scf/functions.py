"""The functions of one account, and the changes to them that are under way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from faketencent.scf.exceptions import FunctionNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.clock import Clock
    from faketencent.scf.function import Function


@dataclass(frozen=True)
class _Change:
    """What a function becomes when it is due: other fields, or nothing."""

    due: float
    fields: Mapping[str, Any] | None


class Functions:
    """Functions by name: here a name is taken once in the whole account, whatever region and namespace.

    A change that takes time shows as soon as somebody looks after it was due; so it also comes to its end for those who
    let time pass by sleeping.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._functions: dict[str, Function] = {}
        self._under_way: dict[str, _Change] = {}

    def __iter__(self) -> Iterator[Function]:
        """All there are now, by name."""
        found = (self.find(name) for name in sorted(self._functions))
        return (function for function in found if function is not None)

    def find(self, name: str) -> Function | None:
        """The function as it is now."""
        change = self._under_way.get(name)
        # Two may look at once; the change comes to its end once.
        if change and self._clock.now() >= change.due and self._under_way.pop(name, None):
            self._end(name, change)
        return self._functions.get(name)

    def get(self, name: str) -> Function:
        """The function as it is now. Raises FunctionNotFoundError."""
        function = self.find(name)
        if function is None:
            raise FunctionNotFoundError(name)
        return function

    def put(self, function: Function) -> Function:
        """Have the function be this one, at once; a change that is under way still comes on top."""
        self._functions[function.name] = function
        return function

    def begin(self, shown: Function, seconds: float, fields: Mapping[str, Any] | None) -> None:
        """Show the function like this, and in so many seconds with these fields changed, or no longer."""
        self._functions[shown.name] = shown
        self._under_way[shown.name] = _Change(self._clock.now() + seconds, fields)

    def amend(self, name: str, **fields: Any) -> None:  # noqa: ANN401 - any field
        """Change fields at once, whatever else is under way."""
        self._functions[name] = replace(self.get(name), **fields)

    def _end(self, name: str, change: _Change) -> None:
        if change.fields is None:
            del self._functions[name]
        else:
            self._functions[name] = replace(self._functions[name], **change.fields)
