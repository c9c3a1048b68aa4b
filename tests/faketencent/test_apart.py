"""The fake cloud in a process of its own: what a benchmark needs of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import requests

from faketencent.apart import Apart, ApartError, served_apart
from faketencent.connections import Counts
from faketencent.names import names_lead_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cloud import FakeCloud
    from faketencent.server import Server

pytestmark = pytest.mark.once

URL = "https://videos-1250000000.cos.ap-beijing.myqcloud.com/a.mp4"
LATENCY = 0.02


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    with served_apart(tmp_path_factory.mktemp("apart"), LATENCY) as apart, names_lead_to(apart.port):
        apart.run(put_video, b"hello")
        yield apart


def put_video(cloud: FakeCloud, _: Server, body: bytes) -> None:
    cloud.cos.backend.create_bucket("videos-1250000000", "ap-beijing")
    cloud.cos.backend.put("videos-1250000000", "a.mp4", body, {"x-cos-acl": "public-read"})


def counts(_: FakeCloud, server: Server) -> Counts:
    return server.counts


def hang_up(_: FakeCloud, server: Server) -> int:
    return server.hang_up()


def stumble(*_: object) -> None:
    raise ZeroDivisionError


def test_a_client_waits_for_each_reply_and_may_be_hung_up_on_while_it_sleeps(apart: Apart) -> None:
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(apart.authority)
        begin = time.monotonic()

        assert [session.get(URL, timeout=10).content for _ in range(2)] == [b"hello"] * 2
        # The handshake is the third.
        assert time.monotonic() - begin >= 3 * LATENCY
        assert apart.run(hang_up) == 1
        assert session.get(URL, timeout=10).content == b"hello"
    assert apart.run(counts) == Counts(connections=2, handshakes=2, requests=3)


def test_what_fails_there_is_raised_here(apart: Apart) -> None:
    with pytest.raises(ApartError, match="ZeroDivisionError"):
        apart.run(stumble)
