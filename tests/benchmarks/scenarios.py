"""What a tick of the timer can meet: claims and waiting entries, few or very many, in all their states."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.benchmarks.filling import Asked, Claimed, ask, claim, pause, quiet, use_up
from tests.benchmarks.measuring import measurable
from tests.world import deployed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.world import World

HOUR, DAY = 3600, 86_400
#: What the scenarios with a limit have.
LIMIT = 30
_LIMITED = {"MAX_JOBS_PER_DAY": str(LIMIT)}


@dataclass(frozen=True)
class Scenario:
    """`fill` puts so many of them into the ledger; `age` seconds later the first tick comes."""

    name: str
    fill: Callable[[World, int], object]
    age: int = 3 * HOUR
    settings: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def world(self, count: int) -> Iterator[World]:
        """A deployment that has come to this, with containers that know nothing of it."""
        with deployed(timer=False, **self.settings) as world, measurable(world):
            quiet(world)
            self.fill(world, count)
            world.cloud.clock.sleep(self.age)
            yield world


def claims(*kinds: Claimed) -> Callable[[World, int], object]:
    """Claims of these kinds in turn, and nothing else."""
    return lambda world, count: claim(world, range(count), *kinds)


def _used_up(world: World, count: int, *kinds: Claimed) -> None:
    use_up(world, "2026-01-01", LIMIT)
    claim(world, range(count), *kinds)


def _paused(world: World, count: int) -> None:
    pause(world)
    claim(world, range(count), Claimed.PAUSED)


def _asked_while_paused(world: World, count: int) -> None:
    pause(world)
    ask(world, range(count), Asked.GONE)


def _asked_at_the_limit(world: World, count: int) -> None:
    use_up(world, "2026-01-01", LIMIT)
    ask(world, range(count), Asked.GONE)


CLAIMS = (
    Scenario("claims too young for a look", claims(Claimed.LIVE), age=0),
    Scenario("claims with jobs that go on", claims(Claimed.LIVE)),
    Scenario("claims held for the limit, which is reached", lambda w, n: _used_up(w, n, Claimed.LIMIT), HOUR, _LIMITED),
    Scenario(
        "claims held for the limit, on the next day", lambda w, n: _used_up(w, n, Claimed.LIMIT), DAY + HOUR, _LIMITED
    ),
    Scenario("claims held by the pause", _paused),
    Scenario("claims held by a pause that is over", claims(Claimed.PAUSED)),
    Scenario(
        "claims of all kinds, the limit reached",
        lambda w, n: _used_up(w, n, Claimed.LIVE, Claimed.LIMIT, Claimed.REFUSED),
        HOUR,
        _LIMITED,
    ),
    Scenario("claims with jobs that CI has not begun with", claims(Claimed.QUEUED)),
)
#: Waiting entries that no tick may take up.
IDLE = (
    Scenario("waiting entries, paused", _asked_while_paused),
    Scenario("waiting entries, the limit reached", _asked_at_the_limit, HOUR, _LIMITED),
)
ENTRIES = (
    *IDLE,
    Scenario("waiting entries, taken up", lambda world, count: ask(world, range(count), Asked.THERE)),
    Scenario("waiting entries for objects that are gone", lambda world, count: ask(world, range(count), Asked.GONE)),
)
