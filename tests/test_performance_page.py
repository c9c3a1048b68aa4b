"""docs/performance.md: its tables are what was measured, and the calls it explains are those that are made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.progression import Progression
from tests.benchmarks.production.document import PAGE, read, rendered
from tests.world import World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def world() -> Iterator[World]:
    with deployed() as world:
        world.cloud.ci.backend.progression = Progression.MANUAL
        yield world


def explained(function: str) -> list[str]:
    """The calls that the page explains, in order."""
    return re.findall(rf"^\| [0-9]+ \| {function}(?:, first)? \| (\w+) \|", TEXT, re.MULTILINE)


def test_its_tables_are_what_was_measured() -> None:
    assert rendered(read()) == TEXT, "run `python -m tests.benchmarks.production.document` after `make bench`"


def test_it_explains_the_calls_of_the_first_upload_and_of_the_first_callback(world: World) -> None:
    world.upload("a.mp4", marked_video("Hello_1"))
    world.cloud.settle()
    submitted = world.cloud.operations()
    world.cloud.journal.clear()
    world.cloud.ci.backend.finish(world.jobs[0].id)
    world.cloud.settle()
    called_back, written, own_write = (
        world.cloud.operations()[0],
        world.cloud.operations()[1:-1],
        world.cloud.operations()[-1],
    )

    assert submitted == explained("submit")
    assert written == explained("callback")
    # The platform's own call, and the look at the event that our write causes.
    assert [called_back, own_write] == ["InvokeFunctionUrl", "HeadObject"]


def test_no_goal_is_missed_in_silence() -> None:
    """Where one is missed, the page says why."""
    missed = re.findall(r"^\| ([^|]+) \|[^|]+\|[^|]+\| \*\*no\*\* \|$", TEXT, re.MULTILINE)
    reasons = TEXT.partition("## Goals")[2].partition("<!-- goals")[0]

    assert [goal for goal in missed if goal not in reasons] == []
