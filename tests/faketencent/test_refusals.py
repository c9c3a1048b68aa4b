"""Refusals that a test orders: each in the service's own form, for as many calls as wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from qcloud_cos.cos_exception import CosServiceError

from faketencent.faults import Fault
from faketencent.pacing import Pacing
from faketencent.refusals import (
    ACCESS_DENIED,
    INVALID_ARGUMENT,
    PAYMENT_REQUIRED,
    REFUSALS,
    ROLE_MISSING,
    BareReply,
    Refusal,
)
from tests.faketencent.ci_fixtures import error_of, extraction

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from tests.faketencent.conftest import Refused

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def videos(cloud: FakeCloud) -> str:
    """A bucket that CI serves."""
    name = cloud.cos.backend.create_bucket("videos-1250000000", "ap-beijing").name
    cloud.ci.backend.bind_bucket(name)
    return name


def submit(client: CosS3Client, bucket: str) -> None:
    client.ci_create_media_jobs(Bucket=bucket, Jobs=extraction(), Lst={}, ContentType="application/xml")


def statuses(client: CosS3Client, bucket: str, calls: int) -> list[int]:
    """With what each of so many uploads is answered."""
    answers = []
    for n in range(calls):
        try:
            client.put_object(Bucket=bucket, Key=f"{n}", Body=b"")
            answers.append(200)
        except CosServiceError as error:
            answers.append(error.get_status_code())
    return answers


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_ci_refuses_in_its_own_document_and_without_effect(
    cloud: FakeCloud, any_client: CosS3Client, videos: str, refusal: Refusal
) -> None:
    cloud.faults.on("CreateMediaJobs", refusal)

    with pytest.raises(CosServiceError) as caught:
        submit(any_client, videos)

    assert error_of(caught.value) == (refusal.status, refusal.code)
    assert "<Resource>" not in caught.value.get_origin_msg()
    assert not cloud.ci.backend.jobs
    submit(any_client, videos)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_cos_refuses_in_its_own_document_and_without_effect(
    cloud: FakeCloud, any_client: CosS3Client, videos: str, refused: Refused, refusal: Refusal
) -> None:
    cloud.faults.on("PutObject", refusal)

    with refused(refusal.status, refusal.code):
        any_client.put_object(Bucket=videos, Key="a", Body=b"1")
    assert not cloud.cos.backend.keys(videos)


@pytest.mark.parametrize("status", [400, 451])
@pytest.mark.parametrize("body", [b"", b"<html>blocked</html>", b"<Error><Code></Code></Error>"])
def test_a_refusal_may_name_no_code(
    cloud: FakeCloud, any_client: CosS3Client, videos: str, status: int, body: bytes
) -> None:
    cloud.faults.on("CreateMediaJobs", BareReply(status, body))

    with pytest.raises(CosServiceError) as caught:
        submit(any_client, videos)

    assert error_of(caught.value) == (status, "")
    assert caught.value.get_error_code() == "Unknown"


def test_a_bare_reply_to_head_has_no_body(cloud: FakeCloud, videos: str, proxies: dict[str, str]) -> None:
    cloud.faults.on("HeadObject", BareReply(400, b"<html>"))

    reply = requests.head(f"http://{videos}.cos.ap-beijing.myqcloud.com/a", proxies=proxies, timeout=10)
    assert (reply.status_code, reply.content) == (400, b"")
    assert reply.headers["Content-Length"] == "0"


def test_the_nth_call_can_be_struck(cloud: FakeCloud, client: CosS3Client, videos: str) -> None:
    cloud.faults.at_call(2, PAYMENT_REQUIRED)

    assert statuses(client, videos, 4) == [200, 200, 402, 200]


def test_the_next_few_calls_of_an_operation_can_be_struck(cloud: FakeCloud, client: CosS3Client, videos: str) -> None:
    cloud.faults.on("PutObject", INVALID_ARGUMENT, times=2, skip=1)
    client.head_bucket(Bucket=videos)

    assert statuses(client, videos, 4) == [200, 400, 400, 200]


def test_all_calls_that_a_predicate_picks_can_be_struck_until_it_is_over(
    cloud: FakeCloud, client: CosS3Client, videos: str
) -> None:
    cloud.faults.when(lambda call: call.key != "2", ACCESS_DENIED, times=None)

    assert statuses(client, videos, 5) == [401, 401, 200, 401, 401]
    cloud.faults.clear()
    assert statuses(client, videos, 2) == [200, 200]


def test_orders_for_the_same_call_strike_one_after_the_other(
    cloud: FakeCloud, client: CosS3Client, videos: str
) -> None:
    cloud.faults.on("PutObject", ROLE_MISSING)
    cloud.faults.on("PutObject", Fault.ERROR_503)

    assert statuses(client, videos, 3) == [403, 503, 200]


def test_a_slow_reply_and_a_fault_strike_the_same_call(cloud: FakeCloud, client: CosS3Client, videos: str) -> None:
    cloud.faults.on("PutObject", Pacing(before=7))
    cloud.faults.on("PutObject", PAYMENT_REQUIRED)
    before = cloud.clock.now()

    assert statuses(client, videos, 1) == [402]
    assert cloud.clock.now() == before + 7
