"""The stage of the demo: a fake Tencent Cloud over HTTP with both functions deployed on it."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qcloud_cos import CosConfig, CosS3Client
from qcloud_cos.cos_exception import CosServiceError

import functions.callback
import functions.submit
from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.scf.invocation import Source
from faketencent.server import serve
from ops.demo.channel import Channel
from ops.policies import CALLBACK_ROLE, SUBMIT_ROLE, Deployment, Queue, callback_policy, submit_policy
from shared.errors import ConfigurationError
from shared.settings import MqRegion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from faketencent.ci.jobs import Job
    from faketencent.scf.invocation import Invocation
    from faketencent.server import Server

REGION = "ap-beijing"
VIDEOS = "videos-1250000000"
STUDIO = "studio-1250000000"
LEDGER = "ledger-1250000000"
#: Seconds from tick to tick of the timer where somebody watches; a real deployment has a minute.
TICK = 5
#: What the names of our headers begin with.
MARK = "x-cos-meta-watermark"
QUEUE = Queue(region=MqRegion.BEIJING, name="watermark-results")
_TIMEOUT = 270
_DAY = 86400
#: Calls that are remembered; without a limit a cloud that is kept running would never forget one.
_JOURNAL = 1000
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

    @property
    def settings(self) -> dict[str, str]:
        """The functions' settings, but for the channel's."""
        return {
            "WATERMARK_SECRET": self.secret,
            "WATERMARK_LEDGER_BUCKET": LEDGER,
            "WATERMARK_SCHEME": "http",
        }

    @property
    def env_file(self) -> str:
        """What `.env` would be for the operator's commands."""
        account = self.cloud.cam.account
        variables = {
            "DEPLOY_REGION": REGION,
            "DEPLOY_BUCKETS": VIDEOS,
            "TENCENTCLOUD_SECRET_ID": account.secret_id,
            "TENCENTCLOUD_SECRET_KEY": account.secret_key,
            **self.settings,
        }
        return "".join(f"{name}={value}\n" for name, value in variables.items())

    def use(self, channel: Channel) -> None:
        """Have callbacks come by this channel from now on."""
        own: dict[Channel, dict[str, str]] = {
            Channel.URL: {"WATERMARK_CALLBACK_URL": self.callback_url},
            Channel.TDMQ: {
                "WATERMARK_CALLBACK_TYPE": "TDMQ",
                "WATERMARK_MQ_REGION": QUEUE.region.value,
                "WATERMARK_MQ_NAME": QUEUE.name,
                "WATERMARK_MQ_ENDPOINT": f"http://cmq-{QUEUE.region.value}.public.tencenttdmq.com",
            },
        }
        # Whatever the machine's own rules are, they are not for hosts of the fake cloud.
        proxy = {"HTTP_PROXY": self.server.url, "NO_PROXY": "localhost"}
        environment = {**self.settings, **own[channel], **proxy}
        for name in _FUNCTIONS:
            self.cloud.scf.backend.update_function(name, environment=environment)

    def upload(self, key: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Upload into the watched bucket; what follows waits for `follow`."""
        self.client.put_object(Bucket=VIDEOS, Key=key, Body=body, Metadata=dict(headers))

    def tick(self) -> None:
        """Have the timer run the callback function, as soon as `follow` is called."""
        event = {"Type": "Timer", "TriggerName": "sweep", "Time": "2026-01-01T00:00:00Z", "Message": ""}
        self.cloud.scf.backend.invoke_later("callback", event, source=Source.TIMER)

    def tick_on(self) -> None:
        """Have the timer tick now, and so on by itself. What a machine that slept has missed is not made up for."""
        self.tick()
        self.cloud.clock.call_later(TICK, self.tick_on)

    def follow(self, wait: Callable[[], None] | None = None) -> Iterator[Invocation | Job]:
        """Let what is due happen bit by bit; gives each run of a function as it ends, and each job as it changes.

        Ends when nothing more is due; with `wait`, which is called then, it goes on without end.
        """
        runs, jobs = self.cloud.scf.backend.invocations, self.cloud.ci.backend.jobs
        seen, known = len(runs), dict(jobs)
        while True:
            if not self.cloud.clock.run_next():
                if wait is None:
                    return
                wait()
            # Copies: requests from outside may add to both meanwhile.
            new, now = runs[seen:], dict(jobs)
            yield from new
            yield from (job for job_id, job in now.items() if known.get(job_id) != job)
            seen, known = seen + len(new), now

    def signed_url(self, method: str, key: str) -> str:
        """What a client without the account's key can send, for a day."""
        signed: str = self.client.get_presigned_url(Bucket=VIDEOS, Key=key, Method=method, Expired=_DAY)
        return signed

    def ledger(self, folder: str) -> list[str]:
        """The names under a folder of the ledger."""
        listed = self.client.list_objects(Bucket=LEDGER, Prefix=folder).get("Contents", [])
        return [entry["Key"] for entry in listed]

    def kept(self, name: str) -> bytes:
        """What the ledger holds under that name."""
        body: bytes = self.client.get_object(Bucket=LEDGER, Key=name)["Body"].get_raw_stream().read()
        return body

    def marks(self, key: str) -> dict[str, str]:
        """Those of the object's headers that the functions wrote; none if it is gone."""
        try:
            headers = self.head(key)
        except CosServiceError:
            return {}
        return {name: value for name, value in headers.items() if name.startswith(MARK)}

    def head(self, key: str) -> dict[str, str]:
        """The object's headers, names in lower case."""
        return {name.lower(): value for name, value in self.client.head_object(Bucket=VIDEOS, Key=key).items()}


@contextmanager
def open_stage(secret: str, port: int = 0) -> Iterator[Stage]:
    """Start the cloud and deploy the functions, with the roles and policies that a real deployment has.

    Raises:
        ConfigurationError: the port cannot be used.
    """
    cloud = FakeCloud(WallClock(), journal_size=_JOURNAL)
    with ExitStack() as stack:
        try:
            server = stack.enter_context(serve(cloud, port))
        except OSError as error:
            why = os.strerror(error.errno or 0)
            raise ConfigurationError(f"port {port} cannot be used here ({why}): take another, or none") from error
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
