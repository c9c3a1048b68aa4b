"""The API over real HTTP, and deployed zips in processes of their own."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from tencentcloud.common.profile.http_profile import HttpProfile

from faketencent.scf.instances import instances
from faketencent.server import serve
from tests.faketencent.api.scf_client import Scf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cloud import FakeCloud

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: Calls COS, which refuses it: nothing is signed.
CALLS_OUT = """
import urllib.error
import urllib.request

STARTS = []

def main_handler(event, context):
    STARTS.append(event)
    try:
        urllib.request.urlopen("http://videos-1250000000.cos.ap-beijing.myqcloud.com/a")
    except urllib.error.HTTPError as error:
        with error:
            return [error.code, len(STARTS)]
"""


@pytest.fixture
def scf(cloud: FakeCloud) -> Iterator[Scf]:
    """SCF behind a real port; the SDK signs with the cloud's time, and speaks HTTP to the names of the services."""
    clock = SimpleNamespace(time=cloud.clock.now)
    cloud.cos.backend.create_bucket("videos-1250000000", "ap-beijing")
    with (
        patch("tencentcloud.common.abstract_client.time", clock),
        serve(cloud) as server,
        instances(cloud, server.url),
    ):
        yield Scf(cloud.cam.account, profile=HttpProfile(protocol="http", proxy=f"127.0.0.1:{server.port}"))


def test_a_deployed_function_runs_in_its_own_process_and_reaches_the_cloud_while_it_is_invoked(
    cloud: FakeCloud, scf: Scf
) -> None:
    scf.create(entry=CALLS_OUT)
    cloud.clock.sleep(2)

    answers = [json.loads(scf.ask("InvokeFunction", Event="1")["Result"]["RetMsg"]) for _ in range(2)]

    # the second run finds what the first one left
    assert answers == [[403, 1], [403, 2]]
    assert scf.refused("GetFunction", "other") == "ResourceNotFound.Function"


def test_new_settings_mean_a_new_process(cloud: FakeCloud, scf: Scf) -> None:
    entry = "import os\nSTARTS = []\ndef main_handler(event, context):\n    STARTS.append(1)\n" + (
        "    return [len(STARTS), os.environ.get('MODE')]\n"
    )
    scf.create(entry=entry, Environment={"Variables": [{"Key": "MODE", "Value": "x"}]})
    cloud.clock.sleep(2)
    scf.ask("InvokeFunction")

    scf.ask("UpdateFunctionConfiguration", Environment={"Variables": [{"Key": "", "Value": ""}]})
    cloud.clock.sleep(2)

    assert scf.ask("InvokeFunction")["Result"]["RetMsg"] == "[1, null]"


def test_a_process_that_cannot_load_its_handler_fails_the_run(cloud: FakeCloud, scf: Scf) -> None:
    scf.create(entry="raise RuntimeError('no settings')\n")
    cloud.clock.sleep(2)

    error = json.loads(scf.ask("InvokeFunction")["Result"]["ErrMsg"])

    assert "RuntimeError: no settings" in error["stackTrace"]


def test_a_process_that_ends_by_itself_is_replaced(cloud: FakeCloud, scf: Scf) -> None:
    scf.create(entry="import os\ndef main_handler(event, context):\n    return event or os._exit(1)\n")
    cloud.clock.sleep(2)

    codes = [scf.ask("InvokeFunction", Event=event)["Result"]["InvokeResult"] for event in ("1", "0", "1")]

    assert codes == [0, 430, 0]
