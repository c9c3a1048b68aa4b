"""What the tests of the fakes are given: a cloud, buckets in it, and the SDK's own client."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Protocol
from unittest.mock import patch

import pytest
from qcloud_cos.cos_exception import CosServiceError

from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from faketencent.server import serve
from tests.faketencent.ci_fixtures import World, world_of
from tests.faketencent.sdk import REGION, client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qcloud_cos import CosS3Client

    from faketencent.cam import Identity
    from faketencent.cos import CosBackend, StoredObject
    from faketencent.server import Server


EVERYTHING = {
    "content-type": "video/mp4",
    "cache-control": "max-age=60",
    "x-cos-meta-owner": "amy",
    "x-cos-storage-class": "STANDARD_IA",
    "x-cos-acl": "public-read",
    "x-cos-server-side-encryption": "AES256",
    "x-cos-tagging": "team=red",
}


class Connect(Protocol):
    """Makes an SDK client: for the account or for somebody else, in a region, with options of CosConfig."""

    def __call__(
        self, identity: Identity | None = None, region: str = "ap-beijing", **options: object
    ) -> CosS3Client: ...


class Copy(Protocol):
    """Copies `source`, onto itself and with its metadata replaced unless said otherwise."""

    def __call__(self, key: str = ..., status: str = ..., **options: object) -> dict[str, str]: ...


class Refused(Protocol):
    """Expects the SDK to report an error; a reply to HEAD has no code."""

    def __call__(self, status: int, code: str | None) -> AbstractContextManager[None]: ...


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def cos(cloud: FakeCloud) -> CosBackend:
    return cloud.cos.backend


@pytest.fixture
def videos(cos: CosBackend) -> str:
    return cos.create_bucket("videos-1250000000", "ap-beijing").name


@pytest.fixture
def versioned(cos: CosBackend) -> str:
    return cos.create_bucket("versioned-1250000000", "ap-beijing", versioning=True).name


@pytest.fixture
def elsewhere(cos: CosBackend) -> str:
    return cos.create_bucket("elsewhere-1250000000", "ap-shanghai").name


@pytest.fixture
def hello(cos: CosBackend, videos: str) -> str:
    """A bucket with one object in it: `a.mp4`, which says hello."""
    cos.put(videos, "a.mp4", b"hello")
    return videos


@pytest.fixture
def source(cos: CosBackend, videos: str) -> StoredObject:
    """An object with everything that an object can have."""
    return cos.put(videos, "a b+c/片.mp4", b"hello", EVERYTHING)


@pytest.fixture
def connect(cloud: FakeCloud) -> Iterator[Connect]:
    """Clients that are answered in this process."""
    with in_process(cloud):
        yield _connector(cloud)


@pytest.fixture
def client(connect: Connect) -> CosS3Client:
    return connect()


@pytest.fixture
def copy(client: CosS3Client, source: StoredObject) -> Copy:
    def copy(key: str = source.key, status: str = "Replaced", **options: object) -> dict[str, str]:
        named = {"Bucket": source.bucket, "Key": source.key, "Region": "ap-beijing"}
        reply: dict[str, str] = client.copy_object(
            Bucket=source.bucket, Key=key, CopySource=named, CopyStatus=status, **options
        )
        return reply

    return copy


@pytest.fixture
def server(cloud: FakeCloud) -> Iterator[Server]:
    """The cloud behind a real port; the SDK signs with the cloud's time."""
    clock = SimpleNamespace(time=cloud.clock.now)
    with patch("qcloud_cos.cos_auth.time", clock), serve(cloud) as running:
        yield running


@pytest.fixture
def client_over_http(cloud: FakeCloud, server: Server) -> CosS3Client:
    return _connector(cloud)(Scheme="http", Proxies={"http": server.url})


@pytest.fixture(params=["client", "client_over_http"])
def any_client(request: pytest.FixtureRequest) -> CosS3Client:
    """The client over either front end."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def any_world(cloud: FakeCloud, any_client: CosS3Client) -> World:
    """CI behind either front end, with one video, and jobs that move when a test says so."""
    world = world_of(cloud, any_client)
    world.put_video(text="first")
    world.manual()
    return world


@pytest.fixture(params=["in process", "over HTTP"])
def proxies(request: pytest.FixtureRequest) -> dict[str, str]:
    """For `requests`: the way to the cloud, through either front end; to be used with `http://` addresses."""
    if request.param == "over HTTP":
        server: Server = request.getfixturevalue("server")
        return {"http": server.url}
    request.getfixturevalue("connect")
    return {}


@pytest.fixture
def refused() -> Refused:
    @contextmanager
    def expect(status: int, code: str | None) -> Iterator[None]:
        with pytest.raises(CosServiceError) as caught:
            yield
        assert caught.value.get_status_code() == status
        if code is not None:
            assert caught.value.get_error_code() == code

    return expect


def _connector(cloud: FakeCloud) -> Callable[..., CosS3Client]:
    def connect(identity: Identity | None = None, region: str = REGION, **options: object) -> CosS3Client:
        who = identity or cloud.cam.account
        return client_of(who, Region=region, **options)

    return connect
