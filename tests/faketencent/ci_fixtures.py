"""A fake cloud with one bucket that CI serves, and the SDK's own client for it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
import requests
from qcloud_cos import CosServiceError

from faketencent.ci import watermark
from faketencent.ci.models import CiBackend, Progression
from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from faketencent.video import tiny_mp4
from faketencent.wire import Reply, Request
from tests.faketencent.sdk import REGION, client_of, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qcloud_cos import CosS3Client

    from faketencent.cam import Identity

BUCKET = "videos-1250000000"
HOST = f"{BUCKET}.ci.{REGION}.myqcloud.com"
ADDRESS = "http://callback.demo.com/ci"


def extraction(key: str = "a.mp4", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of any kind
    """The body of an extraction; `more` are fields of the request."""
    return {
        "Tag": "ExtractDigitalWatermark",
        "Input": {"Object": key},
        "Operation": {"ExtractDigitalWatermark": {"Type": "Text", "Version": "V1"}},
        **more,
    }


def embedding(key: str = "a.mp4", to: str = "marked.mp4", message: str = "123456789ab") -> dict[str, Any]:
    """The body of an embedding within the bucket."""
    return {
        "Tag": "DigitalWatermark",
        "Input": {"Object": key},
        "Operation": {
            "DigitalWatermark": {"Type": "Text", "Message": message, "Version": "V1"},
            "Output": {"Region": REGION, "Bucket": BUCKET, "Object": to},
        },
    }


@dataclass
class Receiver:
    """Stands at the other end of callbacks; answers with `statuses`, the last one for ever."""

    statuses: list[int] = field(default_factory=lambda: [200])
    requests: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        self.requests.append(request)
        return Reply(self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])


@dataclass(frozen=True)
class World:
    """The cloud, a client with all rights, and what the tests do again and again."""

    cloud: FakeCloud
    sdk: CosS3Client
    receiver: Receiver

    @property
    def ci(self) -> CiBackend:
        return self.cloud.ci.backend

    def client(self, identity: Identity) -> CosS3Client:
        """The SDK's client, as somebody else, and without its retries."""
        return client_of(identity)

    def put_video(self, key: str = "a.mp4", text: str | None = "123456789ab") -> None:
        """Upload a video, with a watermark unless it is None."""
        video = tiny_mp4() if text is None else watermark.embed(tiny_mp4(), text)
        self.cloud.cos.backend.put(BUCKET, key, video, {"content-type": "video/mp4"})

    def submit(self, job: dict[str, Any] | None = None) -> str:
        """Submit a job; return its id."""
        reply = self.sdk.ci_create_media_jobs(
            Bucket=BUCKET, Jobs=job or extraction(), Lst={}, ContentType="application/xml"
        )
        return str(reply["JobsDetail"][0]["JobId"])

    def detail(self, job_id: str) -> dict[str, Any]:
        """The job as GET /jobs/<id> shows it."""
        (detail,) = self.sdk.ci_get_media_jobs(Bucket=BUCKET, JobIDs=job_id)["JobsDetail"]
        return dict(detail)

    def listed(self) -> list[str]:
        """The ids of the extractions, as GET /jobs lists them."""
        reply = self.sdk.ci_list_media_jobs(Bucket=BUCKET, Tag="ExtractDigitalWatermark")
        return [str(job["JobId"]) for job in reply.get("JobsDetail", [])]

    def cancel(self, *job_ids: str) -> Any:  # noqa: ANN401 - as the SDK types it
        """Call off jobs that wait."""
        return self.sdk.ci_cancel_jobs(Bucket=BUCKET, JobID=",".join(job_ids))

    def manual(self) -> CiBackend:
        """Let jobs move only when the test says so."""
        self.ci.progression = Progression.MANUAL
        return self.ci

    def send(self, method: str, path: str, body: bytes = b"", *, host: str = HOST, **headers: str) -> requests.Response:
        """Send a signed request that the SDK would not."""
        return requests.request(
            method,
            f"http://{host}{path}",
            data=body,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            auth=signed(self.cloud.cam.account, unquote(path.partition("?")[0])),
            proxies=self.sdk.get_conf()._proxies,
            timeout=10,
        )


def world_of(cloud: FakeCloud, sdk: CosS3Client) -> World:
    """Have CI serve a bucket of that cloud."""
    cloud.cos.backend.create_bucket(BUCKET, REGION)
    cloud.ci.backend.bind_bucket(BUCKET)
    receiver = Receiver()
    cloud.send = receiver
    return World(cloud, sdk, receiver)


@contextmanager
def running_world() -> Iterator[World]:
    """A world whose requests are served as long as the context lasts."""
    cloud = FakeCloud()
    with in_process(cloud):
        yield world_of(cloud, client_of(cloud.cam.account))


def error_of(error: CosServiceError) -> tuple[int, str]:
    """Status and code; the SDK itself cannot read the code of an error of CI."""
    text = str(error.get_origin_msg())
    return int(error.get_status_code()), text.partition("<Code>")[2].partition("</Code>")[0]


def refusal(world: World, job: dict[str, Any]) -> tuple[int, str]:
    """Status and code with which the job is refused."""
    with pytest.raises(CosServiceError) as refused:
        world.submit(job)
    return error_of(refused.value)


def compact(document: str) -> str:
    """Without the white space between elements."""
    return re.sub(r">\s+<", "><", document.strip())
