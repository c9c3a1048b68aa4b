"""Which callbacks CI refuses when a job is submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci import CallbackPolicy
from tests.faketencent.ci_fixtures import ADDRESS, World, extraction, refusal, running_world

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

MQ = {"MqRegion": "bj", "MqMode": "Queue", "MqName": "call_backs"}
TO_MQ: dict[str, Any] = {"CallBackType": "TDMQ", "CallBackMqConfig": MQ}


@pytest.fixture
def world() -> Iterator[World]:
    with running_world() as world:
        world.put_video()
        yield world


@pytest.mark.parametrize(
    "address",
    [
        "https://1250000000-abcdefghij.ap-beijing.tencentscf.com/ci?token=x",
        "http://example.com",
        "https://Example.COM./",
        "http://example.com:8080/ci",
        "https://example.com:65535/",
        "http://8.8.8.8/ci",
        "http://[2001:4860:4860::8888]:8080/",
        "https://call_back.xn--fiqs8s/",
        "https://example.com/" + "x" * 500,
    ],
)
def test_an_address_in_the_internet_is_taken(world: World, address: str) -> None:
    assert world.submit(extraction(CallBack=address))


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/", "http://localhost:9000/ci", "http://api.localhost/", "http://printer.local/",
        "http://ci.internal/", "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/",
        "http://0.0.0.0/", "http://10.0.0.1/", "http://172.16.3.4:80/", "http://192.168.1.1/", "http://169.254.0.23/",
        "http://100.64.1.1/", "http://224.0.0.1/", "http://[::1]/", "http://[fe80::1]/", "http://[fd00::1]/",
        "http://[::ffff:10.0.0.1]/", "http://callback/",
    ],
)  # fmt: skip
def test_an_address_of_a_private_network_is_refused(world: World, address: str) -> None:
    assert refusal(world, extraction(CallBack=address)) == (400, "InvalidArgument")


@pytest.mark.parametrize(
    "address",
    [
        "example.com", "//example.com/", "https:/example.com", "https://", "https://?a", "https://:443/",
        "ftp://example.com", "https://example.com:0/", "https://example.com:65536/", "https://example.com:https/",
        "https://example..com/", "https://-example.com/", "https://example-.com/", "https://exa mple.com/",
        "https://example.com/a b", "https://例.com/", "https://example.com/水印", "http://[::1", "http://1.2.3.4.5/",
        "https://" + "a" * 64 + ".com/", "https://" + "a." * 130 + "com/", "https://example.com/\x7f",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(world: World, address: str) -> None:
    assert refusal(world, extraction(CallBack=address)) == (400, "InvalidArgument")


def test_the_error_names_the_field_and_the_reason(world: World) -> None:
    body = b"<Request><Tag>ExtractDigitalWatermark</Tag><Input><Object>a.mp4</Object></Input><Operation>"
    body += b"<ExtractDigitalWatermark><Type>Text</Type><Version>V1</Version></ExtractDigitalWatermark></Operation>"
    body += b"<CallBack>http://10.0.0.1/</CallBack></Request>"

    reply = world.send("POST", "/jobs", body)
    assert "<Message>Request.CallBack: &#39;http://10.0.0.1/&#39;: an address inside a private network" in reply.text


class TestRefusedOnDemand:
    def test_one_address_is_refused_until_it_is_accepted(self, world: World) -> None:
        world.ci.callback_rules.refuse(ADDRESS)

        assert refusal(world, extraction(CallBack=ADDRESS)) == (400, "InvalidArgument")
        assert not world.ci.jobs
        assert world.submit(extraction(CallBack=f"{ADDRESS}/other"))
        assert world.submit(extraction())

        world.cloud.advance(86_400)
        world.ci.callback_rules.accept(ADDRESS)
        assert world.submit(extraction(CallBack=ADDRESS))

    def test_a_message_queue_may_be_refused_as_well(self, world: World) -> None:
        target = world.ci.jobs[world.submit(extraction(**TO_MQ))].request.callback
        world.ci.callback_rules.refuse(str(target))

        assert refusal(world, extraction(**TO_MQ)) == (400, "InvalidArgument")

    def test_an_address_may_be_too_long(self, world: World) -> None:
        world.ci.callback_rules.longest = 100
        fits = "https://example.com/".ljust(100, "x")

        assert world.submit(extraction(CallBack=fits))
        assert refusal(world, extraction(CallBack=f"{fits}x")) == (400, "InvalidArgument")


class TestOfCancelledJobs:
    def cancel(self, world: World) -> None:
        job_id = world.submit(extraction(CallBack=ADDRESS))
        world.ci.cancel(job_id)
        world.cloud.settle()

    def test_nobody_is_told(self, world: World) -> None:
        self.cancel(world)
        assert not world.receiver.requests

    def test_somebody_is_told_if_the_policy_says_so(self, world: World) -> None:
        world.ci.sender.policy = CallbackPolicy(tells_of_cancelled=True)
        self.cancel(world)
        (request,) = world.receiver.requests
        assert b"<State>Cancel</State>" in request.body
