"""Claims that have waited for long are looked at together. What that shows of one keeps none of the others."""

from __future__ import annotations

import json
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci.models import Progression
from faketencent.faults import Fault
from shared.use_cases.pace import Pace
from tests.channels import during, slowly
from tests.test_attempts import SECOND
from tests.world import BUCKET, LEDGER, REGION, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

HOUR = 3600
MANY = 12


@pytest.fixture
def world() -> Iterator[World]:
    """A deployment with claims that have waited for hours, for jobs that CI has not begun with."""
    with deployed(CALLBACK_URL="no") as world:
        world.cloud.ci.backend.progression = Progression.MANUAL
        for number in range(MANY):
            world.upload(f"{number}.mp4", marked_video(str(number)))
        known(world)
        yield world


def known(world: World) -> None:
    """Let hours pass, and the container come to know the claims."""
    world.cloud.settle()
    world.cloud.advance(4 * HOUR)
    world.sweep()
    world.cloud.advance(HOUR)


def sweep(world: World) -> list[str]:
    """What the sweep called."""
    before = len(world.cloud.operations())
    summary = world.sweep()
    assert summary["complete"]
    assert summary["handled"] == summary["due"] >= MANY
    return world.cloud.operations()[before:]


def said(world: World, name: str) -> list[str]:
    """What the lines of the last sweep have under that name."""
    log = world.cloud.scf.backend.invocations[-1].log
    lines = [json.loads(line) for line in log.splitlines()]
    return [line[name] for line in lines if line["event"] == "sweep" and name in line]


def test_each_is_read_and_they_go_on_waiting(world: World) -> None:
    calls = sweep(world)

    # The first one is taken up by itself; of the other eleven CI tells in two replies.
    assert [calls.count(name) for name in ("DescribeMediaJob", "HeadObject")] == [3, MANY]
    assert said(world, "reason") == ["unfinished"] * MANY
    assert [len(world.claims), len(world.jobs)] == [MANY, MANY]


def test_those_whose_jobs_have_ended_come_to_their_end(world: World) -> None:
    for job in world.jobs[::2]:
        world.cloud.ci.backend.start(job.id)
        world.cloud.ci.backend.finish(job.id)

    sweep(world)

    assert [world.answer(f"{n}.mp4") for n in range(0, MANY, 2)] == [("found", str(n)) for n in range(0, MANY, 2)]
    assert [len(world.claims), len(world.jobs)] == [MANY // 2, MANY]


def test_jobs_that_nobody_needs_are_cancelled(world: World) -> None:
    for number in range(4):
        world.cloud.cos.backend.delete(BUCKET, f"{number}.mp4")

    assert sweep(world).count("CancelMediaJob") == 4
    assert len(world.claims) == MANY - 4


def test_one_that_is_dropped_meanwhile_is_not_made_again(world: World) -> None:
    # Given a result that comes by another way between the reading and what CI says
    for job in world.jobs:
        world.cloud.ci.backend.start(job.id)
        world.cloud.ci.backend.finish(job.id)
    during(world, "DescribeMediaJob", lambda: during(world, "DescribeMediaJob", world.sweep))

    sweep(world)

    assert [world.claims, world.writes, len(world.jobs)] == [[], MANY, MANY]


def test_jobs_of_which_ci_does_not_tell_together_are_asked_for_one_by_one(world: World) -> None:
    def names_several(call: Call) -> bool:
        return call.route.operation == "DescribeMediaJob" and len(call.request.path) > len(f"/jobs/{world.jobs[0].id}")

    world.cloud.faults.when(names_several, Fault.ERROR_403, times=None)

    assert sweep(world).count("DescribeMediaJob") == MANY + 1
    assert said(world, "message") == []


def test_a_claim_that_names_a_job_of_another_object_is_reported_and_the_others_are_not(world: World) -> None:
    names = world.claims
    bodies = [world.kept(name) for name in names]
    jobs = [attempt.job for attempt in world.attempts()]
    for strange in (3, 7):
        body = bodies[strange].replace(jobs[strange].encode(), jobs[strange + 1].encode())
        world.cloud.cos.backend.put(LEDGER, names[strange], body)
    world.cloud.cos.backend.put(LEDGER, names[5], b"no claim")
    known(world)

    sweep(world)

    assert sorted("was not submitted for it" in message for message in said(world, "message")) == [False, True, True]
    assert len(world.claims) == MANY


def test_however_short_the_time_is_each_comes_to_its_end(world: World) -> None:
    # Given jobs that have all ended, and a time-out in which CI can be asked once
    for job in world.jobs:
        world.cloud.ci.backend.start(job.id)
        world.cloud.ci.backend.finish(job.id)
    world.cloud.scf.backend.update_function("callback", timeout=20)
    slowly(world, "DescribeMediaJob", 16)

    for _ in range(MANY):
        world.sweep()

    assert [world.claims, world.writes] == [[], MANY]


def test_each_bucket_is_asked_for_its_own_jobs(world: World) -> None:
    world.cloud.cos.backend.create_bucket(SECOND, REGION)
    world.cloud.ci.backend.bind_bucket(SECOND)
    world.buckets = (BUCKET, SECOND)
    world.configure()
    world.cloud.scf.backend.add_cos_trigger("submit", SECOND, "cos:ObjectCreated:*")
    for number in range(MANY):
        world.cloud.cos.backend.put(SECOND, f"{number}.mp4", marked_video(str(number)))
    known(world)

    sweep(world)

    assert said(world, "reason") == ["unfinished"] * 2 * MANY
    assert said(world, "message") == []


@pytest.mark.parametrize("part", ["shared.use_cases.look.Case.see_jobs", "shared.use_cases.look_together.next_step"])
def test_a_bug_that_one_brings_out_keeps_no_other_from_its_look(
    world: World, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, bad = resolve_name(part.replace(".Case", ":Case") if "Case" in part else part), world.jobs[5].id

    def break_for_one(first: Any, second: Any) -> object:  # noqa: ANN401 - a case and its jobs, or what is seen and the rules
        if bad in (second if isinstance(second, dict) else first.jobs):
            raise TypeError("a bug")
        return real(first, second)

    monkeypatch.setattr(part, break_for_one)

    assert sweep(world).count("HeadObject") >= MANY - 1


def test_what_is_put_aside_is_looked_at_before_what_comes_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given claims that wait, and between them in the order of what is due one that is not looked at with others
    due = sorted(world.claims)
    alone = due[MANY // 2].split("/")[2]
    monkeypatch.setattr(Pace, "order", lambda _, claim: (0, claim[0].key))
    monkeypatch.setattr(Pace, "has_waited_long", lambda _, claim: claim[0].upload_id != alone)
    before = len(world.cloud.journal)

    world.sweep()

    read = [call.key for call in list(world.cloud.journal)[before:] if call.key.startswith("claims/")]
    assert read == due
