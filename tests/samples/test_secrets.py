"""What the samples know and must not tell: keys, tokens, signatures, and the address of the webhook."""

from __future__ import annotations

import logging
import threading
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cloud import FakeCloud
from faketencent.faults import Fault
from faketencent.in_process import in_process
from faketencent.scf import bootstrap
from tests.samples.stand import PATH, SAMPLES, Receiver, add, keep, runs
from tests.world import BUCKET, CLOCKED_HERE, LEDGER, REGION, World

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: What would log; the functions of this project silence them too, so they are as new here.
LOGGERS = ("qcloud_cos", "urllib3", "requests")
SECRETS = (PATH, "token-of-", "q-signature", "secret-key-of-")


@pytest.fixture(autouse=True)
def talkative(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Everything is logged, as on SCF."""
    before = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    caplog.set_level(logging.DEBUG)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("name", ["tell", "act"])
@pytest.mark.parametrize("operation", ["none", "GetObject", "PutObjectTagging", "InvokeFunctionUrl"])
def test_none_is_in_the_log_or_an_error(name: str, operation: str, caplog: pytest.LogCaptureFixture) -> None:
    cloud = FakeCloud()
    world = World(cloud)
    for bucket in (BUCKET, LEDGER):
        cloud.cos.backend.create_bucket(bucket, REGION)
    cloud.cos.backend.put(BUCKET, "a.mp4", b"video")
    add(world, name, SAMPLES / name, None, WEBHOOK_URL=Receiver(world).url)
    cloud.faults.on(operation, Fault.ERROR_403)

    with in_process(cloud, CLOCKED_HERE):
        keep(world, "1", verdict="none")
    bootstrap.unload(SAMPLES / name)

    (run,) = runs(world, name)
    said = run.log + run.error + caplog.text
    assert [secret for secret in SECRETS if secret in said] == []


class _Webhook(BaseHTTPRequestHandler):
    """Takes everything."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as the base class has it
        """Nothing."""


def told(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Tell a webhook over real HTTP; the stack trace, if there is one, as SCF shows it."""
    monkeypatch.setenv("WEBHOOK_URL", url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    handler: Any = bootstrap.load(SAMPLES / "tell", "index.main_handler")
    bootstrap.unload(SAMPLES / "tell")
    try:
        handler.__globals__["tell"]({"verdict": "found"})
    except RuntimeError:
        return traceback.format_exc()
    return ""


def test_nor_is_the_address_when_a_real_webhook_takes_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with HTTPServer(("127.0.0.1", 0), _Webhook) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        error = told(f"http://127.0.0.1:{server.server_port}{PATH}", monkeypatch)
        thread.join()

    assert (error, PATH in caplog.text) == ("", False)


def test_nor_is_it_when_nobody_is_there(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    with HTTPServer(("127.0.0.1", 0), _Webhook) as server:
        port = server.server_port

    error = told(f"http://127.0.0.1:{port}{PATH}", monkeypatch)

    assert "no reply from the webhook: ConnectionError" in error
    assert (PATH in error, PATH in caplog.text) == (False, False)
