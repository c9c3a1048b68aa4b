"""Somebody with an account, a key, a checkout and a terminal; the account is a fake cloud in this process."""

from __future__ import annotations

import hashlib
import os
import zipfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

import typer
from typer.testing import CliRunner, Result

from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from ops import parallel
from ops.bundle.build import Bundle
from ops.checkout import ROOT
from ops.deploy import command as deploy_command
from ops.doctor import command as doctor_command
from ops.policies import CALLBACK_ROLE, SUBMIT_ROLE, Deployment, callback_policy, submit_policy
from tests.ops.deployment import env_file
from tests.world import BUCKET, CLOCKED_HERE, LEDGER, REGION, new_containers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from faketencent.cam import Identity

#: Everything whose idea of time is the fake cloud's.
CLOCKED = (*CLOCKED_HERE, "ops.waiting")


@dataclass
class Operator:
    """`folder` holds `.env`; `who` is whose key is used."""

    cloud: FakeCloud
    folder: Path
    who: Identity
    #: How wide the terminal is. No field: whoever makes an operator does not say it.
    columns = 200

    @property
    def key(self) -> dict[str, str]:
        """The key pair, as variables of the environment."""
        key = {"TENCENTCLOUD_SECRET_ID": self.who.secret_id, "TENCENTCLOUD_SECRET_KEY": self.who.secret_key}
        return {**key, "TENCENTCLOUD_TOKEN": self.who.token} if self.who.token else key

    def run(self, command: Callable[..., None], *arguments: str, answers: str | None = None) -> tuple[int, str]:
        """Run a command; its exit code, and all that it printed. A trace fails the test."""
        done = self._run(command, *arguments, answers=answers)
        return done.exit_code, done.output

    def hear(self, command: Callable[..., None], *arguments: str, answers: str | None = None) -> tuple[int, str, str]:
        """The same, with what it printed as data and as talk."""
        done = self._run(command, *arguments, answers=answers)
        return done.exit_code, done.stdout, done.stderr

    def _run(self, command: Callable[..., None], *arguments: str, answers: str | None) -> Result:
        app = typer.Typer()
        app.command()(command)
        settings = ["--env-file", str(self.folder / ".env")]
        with patch.dict(os.environ, {**self.key, "COLUMNS": str(self.columns)}):
            done = CliRunner().invoke(app, [*settings, *arguments], input=answers)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert self.who.secret_key not in done.output
        return done

    def configure(self, **changes: str | None) -> None:
        """Write `.env` with values changed."""
        env_file(self.folder, **changes)


def small_bundle(folder: Path, archive: Path, *_: object) -> Bundle:
    """The entry points alone: what they import, this process has. The bundle has tests of its own."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w") as made:
        for name in ("submit", "callback"):
            entry = zipfile.ZipInfo(f"{name}.py")
            made.writestr(entry, (ROOT / "functions" / f"{name}.py").read_bytes())
    return Bundle(folder, archive)


def hashed(archive: Path) -> str:
    """The SHA-256 of a file, in hex."""
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def prepare(cloud: FakeCloud) -> None:
    """What `setup` leaves: buckets, media processing, roles."""
    for bucket in (BUCKET, LEDGER):
        cloud.cos.backend.create_bucket(bucket, REGION)
    cloud.ci.backend.bind_bucket(BUCKET)
    deployment = Deployment(region=REGION, uin=cloud.cam.uin, buckets=(BUCKET,), ledger_bucket=LEDGER)
    cloud.cam.create_role(SUBMIT_ROLE, submit_policy(deployment))
    cloud.cam.create_role(CALLBACK_ROLE, callback_policy(deployment))


@contextmanager
def an_operator(folder: Path, cloud: FakeCloud | None = None) -> Iterator[Operator]:
    """With an account that has nothing yet, and a whole `.env`."""
    new_containers()
    cloud = cloud or FakeCloud()
    env_file(folder)
    with ExitStack() as stack:
        stack.enter_context(in_process(cloud, CLOCKED))
        for name in list(os.environ):
            if name.startswith(("DEPLOY_", "OPS_", "TENCENT", "WATERMARK_")):
                stack.enter_context(patch.dict(os.environ))
                del os.environ[name]
        # One call after the other, so that each run is the same.
        stack.enter_context(patch.object(parallel, "WORKERS", 1))
        stack.enter_context(patch.object(deploy_command, "build", small_bundle))
        for command in (deploy_command, doctor_command):
            stack.enter_context(patch.object(command, "BUNDLE_ARCHIVE", folder / "dist" / "cos-watermark.zip"))
        yield Operator(cloud, folder, cloud.cam.account)
