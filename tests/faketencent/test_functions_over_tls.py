"""The main job as in production: functions in processes of their own, over TLS, without a proxy."""

from __future__ import annotations

import sysconfig
from typing import TYPE_CHECKING

import pytest

from faketencent.scf.instances import Direct, instances
from faketencent.server import serve
from faketencent.tls import Authority
from ops.checkout import ROOT
from tests.faketencent.api.scf_client import HANDLER, zipped
from tests.world import deploy_on, marked_video

if TYPE_CHECKING:
    from pathlib import Path

    from faketencent.cloud import FakeCloud

pytestmark = pytest.mark.once

#: In place of the bundle: a process that has nothing else finds the checkout's code, and the packages of these tests.
ENTRY = f"""
import sys
sys.path += [{str(ROOT)!r}, {sysconfig.get_path("purelib")!r}]
from functions.{{name}} import main_handler
"""


def test_a_marked_video_ends_with_its_watermark_on_the_object(cloud: FakeCloud, tmp_path: Path) -> None:
    world, authority, scf = deploy_on(cloud), Authority(tmp_path), cloud.scf.backend
    with serve(cloud, authority=authority) as server, instances(cloud, Direct(server.port, authority.file)):
        for name in ("submit", "callback"):
            scf.update_function(name, handler=scf.load(zipped(ENTRY.format(name=name)), HANDLER))
        world.upload("a.mp4", marked_video("Hello_1"))
        cloud.settle()

        assert world.answer("a.mp4") == ("found", "Hello_1")
        # Each function calls three hosts, and connects once to each.
        calls = [call.request for call in cloud.journal if call.request.scheme == "https"]
        assert len(calls) > server.counts.handshakes == 2 * len({call.host for call in calls})
