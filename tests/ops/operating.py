"""Somebody who looks after a deployment: the functions run on a fake cloud, and the key has the operator's policy."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

from faketencent.in_process import _Time
from ops import parallel
from ops.policies import Deployment, operator_policy
from tests.ops.account import Operator
from tests.ops.deployment import SETTINGS
from tests.world import BUCKET, LEDGER, REGION, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.cos.objects import StoredObject

#: What the laptop need not know.
_SECRET = "WATERMARK_SECRET"


@dataclass
class Desk(Operator):
    """The operator's place: `folder` holds `.env`, which does not say the secret; `world` is what is looked after."""

    world: World

    def store(self, *keys: str, text: str | None = None) -> list[StoredObject]:
        """Videos of which no event told: from before the deployment. Each is marked with its own key, or that text."""
        triggers = self.cloud.scf.backend.cos_triggers
        with patch.object(triggers, "deliver", lambda *_: None):
            made = [self.world.upload(key, marked_video(key if text is None else text, key)) for key in keys]
            self.cloud.settle()
        return made

    def upload(self, *keys: str, text: str | None = None) -> None:
        """Videos that are uploaded now; what follows from it happens."""
        for key in keys:
            self.world.upload(key, marked_video(key if text is None else text, key))
        self.cloud.settle()

    def write_env(self, **changes: str | None) -> None:
        """Write `.env` with values changed."""
        values = {**SETTINGS, _SECRET: None, "WATERMARK_MAX_JOBS_PER_DAY": None, **changes}
        text = "".join(f"{name}='{value}'\n" for name, value in values.items() if value is not None)
        (self.folder / ".env").write_text(text, encoding="utf-8")

    def calls(self) -> list[str]:
        """The calls since the last look, in order."""
        made = self.cloud.operations()
        self.cloud.journal.clear()
        return made


@contextmanager
def operating(folder: Path, *, estimate: bool = False, logs: bool = False, **settings: str) -> Iterator[Desk]:
    """A deployment with these settings, and its operator, who has the rights that `policy operator` prints."""
    with deployed(timer=False, **settings) as world:
        cloud = world.cloud
        deployment = Deployment(
            region=REGION,
            uin=cloud.cam.uin,
            buckets=(BUCKET,),
            ledger_bucket=LEDGER,
            ledger_prefix=settings.get("LEDGER_PREFIX", ""),
        )
        who = cloud.cam.create_user("operator", operator_policy(deployment, estimate=estimate, logs=logs))
        desk = Desk(cloud, folder, who, world)
        desk.write_env(**{f"WATERMARK_{name}": value for name, value in settings.items()})
        with patch("ops.waiting.time", _Time(cloud)), patch.object(parallel, "WORKERS", 1):
            yield desk
