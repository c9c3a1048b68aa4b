"""Who may do what, and how CI says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from qcloud_cos import CosServiceError

from tests.faketencent.ci_fixtures import BUCKET, World, error_of, extraction, running_world
from tests.faketencent.sdk import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def world() -> Iterator[World]:
    with running_world() as world:
        world.put_video()
        yield world


class TestRights:
    ROLE = "qcs::cam::uin/100000000001:roleName/CI_QCSRole"
    JOBS = f"qcs::ci:{REGION}:uid/1250000000:bucket/{BUCKET}/*"

    def submit_as(self, world: World, **allowed: str) -> str:
        """Submit with temporary credentials that allow just these actions on these resources."""
        statement = [
            {"effect": "allow", "action": [action.replace("_", ":")], "resource": [resource]}
            for action, resource in allowed.items()
        ]
        world.cloud.cam.create_role("submitter", {"version": "2.0", "statement": statement})
        client = world.client(world.cloud.cam.assume("submitter"))
        return str(client.ci_create_media_jobs(Bucket=BUCKET, Jobs=extraction(), Lst={})["JobsDetail"][0]["State"])

    def test_submitting_takes_the_job_and_the_passing_of_the_role(self, world: World) -> None:
        assert self.submit_as(world, ci_CreateMediaJobs=self.JOBS, cam_PassRole=self.ROLE) == "Submitted"

    @pytest.mark.parametrize(
        "allowed",
        [
            {"ci_CreateMediaJobs": JOBS},
            {"cam_PassRole": ROLE},
            {"ci_CreateMediaJobs": JOBS, "cam_PassRole": ROLE.replace("CI_QCSRole", "Other")},
            {"ci_CreateMediaJobs": JOBS.replace("videos", "other"), "cam_PassRole": ROLE},
        ],
        ids=str,
    )
    def test_anything_less_is_denied(self, world: World, allowed: dict[str, str]) -> None:
        with pytest.raises(CosServiceError) as refused:
            self.submit_as(world, **allowed)
        assert error_of(refused.value) == (401, "AccessDenied")
        assert not world.ci.jobs

    def test_an_unsigned_request_is_refused(self, world: World) -> None:
        client = world.client(world.cloud.cam.account)
        client._conf._anonymous = True
        with pytest.raises(CosServiceError) as refused:
            client.ci_get_media_jobs(Bucket=BUCKET, JobIDs="j1")
        assert error_of(refused.value) == (401, "MissingAuthorization")

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"secret_key": "wrong"}, "InvalidAuthorization"),
            ({"secret_id": "AKIDnobody"}, "SecretidNotExist"),
            ({"token": "wrong"}, "SecretidNotExist"),
        ],
    )
    def test_a_wrong_signature_is_refused(self, world: World, change: dict[str, str], code: str) -> None:
        world.cloud.cam.create_role("reader")
        identity = world.cloud.cam.assume("reader")
        client = world.client(identity.__class__(**{**vars(identity), **change}))
        with pytest.raises(CosServiceError) as refused:
            client.ci_get_media_jobs(Bucket=BUCKET, JobIDs="j1")
        assert error_of(refused.value) == (401, code)

    def test_expired_credentials_are_refused(self, world: World) -> None:
        world.cloud.cam.create_role("reader")
        client = world.client(world.cloud.cam.assume("reader", lifetime=60))
        world.cloud.advance(60)
        with pytest.raises(CosServiceError) as refused:
            client.ci_get_media_jobs(Bucket=BUCKET, JobIDs="j1")
        assert error_of(refused.value) == (401, "SignatureExpired")


class TestReplies:
    def test_carry_the_headers_of_ci(self, world: World) -> None:
        headers = world.send("GET", "/queue").headers
        assert headers["Server"] == "tencent-ci"
        assert headers["Date"] == "Thu, 01 Jan 2026 00:00:00 GMT"
        assert headers["x-ci-request-id"]

    def test_errors_name_the_request_but_no_resource(self, world: World) -> None:
        reply = world.send("POST", "/jobs", b"")
        assert reply.headers["Content-Type"] == "application/xml"
        assert f"<RequestId>{reply.headers['x-ci-request-id']}</RequestId>" in reply.text
        assert "<TraceId>" in reply.text
        assert "Resource" not in reply.text

    def test_the_sdk_cannot_read_their_code(self, world: World) -> None:
        with pytest.raises(CosServiceError) as refused:
            world.submit(extraction(Bogus="x"))
        assert refused.value.get_error_code() == "Unknown"


class TestRightsToBuckets:
    def refusal(self, world: World, action: str, resource: str) -> tuple[int, str] | None:
        policy = {"version": "2.0", "statement": [{"effect": "allow", "action": [action], "resource": [resource]}]}
        world.cloud.cam.create_role("doctor", policy)
        client = world.client(world.cloud.cam.assume("doctor"))
        try:
            client.ci_get_media_bucket()
        except CosServiceError as error:
            return error_of(error)
        return None

    def test_the_list_of_buckets_needs_all_resources(self, world: World) -> None:
        one = f"qcs::ci:{REGION}:uid/1250000000:bucket/{BUCKET}/*"
        assert self.refusal(world, "ci:DescribeMediaBuckets", "*") is None
        assert self.refusal(world, "ci:DescribeMediaBuckets", one) == (401, "AccessDenied")
        assert self.refusal(world, "ci:DescribeMediaQueues", "*") == (401, "AccessDenied")
