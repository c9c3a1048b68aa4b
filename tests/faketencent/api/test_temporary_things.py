"""Queues by API 3.0, temporary keys with a policy, and who is told of a bucket's events."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from faketencent.cam import EVERYTHING
from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from ops.tencent.api import Api, Product
from shared.cloud.transport import Call, Service, Transport
from shared.errors import BlockedError, CloudError, RejectedError
from shared.settings import Credentials, Scheme

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

BUCKET = "videos-1250000000"
READING = '{"version":"2.0","statement":[{"effect":"allow","action":["cos:HeadBucket"],"resource":["*"]}]}'


def keys(secret_id: str, secret_key: str, token: str | None) -> Credentials:
    named = {"TENCENTCLOUD_SECRETID": secret_id, "TENCENTCLOUD_SECRETKEY": secret_key}
    return Credentials.model_validate({**named, "TENCENTCLOUD_SESSIONTOKEN": token})


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    with in_process(FakeCloud()) as cloud:
        cloud.cos.backend.create_bucket(BUCKET, "ap-beijing")
        yield cloud


@pytest.fixture
def api(cloud: FakeCloud) -> Api:
    who = cloud.cam.account
    return Api(keys(who.secret_id, who.secret_key, None), "ap-beijing")


def names(api: Api, part: str) -> list[str]:
    return [
        queue["QueueName"] for queue in api.call(Product.TDMQ, "DescribeCmqQueues", {"QueueName": part})["QueueList"]
    ]


def test_a_queue_is_made_listed_and_removed_in_its_region(cloud: FakeCloud, api: Api) -> None:
    api.call(Product.TDMQ, "CreateCmqQueue", {"QueueName": "results"})
    cloud.tdmq.backend.send("results", "bj", "a message")

    assert names(api, "result") == ["results"]
    assert names(api, "other") == []
    api.call(Product.TDMQ, "DeleteCmqQueue", {"QueueName": "results"})
    assert names(api, "") == []
    with pytest.raises(CloudError):
        api.call(Product.TDMQ, "DeleteCmqQueue", {"QueueName": "results"})


def test_a_queues_name_is_taken_once(api: Api) -> None:
    api.call(Product.TDMQ, "CreateCmqQueue", {"QueueName": "results"})

    with pytest.raises(RejectedError, match="already existed"):
        api.call(Product.TDMQ, "CreateCmqQueue", {"QueueName": "results"})


def test_temporary_keys_may_do_what_their_policy_says_and_nothing_else(api: Api) -> None:
    asked = {"Name": "probe", "Policy": quote(READING, safe=""), "DurationSeconds": 900}
    given = api.call(Product.STS, "GetFederationToken", asked)["Credentials"]
    transport = Transport(keys(given["TmpSecretId"], given["TmpSecretKey"], given["Token"]), Scheme.HTTPS)

    assert transport.send(Call(Service.COS, "HEAD", "ap-beijing", BUCKET)).status == 200
    with pytest.raises(BlockedError, match="AccessDenied"):
        transport.send(Call(Service.COS, "GET", "ap-beijing", BUCKET))


def test_nor_after_their_time(cloud: FakeCloud, api: Api) -> None:
    asked = {"Name": "probe", "Policy": quote(READING, safe=""), "DurationSeconds": 900}
    given = api.call(Product.STS, "GetFederationToken", asked)["Credentials"]
    cloud.advance(901)

    with pytest.raises(CloudError):
        Transport(keys(given["TmpSecretId"], given["TmpSecretKey"], given["Token"]), Scheme.HTTPS).send(
            Call(Service.COS, "HEAD", "ap-beijing", BUCKET)
        )


def test_who_has_temporary_keys_is_given_no_others(cloud: FakeCloud) -> None:
    cloud.cam.create_role("some", EVERYTHING)
    who = cloud.cam.assume("some")

    with pytest.raises(BlockedError, match="UnauthorizedOperation"):
        Api(keys(who.secret_id, who.secret_key, who.token), "ap-beijing").call(
            Product.STS, "GetFederationToken", {"Name": "probe", "Policy": quote(READING, safe="")}
        )


def test_a_bucket_names_the_functions_that_are_told_of_its_events(cloud: FakeCloud, api: Api) -> None:
    cloud.scf.backend.create_function("watcher", lambda event, _: event)
    cloud.scf.backend.add_cos_trigger("watcher", BUCKET, "cos:ObjectCreated:*")

    call = Call(Service.COS, "GET", "ap-beijing", BUCKET, params={"notification": ""})
    told = Transport(api.credentials, Scheme.HTTPS).send(call).body

    assert b"<CloudFunction>watcher</CloudFunction><Event>cos:ObjectCreated:*</Event>" in told
