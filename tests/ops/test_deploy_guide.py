"""docs/deploy.md, followed step by step on a fake cloud over real HTTP, leads to a result and a clean `doctor`."""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import shutil
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Client, Listener
from typing import TYPE_CHECKING

import pytest
from qcloud_cos import CosConfig, CosS3Client
from typer.testing import CliRunner

from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.server import serve
from ops.bundle.build import Bundle
from ops.checkout import ROOT
from ops.cli import app
from ops.deploy import command
from ops.manifest import Manifest
from tests.ops import stand_in
from tests.ops.guide import GUIDE, fill_in, made, uncomment
from tests.ops.test_serverless_yml import HANDLERS
from tests.world import marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.server import Server

pytestmark = pytest.mark.once

REGION = GUIDE.example("region")
VIDEOS = GUIDE.example("video bucket")
LEDGER = GUIDE.example("ledger bucket")
#: In the place of Tencent's tool: resolves serverless.yml in the working directory from its own environment, has the
#: account do what it says, and prints the URL.
_TOOL = """#!{python}
import os, pathlib, sys
sys.path.insert(0, {root!r})
from multiprocessing.connection import Client
from ops.manifest import Manifest
assert sys.argv[1:] == ["deploy"]
manifest = Manifest.read(pathlib.Path("serverless.yml")).resolve(os.environ)
with Client({address!r}) as account:
    account.send(manifest.document)
    print("cos-watermark-callback:", account.recv())
"""


@dataclass(frozen=True)
class Operator:
    """Somebody with an account, a checkout of their own to work in, and the guide."""

    cloud: FakeCloud
    checkout: Path
    proxy: str

    def run(self, line: str, *options: str) -> str:
        """Run a command line of `./cos-watermark`; gives what it printed."""
        program, *arguments = shlex.split(line)
        assert program == "./cos-watermark"
        environment = {"HTTP_PROXY": self.proxy, "NO_PROXY": "localhost", "COLUMNS": "200"}
        result = CliRunner().invoke(app, [*arguments, *options], env=environment)
        assert result.exit_code == 0, result.output
        return result.output

    @property
    def client(self) -> CosS3Client:
        """The SDK, with the operator's own key."""
        key = self.cloud.cam.account
        config = CosConfig(
            Region=REGION,
            SecretId=key.secret_id,
            SecretKey=key.secret_key,
            Scheme="http",
            Proxies={"http": self.proxy},
        )
        return CosS3Client(config, retry=0)


@contextmanager
def deployment_tool(cloud: FakeCloud, server: Server, folder: Path) -> Iterator[None]:
    """Install a stand-in for the command `scf`."""
    with Listener(("127.0.0.1", 0)) as listener:

        def work() -> None:
            while True:
                with listener.accept() as tool:
                    document = tool.recv()
                    if document is None:
                        return
                    manifest = Manifest(document)
                    url = stand_in.deploy(cloud, manifest, HANDLERS)
                    _lead_to(server, cloud, manifest)
                    tool.send(url)

        program = folder / "scf"
        program.write_text(_TOOL.format(python=sys.executable, root=str(ROOT), address=listener.address))
        program.chmod(0o755)
        account = threading.Thread(target=work, daemon=True)
        account.start()
        try:
            yield
        finally:
            with Client(listener.address) as last:
                last.send(None)
            account.join()


def _lead_to(server: Server, cloud: FakeCloud, manifest: Manifest) -> None:
    # On the real platform the network leads to COS and CI; here a proxy does.
    for key, function in manifest.functions.items():
        network = {"HTTP_PROXY": server.url, "NO_PROXY": "localhost"}
        cloud.scf.backend.update_function(function["name"], environment={**manifest.environment(key), **network})


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    def build(folder: Path, archive: Path) -> Bundle:
        # The bundle has tests of its own (tests/ops/bundle); the functions here are those of the checkout.
        archive.write_bytes(b"")
        return Bundle(folder, archive)

    for name in list(os.environ):
        if name.startswith(("DEPLOY_", "TENCENT", "WATERMARK_")) or name in ("http_proxy", "no_proxy"):
            monkeypatch.delenv(name)
    for file in (".env.example", "serverless.yml"):
        shutil.copy(ROOT / file, tmp_path)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "SERVERLESS_YML", tmp_path / "serverless.yml")
    monkeypatch.setattr(command, "BUNDLE_ARCHIVE", tmp_path / "bundle.zip")
    monkeypatch.setattr(command, "build", build)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    new_containers()
    cloud = FakeCloud(WallClock())
    with serve(cloud) as server, deployment_tool(cloud, server, tmp_path / "bin"):
        yield Operator(cloud, tmp_path, server.url)


