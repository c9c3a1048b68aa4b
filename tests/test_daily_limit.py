"""The daily limit: exactly so many jobs on a day, the rest on the following days, and nothing lost."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias
from unittest.mock import patch

import pytest
from requests.adapters import HTTPAdapter

from faketencent.faults import Fault
from faketencent.server import serve
from ops.policies import SUBMIT_ROLE
from shared.cloud.clients import connect
from shared.domain.claim import GRACE
from shared.domain.outcome import Kind, Reason
from shared.events.uploads import UploadEvent, read_uploads
from shared.settings import read_settings
from shared.use_cases.submit import submit
from tests.direct import direct
from tests.limited import (
    Containers,
    check_answered,
    check_limit,
    check_order,
    credentials,
    go_to,
    jobs_by_day,
    limited,
    pass_midnight,
    slots_by_day,
    tick,
    upload,
    upload_in_turn,
)
from tests.world import REGION, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

Front: TypeAlias = Callable[[World], AbstractContextManager[None]]
#: As `requests` sends, before a fake takes its place.
_SEND = HTTPAdapter.send


@contextmanager
def over_http(world: World) -> Iterator[None]:
    """Our calls go through real connections to a real port."""
    with serve(world.cloud) as server, patch.object(HTTPAdapter, "send", _SEND):
        proxies = {"HTTP_PROXY": server.url, "http_proxy": server.url, "NO_PROXY": "localhost", "no_proxy": "localhost"}
        with patch.dict("os.environ", proxies):
            yield


@contextmanager
def in_this_process(_: World) -> Iterator[None]:
    """Our calls are answered where `requests` would send them; Python changes threads as often as it can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


class TestAtOnce:
    """A hundred uploads whose events come at the same time."""

    @pytest.fixture
    def world(self) -> Iterator[World]:
        with deployed(MAX_JOBS_PER_DAY="10", SCHEME="http") as world:
            yield world

    @pytest.fixture
    def events(self, world: World) -> list[dict[str, Any]]:
        return uploaded(world, 100)

    def test_have_ten_jobs_over_real_http(self, world: World, events: list[dict[str, Any]]) -> None:
        outcomes = in_twenty_threads(world, events, over_http)

        assert Counter(outcomes) == {(Kind.SUBMITTED, None): 10, (Kind.HELD, Reason.LIMIT): 90}
        assert [len(world.jobs), len(world.claims), slots_by_day(world)] == [10, 100, {"2026-01-01": 10}]

    def test_have_ten_jobs_on_each_of_ten_days(self, world: World, events: list[dict[str, Any]]) -> None:
        outcomes = in_twenty_threads(world, events, in_this_process)
        assert Counter(outcomes) == {(Kind.SUBMITTED, None): 10, (Kind.HELD, Reason.LIMIT): 90}

        with direct(world.cloud):
            world.cloud.settle()
            for _ in range(9):
                go_to(world, 600)
                tick(world)

        assert [len(keys) for keys in jobs_by_day(world).values()] == [10] * 10
        check_limit(world, 10)
        check_answered(world, [str(number) for number in range(100)])


def uploaded(world: World, count: int) -> list[dict[str, Any]]:
    """Upload videos; gives their events, which nobody has delivered yet."""
    events: list[dict[str, Any]] = []
    with patch.object(world.cloud.scf.backend.cos_triggers, "deliver", lambda _, event: events.append(event)):
        for number in range(count):
            world.upload(f"{number}.mp4", marked_video(str(number), str(number)))
        world.cloud.settle()
    return events


def in_twenty_threads(world: World, events: list[dict[str, Any]], front: Front) -> list[tuple[Kind, Reason | None]]:
    """Deliver the events, twenty at a time; gives what came of each."""
    settings = read_settings(world.variables)

    def run(event: dict[str, Any]) -> tuple[Kind, Reason | None]:
        (record,) = read_uploads(event, REGION)
        assert isinstance(record, UploadEvent)
        # As in `functions/submit.py`, but there the credentials of all runs of this process would be one.
        outcome = submit(record, settings, lambda: connect(settings, credentials(world, SUBMIT_ROLE), REGION))
        return outcome.kind, outcome.reason

    with front(world), ThreadPoolExecutor(20) as pool:
        return list(pool.map(run, events))


