"""A deployment with a daily limit, what the days bring, and how many jobs each of them had."""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.domain.result import stamp
from shared.domain.slot import DAY
from shared.settings import read_credentials
from tests.direct import direct
from tests.world import World, deployed, marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from shared.settings import Credentials

#: When the timer comes, in seconds before and after a midnight. The real one comes each minute.
TICKS = (-3600, 0, 60, 400, 4000)


def credentials(world: World, role: str) -> Credentials:
    """Fresh credentials of a role, as a function finds them."""
    assumed = world.cloud.cam.assume(role)
    return read_credentials(
        {
            "TENCENTCLOUD_SECRETID": assumed.secret_id,
            "TENCENTCLOUD_SECRETKEY": assumed.secret_key,
            "TENCENTCLOUD_SESSIONTOKEN": assumed.token or "",
        }
    )


class Containers(Enum):
    """How long the callback function's container lives."""

    ONE = "one container"
    NIGHTLY = "a new one each day"
    ALWAYS_NEW = "always new ones"


@contextmanager
def limited(limit: int, **settings: str) -> Iterator[World]:
    """A deployment with that limit, whose calls go the short way."""
    with deployed(timer=False, MAX_JOBS_PER_DAY=str(limit), **settings) as world, direct(world.cloud):
        yield world


def upload(world: World, *keys: str) -> None:
    """Upload a video for each key, all within this second; their events come, and what follows happens."""
    for key in keys:
        world.upload(f"{key}.mp4", marked_video(key, key))
    world.cloud.settle()


def upload_in_turn(world: World, keys: Sequence[str], at_once: int = 1) -> None:
    """Upload a video for each key, so many in a second."""
    for start in range(0, len(keys), at_once):
        upload(world, *keys[start : start + at_once])
        world.cloud.advance(1)


def go_to(world: World, seconds: float) -> None:
    """Let time pass until so many seconds after the next midnight; before it, if they are less than zero."""
    world.cloud.advance(DAY - world.cloud.clock.now() % DAY + seconds)


def tick(world: World) -> None:
    """Let the timer come once, and what follows happen."""
    world.sweep()
    world.cloud.settle()


def pass_midnight(world: World, containers: Containers = Containers.ONE) -> None:
    """Let the rest of the day pass and the next one begin; the timer comes now and then."""
    midnight = (world.cloud.clock.now() // DAY + 1) * DAY
    if containers is Containers.NIGHTLY:
        new_containers()
    for at in TICKS:
        if containers is Containers.ALWAYS_NEW:
            new_containers()
        world.cloud.advance(max(0, midnight + at - world.cloud.clock.now()))
        tick(world)


def jobs_by_day(world: World) -> dict[str, list[str]]:
    """The keys of the videos that had a job, by the day (UTC) on which CI made it; the oldest job first."""
    days: dict[str, list[str]] = {}
    for job in world.jobs:
        days.setdefault(stamp(int(job.created_at))[:10], []).append(job.request.key.removesuffix(".mp4"))
    return days


def slots_by_day(world: World) -> dict[str, int]:
    """How many slots are taken, by their day."""
    days = [name.split("/")[-2] for name in world.ledger("slots/")]
    return {day: days.count(day) for day in days}


def check_limit(world: World, limit: int) -> None:
    """No day has more jobs than the limit, and each job has a slot of its own day."""
    jobs, slots = jobs_by_day(world), slots_by_day(world)
    for day, keys in jobs.items():
        assert len(keys) <= slots.get(day, 0) <= limit, (jobs, slots)


def check_order(world: World) -> None:
    """No video had its job on an earlier day than one that was uploaded before; within a second nobody comes first."""
    uploaded = {record.key: record.modified for record in world.records}
    days = [[uploaded[f"{key}.mp4"] for key in keys] for keys in jobs_by_day(world).values()]
    for before, after in pairwise(days):
        assert max(before) <= min(after), jobs_by_day(world)


def check_answered(world: World, keys: Collection[str]) -> None:
    """Each of these bears its own answer, had one job, and nothing is left in flight."""
    for key in keys:
        assert world.answer(f"{key}.mp4") == ("found", key)
    assert world.claims == []
    assert sorted(job.request.key for job in world.jobs) == sorted(f"{key}.mp4" for key in keys)