def switch_services_on(operator: Operator) -> None:
    """Steps 1 to 3: what the console leaves behind."""
    operator.cloud.cos.backend.create_bucket(VIDEOS, REGION)
    operator.cloud.ci.backend.bind_bucket(VIDEOS)
    operator.cloud.cos.backend.create_bucket(LEDGER, REGION)
    # Not in the guide: the fake cloud speaks plain HTTP.
    uncomment(operator.checkout / "serverless.yml", "WATERMARK_SCHEME", "http")


def make_roles(operator: Operator) -> None:
    """Step 4: the policies as they are printed, each pasted and attached to a role of its own."""
    lines = GUIDE.commands(4)
    policies = {shlex.split(line)[2]: json.loads(operator.run(line)) for line in lines}
    assert list(policies) == ["submit", "callback", "deploy"]
    for function in ("submit", "callback"):
        operator.cloud.cam.create_role(f"cos-watermark-{function}", policies[function])


def fill_in_the_environment(operator: Operator) -> None:
    """Step 5."""
    copy, random = GUIDE.commands(5)
    assert random == "openssl rand -hex 32"
    program, source, env = copy.split()
    assert program == "cp"
    shutil.copy(source, env)
    key = operator.cloud.cam.account
    fill_in(
        operator.checkout / env,
        **GUIDE.variables(5),
        WATERMARK_SECRET=secrets.token_hex(32),
        TENCENT_SECRET_ID=key.secret_id,
        TENCENT_SECRET_KEY=key.secret_key,
    )


def deploy(operator: Operator) -> None:
    """Step 6, and the URL that it prints put into `.env`."""
    assert GUIDE.commands(6) == ["make deploy"]
    (url,) = re.findall(r"^ +WATERMARK_CALLBACK_URL=(\S+)$", operator.run(made("deploy")), re.MULTILINE)
    fill_in(operator.checkout / ".env", WATERMARK_CALLBACK_URL=url)


def look_over(operator: Operator) -> str:
    """Step 7; what `doctor` says."""
    (line,) = GUIDE.commands(7)
    # The checkout that `./cos-watermark` belongs to is another one here.
    return operator.run(line, "--serverless-yml", "serverless.yml")


def follow(operator: Operator) -> None:
    """Steps 1 to 6."""
    switch_services_on(operator)
    make_roles(operator)
    fill_in_the_environment(operator)
    deploy(operator)


def test_the_guide_ends_with_a_clean_doctor_and_a_result_on_the_object(operator: Operator) -> None:
    follow(operator)
    before = look_over(operator)

    operator.client.put_object(Bucket=VIDEOS, Key="first.mp4", Body=marked_video("Hello_1"))
    operator.cloud.settle()

    head = operator.client.head_object(Bucket=VIDEOS, Key="first.mp4")
    assert (head["x-cos-meta-watermark"], head["x-cos-meta-watermark-text"]) == ("found", "Hello_1")
    (answer, record) = operator.cloud.cos.backend.keys(LEDGER)
    assert json.loads(operator.cloud.cos.backend.get(LEDGER, record).body)["text"] == "Hello_1"
    assert [answer.partition("/")[0], record.partition("/")[0]] == ["answers", "results"]
    for said in (before, look_over(operator)):
        assert said.splitlines()[-1].endswith("0 ✗")
        assert "Not checked" not in said


def test_each_function_logs_what_the_guide_says_to_look_for(operator: Operator) -> None:
    follow(operator)

    operator.client.put_object(Bucket=VIDEOS, Key="first.mp4", Body=marked_video("Hello_1"))
    operator.cloud.settle()

    runs = operator.cloud.scf.backend.invocations
    lines = [(run.function, json.loads(line)) for run in runs for line in run.log.splitlines()]
    (submitted,) = [line for name, line in lines if name == "cos-watermark-submit" and line["outcome"] == "submitted"]
    (written,) = [line for name, line in lines if name == "cos-watermark-callback" and line["outcome"] == "written"]
    assert submitted["job"]
    assert submitted["correlation"] == written["correlation"]
