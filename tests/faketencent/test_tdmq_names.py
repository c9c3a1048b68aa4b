"""Names with `_`: signed as they are, while in the names of parameters `_` is signed as a dot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests

from faketencent.ci import watermark
from faketencent.video import tiny_mp4
from tests.faketencent.ci_fixtures import extraction
from tests.faketencent.tdmq_client import HOST, signature, signed

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud

#: Says the same on every Python.
pytestmark = pytest.mark.once

NAME = "call_backs_of-CI"


@pytest.fixture(autouse=True)
def _queue(cloud: FakeCloud) -> None:
    cloud.tdmq.backend.create_queue(NAME, "bj")


def post(params: dict[str, str], proxies: dict[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = requests.post(
        f"http://{HOST}/v2/index.php", data=params, proxies=proxies, timeout=10
    ).json()
    return answer


def test_a_queue_of_such_a_name_is_used_like_any_other(cloud: FakeCloud, proxies: dict[str, str]) -> None:
    def ask(action: str, **params: str) -> dict[str, Any]:
        return post(signed({"Action": action, "queueName": NAME, **params}, cloud.cam.account), proxies)

    sent = ask("SendMessage", msgBody="an_underscore here")
    received = ask("ReceiveMessage")

    assert (received["msgId"], received["msgBody"]) == (sent["msgId"], "an_underscore here")
    assert ask("DeleteMessage", receiptHandle=received["receiptHandle"])["code"] == 0


def test_in_the_name_of_a_parameter_it_is_signed_as_a_dot(cloud: FakeCloud, proxies: dict[str, str]) -> None:
    given = signed({"Action": "ReceiveMessage", "queueName": NAME}, cloud.cam.account)
    del given["Signature"]
    given["Request_Client"] = "a_b"
    joined = "&".join(f"{name.replace('_', '.')}={given[name]}" for name in sorted(given))
    key = cloud.cam.account.secret_key

    good = {**given, "Signature": signature(f"POST{HOST}/v2/index.php?{joined}", key)}
    assert post(good, proxies)["code"] == 7000
    bad = {**given, "Signature": signature(f"POST{HOST}/v2/index.php?{joined.replace(NAME, 'call.backs.of-CI')}", key)}
    assert post(bad, proxies)["code"] == 4100


def test_ci_calls_back_to_such_a_queue(cloud: FakeCloud, any_client: CosS3Client, videos: str) -> None:
    cloud.ci.backend.bind_bucket(videos)
    cloud.cos.backend.put(videos, "a.mp4", watermark.embed(tiny_mp4(), "found"))
    config = {"MqRegion": "bj", "MqMode": "Queue", "MqName": NAME}
    job = extraction(CallBackType="TDMQ", CallBackMqConfig=config, CallBackFormat="JSON")

    any_client.ci_create_media_jobs(Bucket=videos, Jobs=job, Lst={}, ContentType="application/xml")
    cloud.settle()

    (message,) = cloud.tdmq.backend.receive(NAME, "bj")
    assert json.loads(message.body)["JobsDetail"]["Operation"]["ExtractDigitalWatermark"]["Message"] == "found"


@pytest.mark.parametrize("name", ["q_", "a_b", "A__1-_"])
def test_topics_may_have_such_names_too(cloud: FakeCloud, name: str) -> None:
    assert cloud.tdmq.backend.create_topic(name, "bj").name == name
