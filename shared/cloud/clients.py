"""What the use cases reach the world through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.cloud.ci import Jobs
    from shared.cloud.claims import Claims
    from shared.cloud.cos import Objects
    from shared.settings import Settings


@dataclass(frozen=True)
class Clients:
    """The adapters of one invocation, with its settings; `now` is this machine's time in seconds since 1970."""

    settings: Settings
    objects: Objects
    jobs: Jobs
    claims: Claims
    now: Callable[[], float]
