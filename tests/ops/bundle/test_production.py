"""The way to production once more, with the real bundle, over real HTTP: as an operator runs it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.scf.habits import Habits
from faketencent.scf.instances import instances
from faketencent.server import serve
from ops.cli import app
from ops.deploy import command
from tests.world import BUCKET, REGION, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.bundle.build import Bundle

pytestmark = pytest.mark.once


class ShortTime:
    """Stands in for `time` where a command waits for the cloud, which is faster here."""

    time = staticmethod(time.time)

    @staticmethod
    def sleep(seconds: float) -> None:
        time.sleep(min(seconds, 0.05))


@dataclass(frozen=True)
class Terminal:
    """An operator with nothing but a key, a proxy to the world, and a file of settings."""

    cloud: FakeCloud
    env_file: Path
    proxy: str

    def run(self, *arguments: str) -> str:
        account = self.cloud.cam.account
        environment = {
            "HTTP_PROXY": self.proxy,
            "NO_PROXY": "localhost",
            "TENCENTCLOUD_SECRET_ID": account.secret_id,
            "TENCENTCLOUD_SECRET_KEY": account.secret_key,
        }
        with patch.dict(os.environ, environment), patch("ops.waiting.time", ShortTime):
            done = CliRunner().invoke(app, [*arguments, "--env-file", str(self.env_file)])
        assert account.secret_key not in done.output
        assert done.exit_code == 0, done.output
        return done.output


@pytest.fixture
def terminal(python: Path, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    for name in list(os.environ):
        if name.startswith(("DEPLOY_", "OPS_", "TENCENT", "WATERMARK_")) or name in ("http_proxy", "no_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(command, "build", lambda *_: bundle)
    cloud = FakeCloud(WallClock())
    cloud.scf.backend.habits = Habits(creating=0, updating=0, deleting=0, url_delay=0)
    cloud.cos.backend.create_bucket(BUCKET, REGION)
    # Not in the guide: the fake cloud speaks plain HTTP.
    (tmp_path / ".env").write_text("WATERMARK_SCHEME=http\n", encoding="utf-8")
    with serve(cloud) as server, instances(cloud, server.url, python=python):
        yield Terminal(cloud, tmp_path / ".env", server.url)


def test_setup_deploy_upload_doctor_remove(terminal: Terminal) -> None:
    cos = terminal.cloud.cos.backend
    terminal.run("setup", "--yes", f"--region={REGION}", f"--bucket={BUCKET}")
    terminal.run("deploy", "--yes")
    cos.put(BUCKET, "a.mp4", marked_video("Hello_1"))
    terminal.cloud.settle()

    assert cos.get(BUCKET, "a.mp4").headers.get("x-cos-meta-watermark-text") == "Hello_1"
    assert "0 ✗" in terminal.run("doctor")
    assert "Removed." in terminal.run("remove", "--yes", "--now")
    assert list(terminal.cloud.scf.backend.functions) == []
