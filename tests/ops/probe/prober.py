"""An operator whose account has what the probe needs, and whose time passes while he waits."""

from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from faketencent.cam import CI_ROLE, SCF_ROLE
from faketencent.wire import Request
from ops import waiting
from ops.probe import copies
from tests.ops.account import Operator, an_operator
from tests.world import BUCKET

if TYPE_CHECKING:
    import urllib.request
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from faketencent.cloud import FakeCloud
    from faketencent.scf.function import Handler

MEGABYTE = 1024 * 1024


@contextmanager
def a_prober(folder: Path) -> Iterator[Operator]:
    """With nothing of a probe's in the account yet."""
    with an_operator(folder) as operator:
        cloud = operator.cloud
        for role in (CI_ROLE, SCF_ROLE):
            if not cloud.cam.has_role(role.name):
                cloud.cam.add_service_role(role)
        cloud.cos.backend.create_bucket(BUCKET, "ap-beijing")
        cloud.scf.backend.load = lambda archive, entry: _recorder(cloud, archive, entry)
        with patch.object(waiting, "pause", cloud.advance), patch.object(copies, "LARGE", copies.Large(MEGABYTE, (2,))):
            yield operator


def _recorder(cloud: FakeCloud, archive: bytes, entry: str) -> Handler:
    """The function of the zip; its network and its time are the fake cloud's."""
    file, _, name = entry.partition(".")
    module = ModuleType("")
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        exec(opened.read(f"{file}.py"), vars(module))  # noqa: S102 - what was deployed
    vars(module).update(
        time=SimpleNamespace(time=cloud.clock.now), build_opener=lambda: SimpleNamespace(open=_sends(cloud))
    )
    handler: Handler = vars(module)[name]
    return handler


def _sends(cloud: FakeCloud) -> Callable[..., Any]:
    @contextmanager
    def send(request: urllib.request.Request, timeout: float) -> Iterator[io.BytesIO]:  # noqa: ARG001 - as it is called
        body = request.data
        assert isinstance(body, bytes)
        sent = Request.to(request.get_method(), request.full_url, request.header_items(), body)
        reply = cloud.send(sent)
        assert reply.status < 300, reply
        yield io.BytesIO(reply.body)

    return send


def nothing_left(cloud: FakeCloud) -> bool:
    """Whether the account has nothing of a probe's."""
    names = [
        *(bucket.name for bucket in cloud.cos.backend.all_buckets()),
        *cloud.cam.roles.known,
        *(policy.name for policy in cloud.cam.policies.known.values()),
        *cloud.tdmq.backend.queue_names("bj"),
    ]
    probes = [name for name in names if name.startswith("cos-watermark-probe")]
    return not probes and cloud.scf.backend.functions.find("cos-watermark-probe") is None
