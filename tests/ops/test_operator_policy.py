"""`policy operator` is exactly what an operator's commands call; and with it the secret cannot be read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from faketencent.ci import Progression
from ops.logs.place import find_place
from ops.logs.search import newest
from ops.logs.wanted import Wanted
from ops.policies import Deployment, operator_policy
from ops.tencent.calls import PersonalTransport
from ops.tencent.videoinfo import VideoInfo
from shared.cloud.clients import connect
from shared.domain.objects import ObjectRef
from shared.errors import CloudError
from shared.settings import Scheme, read_credentials, read_settings
from tests.ops.deployment import configuration
from tests.ops.exactness import grants, unused, watched, without
from tests.world import BUCKET, LEDGER, REGION, World, deployed, marked_video

if TYPE_CHECKING:
    from faketencent.cam import Policy
    from shared.settings import Credentials

#: Says the same on every Python.
pytestmark = pytest.mark.once

PREFIX = "prod/"
DEPLOYMENT = Deployment(
    region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER, ledger_prefix=PREFIX
)
EXTRAS = [{}, {"estimate": True}, {"logs": True}]
each_extra = pytest.mark.parametrize("extra", EXTRAS, ids=["plain", "estimate", "logs"])


def works(policy: Policy, extra: dict[str, bool]) -> bool:
    """Whether whoever has this policy, and no other, can do all that an operator does."""
    with deployed(timer=False, LEDGER_PREFIX=PREFIX) as world:
        job = leave_work(world)
        who = world.cloud.cam.create_user("operator", policy)
        pair = {"TENCENTCLOUD_SECRETID": who.secret_id, "TENCENTCLOUD_SECRETKEY": who.secret_key}
        credentials = read_credentials(pair)
        try:
            look_after(world, credentials, job)
            if extra.get("estimate"):
                ask_how_long(credentials)
            if extra.get("logs"):
                search(world, credentials)
        except CloudError:
            return False
        return True


def leave_work(world: World) -> str:
    """A video with a result, and one with a job that has not begun."""
    world.upload("done.mp4", marked_video("done"))
    world.cloud.settle()
    world.cloud.ci.backend.progression = Progression.MANUAL
    world.upload("slow.mp4", marked_video("slow", "slow"))
    world.cloud.settle()
    return world.jobs[-1].id


def look_after(world: World, credentials: Credentials, job: str) -> None:
    clients = connect(read_settings(world.variables), credentials, REGION)
    for record in list(clients.store.list("results/")):
        clients.store.read(record.key)
    for name in ("waiting/2026-01-01T00:00:00Z/0", "paused"):
        clients.store.create(name, b"{}")
        clients.store.delete(name)
    video = ObjectRef(REGION, BUCKET, "slow.mp4")
    assert [listed.key for listed in clients.objects.list(ObjectRef(REGION, BUCKET, ""))]
    clients.objects.head(video)
    assert list(clients.jobs.on(video))
    assert clients.jobs.get(video, [job])
    clients.jobs.cancel(video, job)


def ask_how_long(credentials: Credentials) -> None:
    VideoInfo(PersonalTransport(credentials, Scheme.HTTPS)).seconds(ObjectRef(REGION, BUCKET, "done.mp4"))


def search(world: World, credentials: Credentials) -> None:
    world.cloud.cls.backend.function_topic(REGION)
    pair = {"TENCENTCLOUD_SECRET_ID": credentials.secret_id}
    pair["TENCENTCLOUD_SECRET_KEY"] = credentials.secret_key.get_secret_value()
    place = find_place(replace(configuration(), process=pair))
    newest(place, Wanted(), 0, world.cloud.clock.now())


@each_extra
def test_every_grant_is_used(extra: dict[str, bool]) -> None:
    policy = operator_policy(DEPLOYMENT, **extra)
    with watched() as asked:
        assert works(policy, extra)

    assert unused(policy, asked) == []


@each_extra
def test_every_grant_is_needed(extra: dict[str, bool]) -> None:
    policy = operator_policy(DEPLOYMENT, **extra)
    plain = grants(operator_policy(DEPLOYMENT))
    # What an extra does not add is in the plain case.
    own = [grant for grant in grants(policy) if not extra or grant not in plain]

    assert own
    assert [grant for grant in own if works(without(policy, grant), extra)] == []


def test_with_it_neither_the_secret_is_read_nor_a_record_or_a_video_changed() -> None:
    policy = operator_policy(DEPLOYMENT, estimate=True, logs=True)

    text = json.dumps(policy)
    assert "scf:" not in text
    writing = [resource for action, resource in grants(policy) if action in ("cos:PutObject", "cos:DeleteObject")]
    ledger = f"qcs::cos:{REGION}:uid/1250000000:{LEDGER}/{PREFIX}"
    assert {*writing} == {f"{ledger}waiting/*", f"{ledger}paused"}
