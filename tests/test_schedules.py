"""Random schedules, the same each time: every promise holds after each. `python -m tests.schedules` has more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.schedules.scenarios import SCENARIOS
from tests.schedules.search import explain, explore, scenario_of, shrink

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.schedules.actions import Scenario

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once

#: Seeds of each scenario that has a name, and groups of made-up ones.
_OF_EACH, _GROUPS, _IN_A_GROUP = 2, 4, 16


def hold(scenario: Scenario, seed: int) -> None:
    """Fail with the schedule written out, as short as it can be."""
    failure = explore(scenario, seed)
    if failure:
        pytest.fail(f"seed {seed}\n{explain(shrink(failure))}", pytrace=False)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_promises_hold_in_each_scenario(scenario: Scenario, record_property: Callable[[str, object], None]) -> None:
    for seed in range(_OF_EACH):
        hold(scenario, seed)
    record_property("schedules", _OF_EACH)


@pytest.mark.parametrize("group", range(_GROUPS))
def test_the_promises_hold_whatever_happens(group: int, record_property: Callable[[str, object], None]) -> None:
    for seed in range(group * _IN_A_GROUP, (group + 1) * _IN_A_GROUP):
        hold(scenario_of(seed), seed)
    record_property("schedules", _IN_A_GROUP)
