"""The stage of the demo: a fake Tencent Cloud over HTTP with both functions deployed on it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qcloud_cos import CosConfig, CosS3Client

import functions.callback
import functions.submit
from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.scf.invocation import Source
from faketencent.server import serve
from ops.demo.channel import Channel
from ops.policies import CALLBACK_ROLE, SUBMIT_ROLE, Deployment, Queue, callback_policy, submit_policy
from shared.settings import MqRegion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.ci.jobs import Job
    from faketencent.scf.invocation import Invocation
    from faketencent.server import Server

REGION = "ap-beijing"
VIDEOS = "videos-1250000000"
STUDIO = "studio-1250000000"
LEDGER = "ledger-1250000000"
QUEUE = Queue(region=MqRegion.BEIJING, name="watermark-results")
_TIMEOUT = 270
_FUNCTIONS = {
    "submit": (functions.submit, SUBMIT_ROLE),
    "callback": (functions.callback, CALLBACK_ROLE),
}


@dataclass(frozen=True)
class Stage:
    """The running cloud, where it listens, and the SDK's own client to use it with."""

    cloud: FakeCloud
    server: Server
    client: CosS3Client
    secret: str

    @property
    def callback_url(self) -> str:
        """The callback function's URL."""
        return self.cloud.scf.backend.function_url("callback")

    def use(self, channel: Channel) -> None:
        """Have callbacks come by this channel from now on."""
        own: dict[Channel, dict[str, str]] = {
            Channel.URL: {"CALLBACK_URL": self.callback_url},
            Channel.TDMQ: {
                "CALLBACK_TYPE": "TDMQ",
                "MQ_REGION": QUEUE.region.value,
                "MQ_NAME": QUEUE.name,
                "MQ_ENDPOINT": f"http://cmq-{QUEUE.region.value}.public.tencenttdmq.com",
            },
        }
        settings = {"SECRET": self.secret, "LEDGER_BUCKET": LEDGER, "SCHEME": "http", **own[channel]}
        environment = {f"WATERMARK_{name}": value for name, value in settings.items()}
        # Whatever the machine's own rules are, they are not for hosts of the fake cloud.
        environment |= {"HTTP_PROXY": self.server.url, "NO_PROXY": "localhost"}
        for name in _FUNCTIONS:
            self.cloud.scf.backend.update_function(name, environment=environment)

    def upload(self, key: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Upload into the watched bucket; what follows waits for `follow`."""
        self.client.put_object(Bucket=VIDEOS, Key=key, Body=body, Metadata=dict(headers))

    def tick(self) -> None:
        """Have the timer run the callback function, as soon as `follow` is called."""
        event = {"Type": "Timer", "TriggerName": "sweep", "Time": "2026-01-01T00:00:00Z", "Message": ""}
        self.cloud.scf.backend.invoke_later("callback", event, source=Source.TIMER)

    def follow(self) -> Iterator[Invocation | Job]:
        """Let what is due happen bit by bit; gives each run of a function as it ends, and each job as it changes."""
        runs, jobs = self.cloud.scf.backend.invocations, self.cloud.ci.backend.jobs
        seen, known = len(runs), dict(jobs)
        while self.cloud.clock.run_next():
            yield from runs[seen:]
            yield from (job for job_id, job in jobs.items() if known.get(job_id) != job)
            seen, known = len(runs), dict(jobs)

    def ledger(self, folder: str) -> list[str]:
        """The names under a folder of the ledger."""
        listed = self.client.list_objects(Bucket=LEDGER, Prefix=folder).get("Contents", [])
        return [entry["Key"] for entry in listed]

    def kept(self, name: str) -> bytes:
        """What the ledger holds under that name."""
        body: bytes = self.client.get_object(Bucket=LEDGER, Key=name)["Body"].get_raw_stream().read()
        return body

    def head(self, key: str) -> dict[str, str]:
        """The object's headers, names in lower case."""
        return {name.lower(): value for name, value in self.client.head_object(Bucket=VIDEOS, Key=key).items()}


@contextmanager
def open_stage(secret: str) -> Iterator[Stage]:
    """Start the cloud and deploy the functions, with the roles and policies that a real deployment has."""
    cloud = FakeCloud(WallClock())
    with serve(cloud) as server:
        account = cloud.cam.account
        config = CosConfig(
            Region=REGION,
            SecretId=account.secret_id,
            SecretKey=account.secret_key,
            Scheme="http",
            Proxies={"http": server.url},
        )
        _deploy(cloud)
        yield Stage(cloud, server, CosS3Client(config, retry=0), secret)


def _deploy(cloud: FakeCloud) -> None:
    for bucket in (VIDEOS, STUDIO, LEDGER):
        cloud.cos.backend.create_bucket(bucket, REGION)
    for bucket in (VIDEOS, STUDIO):
        cloud.ci.backend.bind_bucket(bucket)
    cloud.tdmq.backend.create_queue(QUEUE.name, QUEUE.region.value)
    deployment = Deployment(region=REGION, uin=cloud.cam.uin, buckets=(VIDEOS,), ledger_bucket=LEDGER, queue=QUEUE)
    cloud.cam.create_role(SUBMIT_ROLE, submit_policy(deployment))
    cloud.cam.create_role(CALLBACK_ROLE, callback_policy(deployment))
    for name, (module, role) in _FUNCTIONS.items():
        cloud.scf.backend.create_function(name, module.main_handler, role=role, timeout=_TIMEOUT, region=REGION)
    # All creations, copies included: our own write comes back as an event, and must lead to nothing.
    cloud.scf.backend.add_cos_trigger("submit", VIDEOS, "cos:ObjectCreated:*")
