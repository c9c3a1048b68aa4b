"""2 KB of metadata can be 150 headers, and Python's `http.client` by itself reads no more than 100 lines."""

from __future__ import annotations

import http.client
import socket
import string
from typing import TYPE_CHECKING

import pytest
import requests

from faketencent.http_handler import MOST_HEADERS

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from faketencent.server import Server

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOST = "videos-1250000000.cos.ap-beijing.myqcloud.com"
PUBLIC = {"x-cos-acl": "public-read"}
LETTERS = string.ascii_lowercase
SHORT = {f"x-cos-meta-{letter}": "1" for letter in LETTERS}
LONG = {f"x-cos-meta-{first}{second}": "" for first in "abcde" for second in LETTERS}
METADATA = dict(list({**SHORT, **LONG}.items())[:150])


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that takes any number of headers."""
    monkeypatch.setattr(http.client, "_MAXHEADERS", 10_000)


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that takes as many as Python's does by itself, whatever else was imported."""
    monkeypatch.setattr(http.client, "_MAXHEADERS", 100)


def test_there_are_150_of_them_within_the_limit() -> None:
    assert len(METADATA) == 150
    assert sum(len(name) + len(value) for name, value in METADATA.items()) <= 2048


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize(("method", "body"), [("HEAD", b""), ("GET", b"hello")])
def test_an_object_with_that_many_is_answered_whole(
    cos: CosBackend, videos: str, proxies: dict[str, str], method: str, body: bytes
) -> None:
    cos.put(videos, "a", b"hello", {**PUBLIC, **METADATA})

    reply = requests.request(method, f"http://{HOST}/a", proxies=proxies, timeout=10)

    assert {name: value for name, value in reply.headers.items() if name in METADATA} == METADATA
    assert (reply.headers["Content-Length"], reply.content) == ("5", body)


@pytest.mark.usefixtures("limited")
def test_too_many_headers_for_the_client_are_no_reply(cos: CosBackend, videos: str, proxies: dict[str, str]) -> None:
    cos.put(videos, "a", b"hello", {**PUBLIC, **METADATA})

    with pytest.raises(requests.ConnectionError, match="got more than 100 headers"):
        requests.get(f"http://{HOST}/a", proxies=proxies, timeout=10)


@pytest.mark.usefixtures("limited")
def test_where_the_clients_limit_lies_is_the_same_for_both(
    request: pytest.FixtureRequest, cos: CosBackend, videos: str
) -> None:
    counts = range(80, 95)
    for count in counts:
        cos.put(videos, f"{count}", b"hello", {**PUBLIC, **dict(list(METADATA.items())[:count])})

    def arrive(proxies: dict[str, str]) -> list[bool]:
        return [_arrives(f"http://{HOST}/{count}", proxies) for count in counts]

    over_http = arrive({"http": request.getfixturevalue("server").url})
    request.getfixturevalue("connect")
    assert arrive({}) == over_http
    assert set(over_http) == {True, False}


def _arrives(url: str, proxies: dict[str, str]) -> bool:
    try:
        return requests.get(url, proxies=proxies, timeout=10).status_code == 200
    except requests.ConnectionError:
        return False


def test_an_upload_and_a_copy_with_that_many_are_taken(any_client: CosS3Client, cos: CosBackend, videos: str) -> None:
    any_client.put_object(Bucket=videos, Key="a.mp4", Body=b"hello", Metadata=METADATA)
    assert cos.get(videos, "a.mp4").headers == METADATA

    source = {"Bucket": videos, "Key": "a.mp4", "Region": "ap-beijing"}
    changed = {**METADATA, "x-cos-meta-a": "2"}
    any_client.copy_object(Bucket=videos, Key="a.mp4", CopySource=source, CopyStatus="Replaced", Metadata=changed)
    assert cos.get(videos, "a.mp4").headers == changed


@pytest.mark.usefixtures("videos")
def test_an_odd_expectation_is_left_to_the_service(cloud: FakeCloud, proxies: dict[str, str]) -> None:
    requests.put(f"http://{HOST}/a", headers={"Expect": "nothing"}, data=b"1", proxies=proxies, timeout=10)

    assert cloud.journal[-1].request.headers["Expect"] == "nothing"


@pytest.mark.parametrize(("more", "status"), [(0, 421), (1, 431)])
def test_headers_of_more_than_64_kilobytes_are_refused(
    cloud: FakeCloud, server: Server, more: int, status: int
) -> None:
    lines = b"x-a: 1\r\n" * (MOST_HEADERS // 8 - 2)
    rest = MOST_HEADERS - len(lines) + more
    last = b"x-b: ".ljust(rest - 2, b"1") + b"\r\n"
    with socket.create_connection(server.address, timeout=10) as connection:
        connection.sendall(b"GET http://example.com/ HTTP/1.1\r\n" + lines + last + b"\r\n")
        with connection.makefile("r", newline="\r\n") as replied:
            assert replied.readline().startswith(f"HTTP/1.1 {status} ")
    assert len(cloud.unknown) == (status == 421)