@pytest.mark.parametrize("containers", Containers, ids=lambda containers: containers.value)
def test_what_is_held_has_its_job_on_a_following_day_the_oldest_first(containers: Containers) -> None:
    keys = [str(number) for number in range(15)]
    with limited(5) as world:
        go_to(world, -7200)
        upload_in_turn(world, keys, at_once=3)
        assert [len(world.jobs), len(world.claims)] == [5, 10]

        for _ in range(2):
            pass_midnight(world, containers)

        assert [len(keys) for keys in jobs_by_day(world).values()] == [5, 5, 5]
        check_order(world)
        check_limit(world, 5)
        check_answered(world, keys)


def slow(world: World, seconds: float) -> None:
    """Have each call take its time."""
    world.cloud.watchers.append(lambda _: world.cloud.clock.sleep(seconds))


class TestMidnight:
    """A day is one of COS's, in UTC, and a job belongs to the day on which CI made it."""

    @pytest.mark.parametrize("pace", [2.5, 17])
    @pytest.mark.parametrize("seconds", [-400, -301, -300, -120, -20, 0])
    def test_whenever_an_upload_comes_and_however_slow_the_calls_its_job_is_of_the_day_of_its_slot(
        self, seconds: int, pace: float
    ) -> None:
        with limited(1) as world:
            go_to(world, seconds)
            slow(world, pace)

            upload(world, "clip")

            check_limit(world, 1)
            world.cloud.watchers.pop()
            world.cloud.advance(3600)
            tick(world)
            world.cloud.advance(3600)
            tick(world)
            check_limit(world, 1)
            check_answered(world, ["clip"])

    @pytest.mark.parametrize("pace", [2.5, 12])
    def test_nor_is_that_of_a_claim_that_the_timer_takes_up_just_then(self, pace: float) -> None:
        for seconds in (-310, -180, -37, 0):
            with limited(1) as world:
                go_to(world, -4000)
                world.cloud.faults.on("PutObject", Fault.KILL_AFTER)
                upload(world, "clip")
                go_to(world, seconds)
                slow(world, pace)

                tick(world)

                check_limit(world, 1)

    def test_uploads_of_the_last_minutes_wait_for_the_next_day_behind_older_ones(self) -> None:
        with limited(2) as world:
            go_to(world, -3600)
            upload_in_turn(world, ["0", "1", "2", "3"])
            go_to(world, -GRACE)
            upload_in_turn(world, ["4", "5"])
            assert len(world.claims) == 4

            pass_midnight(world)
            pass_midnight(world)

            assert jobs_by_day(world) == {"2026-01-01": ["0", "1"], "2026-01-02": ["2", "3"], "2026-01-03": ["4", "5"]}
            check_answered(world, [str(number) for number in range(6)])

    @pytest.mark.parametrize("hours", [-14, 14])
    def test_the_functions_own_clock_does_not_matter(self, hours: int) -> None:
        # The day before or after, by the machine's clock
        with limited(1) as world, ExitStack() as stack:
            now, sleep = world.cloud.clock.now, world.cloud.clock.sleep
            wrong = SimpleNamespace(time=lambda: now() + hours * 3600, monotonic=now, sleep=sleep)
            for module in ("shared.invocation", "shared.cloud.transport"):
                stack.enter_context(patch(f"{module}.time", wrong))
            world.cloud.advance(10 * 3600)
            upload(world, "0", "1")

            pass_midnight(world)

            assert jobs_by_day(world) == {"2026-01-01": ["0"], "2026-01-02": ["1"]}
            assert slots_by_day(world) == {"2026-01-01": 1, "2026-01-02": 1}
