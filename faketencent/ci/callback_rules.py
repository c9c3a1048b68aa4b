"""Which callbacks CI takes on beside what it documents; a test can change its mind.

    rules.refuse("https://example.com/ci")     # a typing mistake in the deployment, say
    rules.accept("https://example.com/ci")     # corrected

Some older pages allow 100 characters at most; in 2026 an address of 108 was taken, so nothing is too long unless a
test says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from faketencent.ci.exceptions import invalid_argument
from faketencent.ci.targets import UrlTarget

if TYPE_CHECKING:
    from faketencent.ci.targets import MqTarget, Silence


@dataclass
class CallbackRules:
    """`longest` is in characters; None is no limit."""

    longest: int | None = None
    _refused: set[str] = field(default_factory=set)

    def refuse(self, target: UrlTarget | MqTarget | str) -> None:
        """Take no job or queue with this callback from now on; an address may be given as text."""
        self._refused.add(str(target))

    def accept(self, target: UrlTarget | MqTarget | str) -> None:
        """Take it again."""
        self._refused.discard(str(target))

    def check(self, where: str, target: UrlTarget | MqTarget | Silence | None) -> None:
        """Look at what the field `where` names.

        Raises:
            ServiceError: InvalidArgument.
        """
        if isinstance(target, UrlTarget) and self.longest is not None and len(target.url) > self.longest:
            raise invalid_argument(where, f"more than {self.longest} characters")
        if str(target) in self._refused:
            raise invalid_argument(where, f"{target} is refused")
