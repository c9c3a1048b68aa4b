"""The function of the probe, with its own network code, on a fake cloud over HTTP."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.server import serve
from ops.probe import recorder

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET, PASSWORD = "cos-watermark-probe-0-1250000000", "0123456789abcdef"
CONTEXT = {"request_id": "42"}


@contextmanager
def deployed() -> Iterator[FakeCloud]:
    cloud = FakeCloud(WallClock())
    cloud.cos.backend.create_bucket(BUCKET, "ap-beijing")
    resource = f"qcs::cos:ap-beijing:uid/{cloud.appid}:{BUCKET}/recorded/*"
    rights = {"effect": "allow", "action": ["cos:PutObject"], "resource": [resource]}
    cloud.cam.create_role("probe", {"version": "2.0", "statement": [rights]})
    with serve(cloud) as server:
        keys = cloud.cam.assume("probe")
        variables = {
            "PROBE_BUCKET": BUCKET,
            "PROBE_REGION": "ap-beijing",
            "PROBE_SCHEME": "http",
            "PROBE_PASSWORD": PASSWORD,
            "TENCENTCLOUD_SECRETID": keys.secret_id,
            "TENCENTCLOUD_SECRETKEY": keys.secret_key,
            "TENCENTCLOUD_SESSIONTOKEN": keys.token or "",
            "http_proxy": server.url,
            "no_proxy": "",
        }
        with patch.dict(os.environ, variables):
            yield cloud


def recorded(cloud: FakeCloud) -> dict[str, Any]:
    bucket = cloud.cos.backend.bucket(BUCKET)
    return {key.split("/")[1]: json.loads(cloud.cos.backend.get(BUCKET, key).body)["event"] for key in bucket.live}


def request(path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    return {"httpMethod": "POST", "path": path, "body": "hello", "headers": headers or {}}


def test_events_and_requests_are_kept_without_what_signs_for_others() -> None:
    headers = {"Authorization": "q-sign-algorithm=sha1&q-signature=abc", "x-cos-security-token": "t"}
    event = {"Records": [{"event": {"requestParameters": {"requestHeaders": headers}}}]}
    with deployed() as cloud:
        recorder.main_handler(event, CONTEXT)
        answer = recorder.main_handler(request(f"/{PASSWORD}/found", headers={"authorization": "x", "a": "b"}), CONTEXT)

        kept = recorded(cloud)
    assert answer == {"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": "200"}
    assert kept["found"]["headers"] == {"authorization": "…", "a": "b"}
    assert kept["events"]["Records"][0]["event"]["requestParameters"]["requestHeaders"] == dict.fromkeys(headers, "…")


@pytest.mark.parametrize(("until", "status"), [("99999999999", 500), ("1", 200)])
def test_a_request_is_answered_500_until_the_time_in_its_path_and_kept(until: str, status: int) -> None:
    with deployed() as cloud:
        answer = recorder.main_handler(request(f"/{PASSWORD}/refused/{until}"), CONTEXT)

        assert isinstance(answer, dict)
        assert answer["statusCode"] == status
        assert [*recorded(cloud)] == ["refused"]


@pytest.mark.parametrize("path", ["/", "/0123/found", f"/{PASSWORD}", f"/{PASSWORD}/../x", f"/{PASSWORD}/found/soon"])
def test_a_stranger_is_answered_404_and_nothing_is_kept(path: str) -> None:
    with deployed() as cloud:
        answer = recorder.main_handler(request(path), CONTEXT)

        assert isinstance(answer, dict)
        assert answer["statusCode"] == 404
        assert recorded(cloud) == {}
