"""What no fake serves is refused in the service's own form: clients report it at once, and a developer sees why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from defusedxml.ElementTree import fromstring
from qcloud_cos.cos_exception import CosServiceError

from faketencent.errors import UnknownRouteError
from faketencent.in_process import in_process
from tests.faketencent.tdmq_client import HOST as TDMQ_HOST
from tests.faketencent.tdmq_client import signed

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud

COS_HOST = "videos-1250000000.cos.ap-beijing.myqcloud.com"
CI_HOST = "videos-1250000000.ci.ap-beijing.myqcloud.com"


def gaps(cloud: FakeCloud) -> list[str]:
    """What was asked for in vain; forgiven by that."""
    seen = list(cloud.unknown)
    cloud.unknown.clear()
    return seen


def test_the_sdk_reports_it_at_once_and_asks_no_second_time(
    cloud: FakeCloud, any_client: CosS3Client, videos: str
) -> None:
    any_client._retry = 3  # the SDK's own default, which the fixture's client does without

    with pytest.raises(CosServiceError) as caught:
        any_client.get_bucket_cors(Bucket=videos)

    assert (caught.value.get_status_code(), caught.value.get_error_code()) == (405, "MethodNotAllowed")
    assert len(gaps(cloud)) == 1


def test_cos_says_so_in_its_own_document(cloud: FakeCloud, proxies: dict[str, str]) -> None:
    reply = requests.get(f"http://{COS_HOST}/?cors", proxies=proxies, timeout=10)

    error = fromstring(reply.content)
    message = error.findtext("Message") or ""
    assert (reply.status_code, error.tag, error.findtext("Resource")) == (405, "Error", f"{COS_HOST}/")
    assert f"no COS route for `GET http://{COS_HOST}/?cors`" in message
    assert "/(?P<key>.+)?acl -> PutObjectACL" in message
    assert reply.headers["x-cos-request-id"] == error.findtext("RequestId")
    assert gaps(cloud) == [message]


def test_a_head_has_no_room_for_it_but_the_cloud_remembers(cloud: FakeCloud, proxies: dict[str, str]) -> None:
    reply = requests.head(f"http://{COS_HOST}/a?cors", proxies=proxies, timeout=10)

    assert (reply.status_code, reply.content) == (405, b"")
    assert "?cors" in gaps(cloud)[0]


def test_ci_says_so_in_its_own_document(cloud: FakeCloud, proxies: dict[str, str]) -> None:
    reply = requests.post(f"http://{CI_HOST}/template", proxies=proxies, timeout=10)

    error = fromstring(reply.content)
    assert (reply.status_code, [node.tag for node in error]) == (405, ["Code", "Message", "RequestId", "TraceId"])
    assert "POST" in (error.findtext("Message") or "")
    assert "/jobs -> CreateMediaJobs" in gaps(cloud)[0]


def test_tdmq_says_so_in_its_own_document(cloud: FakeCloud, proxies: dict[str, str]) -> None:
    params = signed({"Action": "RewindQueue", "queueName": "callbacks"}, cloud.cam.account)
    reply = requests.post(f"http://{TDMQ_HOST}/v2/index.php", data=params, proxies=proxies, timeout=10)

    answer = reply.json()
    assert (reply.status_code, answer["code"]) == (400, 4000)
    assert "POST /v2/index.php -> BatchReceiveMessage" in answer["message"]
    assert len(gaps(cloud)) == 1


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_an_unknown_host_names_the_known_ones(cloud: FakeCloud, proxies: dict[str, str], method: str) -> None:
    reply = requests.request(method, "http://example.com/", proxies=proxies, timeout=10)

    assert reply.status_code == 421
    assert ("no fake answers at host 'example.com'" in reply.text) == (method != "HEAD")
    assert "myqcloud" in gaps(cloud)[0]


def test_in_process_it_still_fails_whoever_swallowed_it(cloud: FakeCloud) -> None:
    with pytest.raises(UnknownRouteError, match="known hosts"), in_process(cloud):
        assert requests.get("http://example.com/", timeout=1).status_code == 421
