"""Which buckets CI serves: what a set-up reads and changes of it, by requests like those of its pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tencentcloud.cam.v20190116.models import CreateRoleRequest

from faketencent.ci import SERVICE_ROLE
from faketencent.ci.bindings import CiStatus
from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from tests.faketencent.api.sdk import cam_client
from tests.faketencent.ci_fixtures import BUCKET, HOST, World, extraction, refusal, running_world, world_of
from tests.faketencent.sdk import REGION, client_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

pytestmark = pytest.mark.once

NEW = "new-1250000000"
NEW_HOST = HOST.replace("videos", "new")


@pytest.fixture
def world() -> Iterator[World]:
    with running_world() as world:
        world.cloud.cos.backend.create_bucket(NEW, REGION)
        yield world


def status(world: World, host: str = NEW_HOST) -> str:
    """`CIStatus`, or the code of the error."""
    reply = world.send("GET", "/", host=host)
    name = "CIStatus" if reply.ok else "Code"
    assert reply.status_code in (200, 404)
    return reply.text.partition(f"<{name}>")[2].partition(f"</{name}>")[0]


def created(service: str) -> CreateRoleRequest:
    """The request for CI's role that trusts the service."""
    statement = {"effect": "allow", "action": "name/sts:AssumeRole", "principal": {"service": service}}
    request = CreateRoleRequest()
    request.RoleName = SERVICE_ROLE
    request.PolicyDocument = json.dumps({"version": "2.0", "statement": [statement]})
    return request


def enable(world: World) -> requests.Response:
    return world.send("POST", "/mediabucket", host=NEW_HOST, Content_Type="application/xml")


def test_a_bucket_that_is_not_bound_is_no_bucket_to_ci(world: World) -> None:
    assert status(world) == "NoSuchBucket"
    assert status(world, HOST) == "on"
    assert status(world, HOST.replace(REGION, "ap-shanghai")) == "NoSuchBucket"


def test_enabling_media_processing_binds_and_may_be_repeated(world: World) -> None:
    first = enable(world)
    second = enable(world)

    assert (first.status_code, second.status_code, status(world)) == (200, 200, "on")
    assert f"<BucketId>{NEW}</BucketId>" in second.text
    assert len(world.sdk.ci_get_media_queue(Bucket=NEW)["QueueList"]) == 1


def test_a_bound_bucket_need_not_have_media_processing(world: World) -> None:
    assert world.send("PUT", "/", host=NEW_HOST).ok

    assert status(world) == "on"
    assert world.sdk.ci_get_media_bucket(BucketNames=NEW)["TotalCount"] == "0"
    enable(world)
    world.send("DELETE", "/mediabucket", host=NEW_HOST)
    assert status(world) == "on"


def test_unbinding_takes_a_while_and_ends_everything(world: World) -> None:
    enable(world)
    world.ci.unbinding_time = 60

    assert world.send("PUT", "/?unbind", host=NEW_HOST).ok

    assert status(world) == "unbinding"
    assert world.sdk.ci_get_media_bucket(BucketNames=NEW)["TotalCount"] == "0"
    world.cloud.advance(60)
    assert status(world) == "NoSuchBucket"


def test_binding_again_meanwhile_counts(world: World) -> None:
    enable(world)
    world.ci.unbinding_time = 60
    world.send("PUT", "/?unbind", host=NEW_HOST)
    world.send("PUT", "/", host=NEW_HOST)
    world.cloud.advance(60)

    assert status(world) == "on"


def test_ci_may_be_off(world: World) -> None:
    world.ci.bound[BUCKET] = CiStatus.OFF

    assert status(world, HOST) == "off"


@pytest.mark.parametrize(
    ("action", "method", "path"),
    [
        ("ci:DescribeCIBuckets", "GET", "/"),
        ("ci:CreateCIBucket", "PUT", "/"),
        ("ci:CreateMediaBucket", "POST", "/mediabucket"),
        ("ci:DeleteMediaBucket", "DELETE", "/mediabucket"),
        ("ci:DeleteCIBucket", "PUT", "/?unbind"),
    ],
)
def test_each_call_needs_its_own_right_on_the_bucket(world: World, action: str, method: str, path: str) -> None:
    enable(world)
    resource = f"qcs::ci:{REGION}:uid/1250000000:bucket/{NEW}/*"
    allow = {"effect": "allow", "action": [action], "resource": [resource]}
    cam = world.cloud.cam
    allowed, other = cam.create_user("amy", {"version": "2.0", "statement": [allow]}), cam.create_user("bob")

    cam.account = other
    assert "<Code>AccessDenied</Code>" in world.send(method, path, host=NEW_HOST).text
    cam.account = allowed
    assert world.send(method, path, host=NEW_HOST).ok


def test_without_its_role_ci_takes_no_jobs_until_there_is_one_that_trusts_it() -> None:
    with in_process(FakeCloud.unused()) as cloud:
        world = world_of(cloud, client_of(cloud.cam.account))
        world.put_video()
        assert refusal(world, extraction()) == (403, "CIRoleNotExist")

        cam_client(cloud.cam.account).CreateRole(created("scf.qcloud.com"))
        assert refusal(world, extraction()) == (403, "CIRoleNotExist")
        cloud.cam.delete_role(SERVICE_ROLE)
        cam_client(cloud.cam.account).CreateRole(created("ci.qcloud.com"))

        assert world.submit()
