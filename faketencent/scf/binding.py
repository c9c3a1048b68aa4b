"""What triggers of all kinds have in common."""

from __future__ import annotations

from dataclasses import dataclass

from faketencent.clock import EPOCH


@dataclass(frozen=True)
class Binding:
    """To which version or alias a trigger leads, whether it is open, and since when (seconds since 1970)."""

    qualifier: str = "$DEFAULT"
    enabled: bool = True
    description: str = ""
    created_at: float = EPOCH
    modified_at: float = EPOCH
    works_from: float = 0

    def works(self, now: float) -> bool:
        """Whether it lets events through."""
        return self.enabled and now >= self.works_from
