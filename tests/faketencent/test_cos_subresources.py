"""Parameters that make another operation of a request: never are they served as the plain one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import requests

from faketencent.cos.parameters import SUBRESOURCES
from tests.faketencent.sdk import signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qcloud_cos import CosS3Client

    from faketencent.cam import Identity
    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once

UNSERVED = ["live", "vod", "policy", "website", "inventory", "logging", "cors", "lifecycle"]
CHANGES = ["PUT", "POST", "DELETE"]


@dataclass(frozen=True)
class Ask:
    """Sends signed requests about a bucket."""

    account: Identity
    host: str
    proxies: dict[str, str]

    def __call__(self, method: str, path: str = "/a.mp4", **params: str) -> requests.Response:
        return requests.request(
            method,
            f"http://{self.host}{path}",
            params=params,
            auth=signed(self.account, path, params),
            proxies=self.proxies,
            timeout=10,
        )


@pytest.fixture
def ask(cloud: FakeCloud, hello: str, proxies: dict[str, str]) -> Iterator[Ask]:
    """Signed requests about `a.mp4`; the gaps they show are expected here."""
    yield Ask(cloud.cam.account, f"{hello}.cos.ap-beijing.myqcloud.com", proxies)
    cloud.unknown.clear()


def is_refused(reply: requests.Response) -> bool:
    """Whether it is COS's 405, which has no body for HEAD."""
    named = "<Code>MethodNotAllowed</Code>" in reply.text
    return reply.status_code == 405 and named == (reply.request.method != "HEAD")


@pytest.mark.parametrize("name", [*UNSERVED, "nobody-knows-this"])
@pytest.mark.parametrize("method", CHANGES)
def test_a_change_that_nobody_serves_is_refused_and_changes_nothing(
    ask: Ask, cos: CosBackend, hello: str, method: str, name: str
) -> None:
    before = cos.get(hello, "a.mp4")

    assert is_refused(ask(method, **{name: ""}))
    assert cos.get(hello, "a.mp4") is before


@pytest.mark.parametrize("name", UNSERVED)
@pytest.mark.parametrize("value", ["", "1"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_nobody_serves_is_not_read_as_the_object_either(ask: Ask, method: str, name: str, value: str) -> None:
    assert is_refused(ask(method, **{name: value}))


@pytest.mark.parametrize("method", ["GET", "HEAD", *CHANGES])
def test_so_it_is_with_a_bucket(ask: Ask, method: str) -> None:
    assert is_refused(ask(method, "/", policy=""))


@pytest.mark.parametrize("method", ["GET", "HEAD", *CHANGES])
def test_the_gap_is_remembered_once_and_nothing_is_in_the_journal(ask: Ask, cloud: FakeCloud, method: str) -> None:
    ask(method, live="")

    (gap,) = cloud.unknown
    assert gap.startswith(f"no COS route for `{method} http://{ask.host}/a.mp4?live=`; known routes:\n")
    assert cloud.operations() == []


@pytest.mark.parametrize("name", sorted(SUBRESOURCES))
def test_no_documented_parameter_deletes_the_object(ask: Ask, cos: CosBackend, hello: str, name: str) -> None:
    for value in ("", "1"):
        ask("DELETE", **{name: value})

    assert cos.keys(hello) == ["a.mp4"]


@pytest.mark.parametrize(
    "params",
    [{"versionId": ""}, {"x-cos-security-token": ""}, {"sign": ""}, {"q-header-list": ""}, {"nothing": "special"}],
)
def test_parameters_that_ask_for_nothing_else_are_let_through(
    ask: Ask, cos: CosBackend, hello: str, params: dict[str, str]
) -> None:
    assert ask("DELETE", **params).status_code == 204
    assert cos.keys(hello) == []


@pytest.mark.parametrize("params", [{"nobody-knows-this": ""}, {"nothing": "special"}])
def test_reading_ignores_a_parameter_that_nobody_knows(ask: Ask, params: dict[str, str]) -> None:
    assert ask("GET", **params).content == b"hello"
    assert ask("HEAD", **params).headers["Content-Length"] == "5"


def test_listings_are_asked_for_with_empty_parameters_too(client: CosS3Client, hello: str) -> None:
    listing = client.list_objects(Bucket=hello, Prefix="", Marker="", Delimiter="", EncodingType="")

    assert [entry["Key"] for entry in listing["Contents"]] == ["a.mp4"]
