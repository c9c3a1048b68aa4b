"""The stage of the demo: a fake Tencent Cloud over HTTP with both functions deployed on it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qcloud_cos import CosConfig, CosS3Client

import functions.callback
import functions.submit
from fakes.clock import WallClock
from fakes.cloud import FakeCloud
from fakes.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fakes.scf.invocation import Invocation
    from fakes.server import Server

REGION = "ap-beijing"
VIDEOS = "videos-1250000000"
STUDIO = "studio-1250000000"
CLAIMS = "claims-1250000000"
_ROLE = "cos-watermark"
_TIMEOUT = 270
_EVERYTHING = {"version": "2.0", "statement": [{"effect": "allow", "action": ["*"], "resource": ["*"]}]}


@dataclass(frozen=True)
class Stage:
    """The running cloud, where it listens, and the SDK's own client to use it with."""

    cloud: FakeCloud
    server: Server
    client: CosS3Client
    callback_url: str

    def upload(self, key: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Upload into the watched bucket; what follows waits for `follow`."""
        self.client.put_object(Bucket=VIDEOS, Key=key, Body=body, Metadata=dict(headers))

    def follow(self) -> Iterator[Invocation]:
        """Let events, jobs and callbacks happen one after the other, and give each run of a function as it ends."""
        runs = self.cloud.scf.backend.invocations
        seen = len(runs)
        while self.cloud.clock.run_next():
            yield from runs[seen:]
            seen = len(runs)

    def head(self, key: str) -> dict[str, str]:
        """The object's headers, names in lower case."""
        return {name.lower(): value for name, value in self.client.head_object(Bucket=VIDEOS, Key=key).items()}


@contextmanager
def open_stage(secret: str) -> Iterator[Stage]:
    """Start the cloud and deploy the functions, as `serverless.yml` would."""
    cloud = FakeCloud(WallClock())
    with serve(cloud) as server:
        callback_url = _deploy(cloud, server, secret)
        account = cloud.cam.account
        config = CosConfig(
            Region=REGION,
            SecretId=account.secret_id,
            SecretKey=account.secret_key,
            Scheme="http",
            Proxies={"http": server.url},
        )
        yield Stage(cloud, server, CosS3Client(config, retry=0), callback_url)


def _deploy(cloud: FakeCloud, server: Server, secret: str) -> str:
    for bucket in (VIDEOS, STUDIO, CLAIMS):
        cloud.cos.backend.create_bucket(bucket, REGION)
    for bucket in (VIDEOS, STUDIO):
        cloud.ci.backend.bind_bucket(bucket)
    cloud.cam.create_role(_ROLE, _EVERYTHING)
    scf = cloud.scf.backend
    handlers = {"submit": functions.submit.main_handler, "callback": functions.callback.main_handler}
    for name, handler in handlers.items():
        scf.create_function(name, handler, role=_ROLE, timeout=_TIMEOUT, region=REGION)
    callback_url = scf.function_url("callback")
    environment = {
        "WATERMARK_SECRET": secret,
        "WATERMARK_CLAIMS_BUCKET": CLAIMS,
        "WATERMARK_CALLBACK_URL": callback_url,
        "WATERMARK_SCHEME": "http",
        "HTTP_PROXY": server.url,
        # Whatever the machine's own rules are, they are not for hosts of the fake cloud.
        "NO_PROXY": "localhost",
    }
    for name in handlers:
        scf.update_function(name, environment=environment)
    # All creations, copies included: our own write comes back as an event, and must lead to nothing.
    scf.add_cos_trigger("submit", VIDEOS, "cos:ObjectCreated:*")
    return callback_url
