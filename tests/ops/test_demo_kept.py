"""`demo --keep-running`: what it prints can be done, word for word, and what then happens is told."""

from __future__ import annotations

import io
import re
import shlex
import socket
from pathlib import Path
from unittest.mock import patch

import pytest
import requests
from qcloud_cos import CosConfig, CosS3Client
from rich.console import Console
from typer.testing import CliRunner

from faketencent.clock import WallClock
from ops.cli import app
from ops.demo.channel import Channel
from ops.demo.play import run

#: Says the same on every Python.
pytestmark = pytest.mark.once


class Visitor:
    """Somebody at another terminal: does what was printed, in the order in which the kept cloud has nothing to do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.printed = io.StringIO()
        self.seen: dict[str, str] = {}
        self._monkeypatch = monkeypatch
        self._acts = iter([self.look, self.upload, self.look_by_sdk, self.list_videos, self.press_ctrl_c])

    def wait(self) -> None:
        """Nothing is due in the cloud."""
        next(self._acts)()

    @property
    def text(self) -> str:
        return self.printed.getvalue()

    def look(self) -> None:
        """The first command, and the same without its signature."""
        _, _, proxy, _, url = self._command("curl .* -I ")
        self.seen["proxy"] = proxy
        headers = requests.head(url, proxies={"http": proxy}, timeout=10).headers
        self.seen["watermark"] = headers["x-cos-meta-watermark-text"]
        unsigned = requests.head(url.partition("?")[0], proxies={"http": proxy}, timeout=10)
        self.seen["unsigned"] = str(unsigned.status_code)

    def upload(self) -> None:
        """The second."""
        _, _, proxy, _, file, url = self._command("curl .* -T ")
        self.seen["folder"] = str(Path(file).parent)
        reply = requests.put(url, data=Path(file).read_bytes(), proxies={"http": proxy}, timeout=10)
        assert reply.status_code == 200

    def look_by_sdk(self) -> None:
        """With the values that are printed for it, and no others."""
        value = dict(re.findall(r"^      (\w+): (\S+)$", self.text.partition("an SDK of COS")[2], re.MULTILINE))
        config = CosConfig(
            Region=value["region"],
            SecretId=value["SecretId"],
            SecretKey=value["SecretKey"],
            Scheme=value["scheme"],
            Proxies={value["scheme"]: value["proxy"]},
        )
        headers = CosS3Client(config, retry=0).head_object(Bucket=value["bucket"], Key="mine.mp4")
        self.seen["mine"] = headers["x-cos-meta-watermark-text"]

    def list_videos(self) -> None:
        """The third command, in this process."""
        proxy, _, *arguments = self._command("http_proxy=.* ./cos-watermark ")
        self._monkeypatch.setenv(*proxy.split("=", 1))
        self.seen["list"] = CliRunner().invoke(app, arguments).output

    def press_ctrl_c(self) -> None:
        raise KeyboardInterrupt

    def _command(self, pattern: str) -> list[str]:
        joined = self.text.replace("\\\n", "")
        found = re.search(rf"^{pattern}.*$", joined, re.MULTILINE)
        assert found, f"no command {pattern!r} in {joined}"
        return shlex.split(found[0])


def test_all_that_it_names_can_be_done_until_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(monkeypatch)
    with patch.object(WallClock, "sleep"):
        status = run(Console(file=visitor.printed, width=80), [Channel.URL], wait=visitor.wait)

    assert status == 0
    assert visitor.seen["watermark"] == "Studio-7_2026"
    assert visitor.seen["unsigned"] == "403"
    assert visitor.seen["mine"] == "Studio-9_2026"
    assert "found\tmine.mp4\tStudio-9_2026" in visitor.seen["list"]
    told = visitor.text.partition("What happens from now on")[2]
    assert re.findall(r"outcome=\w+", told) == ["outcome=submitted", "outcome=written", "outcome=skipped"]
    assert "+ x-cos-meta-watermark-text: Studio-9_2026\n" in told
    assert told.endswith("\n\nThe fake cloud has ended. Nothing in it is kept.\n")
    host, port = visitor.seen["proxy"].removeprefix("http://").split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=10)
    assert not Path(visitor.seen["folder"]).exists()
