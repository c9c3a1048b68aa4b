"""An operator of a deployment that works: both functions on the fake cloud, and a `.env` that says the same."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faketencent.cloud import FakeCloud
from tests.ops.account import Operator, an_operator
from tests.ops.deployment import STRONG_SECRET
from tests.world import World, deploy_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.cam import Policy


@dataclass
class AtWork:
    """Whoever looks after it, and what is looked after."""

    world: World
    operator: Operator

    def configure(self, **changes: str | None) -> None:
        """Write `.env` as the functions have it, with values changed."""
        self.operator.configure(**{"WATERMARK_MAX_JOBS_PER_DAY": None, **self.world.variables, **changes})

    def become(self, policy: Policy) -> None:
        """Have no more rights than these."""
        cam = self.world.cloud.cam
        self.operator.who = cam.create_user("somebody", policy)


@contextmanager
def at_work(folder: Path, **settings: str) -> Iterator[AtWork]:
    """With settings of the functions."""
    cloud = FakeCloud()
    with an_operator(folder, cloud) as operator:
        stand = AtWork(deploy_on(cloud, timer=False, SECRET=STRONG_SECRET, **settings), operator)
        stand.configure()
        yield stand
