"""Events that nobody waits for: retries, dead letters, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faketencent.cloud import FakeCloud
from faketencent.scf.exceptions import EventTooLargeError
from faketencent.scf.function import AfterRetries
from faketencent.scf.invocation import Source, Status

if TYPE_CHECKING:
    from faketencent.scf.models import ScfBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def scf(cloud: FakeCloud) -> ScfBackend:
    cloud.scf.backend.create_function("submit", lambda _, __: None)
    return cloud.scf.backend


@pytest.fixture
def failing(cloud: FakeCloud) -> ScfBackend:
    def handler(event: dict[str, Any], _: object) -> None:
        event["Message"] = "changed by the handler"
        raise RuntimeError("not today")

    cloud.scf.backend.create_function("sweep", handler)
    return cloud.scf.backend


def test_a_failed_event_is_retried_twice_a_minute_apart(cloud: FakeCloud, failing: ScfBackend) -> None:
    failing.invoke_later("sweep", {"Message": "as sent"})
    start = cloud.clock.now()

    cloud.advance(600)

    assert [run.started_at - start for run in failing.invocations] == [0, 60, 120]
    assert [run.event for run in failing.invocations] == [{"Message": "as sent"}] * 3
    assert len({run.request_id for run in failing.invocations}) == 3


def test_a_killed_event_is_retried_too(cloud: FakeCloud, scf: ScfBackend) -> None:
    scf.create_function("slow", lambda _, __: cloud.clock.sleep(61), timeout=60)
    scf.invoke_later("slow", {})

    cloud.advance(600)

    assert [run.status for run in scf.invocations] == [Status.KILLED] * 3


def test_a_retry_that_succeeds_ends_it(cloud: FakeCloud, scf: ScfBackend) -> None:
    answers = iter([RuntimeError(), None])

    def handler(_: object, __: object) -> None:
        if error := next(answers):
            raise error

    scf.create_function("sweep", handler)
    scf.invoke_later("sweep", {})

    cloud.advance(600)

    assert [run.status for run in scf.invocations] == [Status.FAILED, Status.SUCCEEDED]
    assert scf.dead_letters == []


def test_an_event_that_is_given_up_becomes_a_dead_letter(cloud: FakeCloud, failing: ScfBackend) -> None:
    failing.invoke_later("sweep", {"Message": "水"}, source=Source.TIMER)

    cloud.advance(600)

    # then https://cloud.tencent.com/document/product/583/39704
    (letter,) = failing.dead_letters
    last = failing.invocations[-1]
    assert letter.message == {
        "RequestId": last.request_id,
        "ErrorCode": -1,
        "ErrorMessage": last.error,
        "Body": {
            "AppId": 1250000000,
            "Uin": "100000000001",
            "SubAccountUin": "100000000001",
            "RequestSource": "TRIGGER_TIMER",
            "FunctionName": "sweep",
            "Namespace": "default",
            "Qualifier": "$DEFAULT",
            "InvocationType": "RequestResponse",
            "ClientContext": '{"Message": "水"}',
            "LogType": "",
            "TimeStampForInvoker": "1767225720000",
            "RequestId": last.request_id,
            "PushTime": "2026-01-01T08:02:00.000000+08:00",
            "RetryNum": 2,
            "Ttl": 0,
        },
    }


def test_or_it_is_dropped(cloud: FakeCloud, failing: ScfBackend) -> None:
    failing.update_function("sweep", after_retries=AfterRetries.DROP)
    failing.invoke_later("sweep", {})

    cloud.advance(600)

    assert len(failing.invocations) == 3
    assert failing.dead_letters == []


@pytest.mark.parametrize("retries", [0, 1, 2])
def test_the_number_of_retries_can_be_set(cloud: FakeCloud, failing: ScfBackend, retries: int) -> None:
    failing.update_function("sweep", retries=retries)
    failing.invoke_later("sweep", {})

    cloud.advance(600)

    assert len(failing.invocations) == 1 + retries
    assert failing.dead_letters[0].message["Body"]["RetryNum"] == retries


def test_a_synchronous_failure_is_not_retried(cloud: FakeCloud, failing: ScfBackend) -> None:
    failing.invoke("sweep", {})

    cloud.advance(600)

    assert len(failing.invocations) == 1


def test_an_asynchronous_event_has_at_most_128_kb(scf: ScfBackend) -> None:
    largest = 128 * 1024 - len('{"x": ""}')

    scf.invoke_later("submit", {"x": "x" * largest})
    with pytest.raises(EventTooLargeError):
        scf.invoke_later("submit", {"x": "x" * (largest + 1)})
