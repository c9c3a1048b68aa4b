"""The command as a real process, on a fake cloud over real HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.server import serve
from faketencent.video import tiny_mp4
from ops.checkout import ROOT
from ops.policies import Deployment, operator_policy
from tests.ops.deployment import env_file
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Office:
    """A cloud that processes reach, and what they need to know of it."""

    cloud: FakeCloud
    folder: Path
    environment: dict[str, str]

    def store(self, keys: Iterable[str]) -> None:
        """Videos of which no event tells."""
        body = tiny_mp4(b"picture")
        for key in keys:
            self.cloud.cos.backend.put(BUCKET, key, body)
        self.cloud.clock._due.clear()

    def waiting(self) -> list[str]:
        """The names of all entries."""
        return self.cloud.cos.backend.keys(LEDGER, "waiting/")

    def line(self, *arguments: str) -> list[str]:
        """The command line."""
        return [sys.executable, "-m", "ops", *arguments, "--env-file", str(self.folder / ".env")]

    def begin(self, *arguments: str, out: int | IO[Any] = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start the command."""
        return subprocess.Popen(self.line(*arguments), env=self.environment, cwd=ROOT, stdout=out, stderr=out)  # noqa: S603 - our own program


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    """Buckets without anything in them, and an operator with exactly the operator's policy."""
    cloud = FakeCloud(WallClock(), journal_size=100)
    for bucket in (BUCKET, LEDGER):
        cloud.cos.backend.create_bucket(bucket, REGION)
    deployment = Deployment(region=REGION, uin=cloud.cam.uin, buckets=(BUCKET,), ledger_bucket=LEDGER)
    who = cloud.cam.create_user("operator", operator_policy(deployment))
    env_file(folder, WATERMARK_SCHEME="http", WATERMARK_SECRET=None)
    with serve(cloud) as server:
        given = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
        key = {"TENCENTCLOUD_SECRET_ID": who.secret_id, "TENCENTCLOUD_SECRET_KEY": who.secret_key}
        yield Office(cloud, folder, {**given, **key, "HTTP_PROXY": server.url})
