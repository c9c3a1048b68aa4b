"""`logs --follow`: each line once, however late it comes and whatever fails meanwhile."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.faults import Fault
from faketencent.refusals import Refusal
from ops import waiting
from ops.logs import following
from ops.logs.following import PERIOD, WINDOW, Shown, follow
from ops.logs.wanted import About, Wanted
from ops.tencent.log_lines import Line
from shared.errors import BlockedError, CloudError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.faults import Trouble
    from tests.ops.logs.conftest import Log

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: A call that ends as it does when nobody may search.
FORBIDDEN = Refusal(400, "UnauthorizedOperation.CAM")


def nothing() -> None:
    """Nothing happens."""


class Watcher:
    """Follows a log for a while; things happen in the pauses."""

    def __init__(self, log: Log, wanted: Wanted | None = None) -> None:
        self.log = log
        self.complaints: list[CloudError] = []
        self.pauses = 0
        self.seen: list[object] = []
        self._lines = follow(log.place, wanted or Wanted(), log.now - 60, self.complaints.append)

    def watch(self, *happenings: Callable[[], object]) -> list[object]:
        """What is shown until all of this has happened, one thing in each pause, and was asked for twice."""
        left = iter([*happenings, nothing])

        def pause(seconds: float) -> None:
            self.log.cloud.clock.sleep(seconds)
            self.pauses += 1
            try:
                next(left)()
            except StopIteration:
                raise KeyboardInterrupt from None

        with patch.object(waiting, "pause", pause), pytest.raises(KeyboardInterrupt):
            self.seen.extend(line.fields.get("message") for line in self._lines)
        return self.seen


@pytest.fixture(params=[True, False], ids=["numbered", "unnumbered"])
def watcher(log: Log, request: pytest.FixtureRequest) -> Watcher:
    log.cloud.cls.backend.numbered = request.param
    return Watcher(log)


def test_what_is_there_is_shown_and_then_what_comes_each_once(log: Log, watcher: Watcher) -> None:
    log.write(message="old", at=log.now - 61)
    log.write(message="there")

    assert watcher.watch(lambda: log.write(message="1"), lambda: log.write(message="2")) == ["there", "1", "2"]


def test_a_line_that_comes_late_and_out_of_order_is_shown(log: Log, watcher: Watcher) -> None:
    begin = log.now
    log.cloud.cls.backend.delay = 0

    def late() -> None:
        log.write(at=begin - 10, message="late")

    assert watcher.watch(lambda: log.write(message="1"), lambda: log.cloud.clock.sleep(WINDOW - 30), late) == [
        "1",
        "late",
    ]


def test_lines_that_are_found_seconds_after_they_were_logged_are_not_lost(log: Log, watcher: Watcher) -> None:
    log.cloud.cls.backend.delay = 12

    happenings = [partial(log.write, message=str(number)) for number in range(4)]

    assert watcher.watch(*happenings, *[nothing] * 3) == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    "trouble",
    [Fault.RESET, Fault.TIMEOUT_AFTER, Fault.ERROR_500, Fault.MALFORMED, Refusal(400, "LimitExceeded.LogSearch")],
    ids=str,
)
def test_it_goes_on_after_what_passes_by_itself_and_says_it_once(log: Log, trouble: Trouble) -> None:
    watcher = Watcher(log)
    log.write(message="0")

    def outage() -> None:
        log.write(message="1")
        log.cloud.faults.on("SearchLog", trouble, times=WINDOW)

    def end() -> None:
        log.cloud.faults.clear()

    def long() -> None:
        log.cloud.clock.sleep(2 * WINDOW)
        log.write(message="2")

    seen = watcher.watch(outage, long, end, lambda: log.write(message="3"))

    assert seen == ["0", "1", "2", "3"]
    assert len(watcher.complaints) == 1


def test_a_second_outage_is_said_again(log: Log) -> None:
    watcher = Watcher(log)

    def fail() -> None:
        log.cloud.faults.on("SearchLog", Fault.RESET)

    watcher.watch(fail, nothing, fail)

    assert len(watcher.complaints) == 2


def test_it_ends_with_what_somebody_must_change(log: Log) -> None:
    log.cloud.faults.on("SearchLog", FORBIDDEN)

    with pytest.raises(BlockedError):
        next(follow(log.place, Wanted(), log.now, lambda _: None))


def test_a_clock_that_is_ahead_hides_no_lines_of_others(log: Log, watcher: Watcher) -> None:
    log.write(at=log.now + 250, message="ahead")

    assert watcher.watch(lambda: log.write(message="right"), lambda: log.write(message="next")) == [
        "ahead",
        "right",
        "next",
    ]


def test_only_what_is_wanted_is_shown(log: Log) -> None:
    watcher = Watcher(log, Wanted(about=About.read("a.mp4", ())))
    log.write(key="b.mp4", message="b")

    assert watcher.watch(lambda: log.write(key="a.mp4", message="a")) == ["a"]


def test_what_can_no_longer_be_found_is_forgotten(log: Log) -> None:
    shown = Shown()
    with patch.object(following, "Shown", lambda: shown):
        lines = follow(log.place, Wanted(), log.now, lambda _: None)
        for n in range(1000):
            log.write(at=log.now + n, message=str(n))
        log.cloud.clock.sleep(1000)
        most = max(len(shown) for _ in islice(lines, 1000))

    assert most <= WINDOW + 1


def test_a_line_is_new_once() -> None:
    shown = Shown()
    line = Line.model_validate({"Time": 1000, "PkgId": "p", "PkgLogId": "1", "LogJson": "{}"})

    assert [shown.add(line), shown.add(line)] == [True, False]
    shown.forget(1.1)
    assert (len(shown), shown.add(line)) == (0, True)


def test_it_asks_every_few_seconds(log: Log) -> None:
    watcher = Watcher(log)
    begin = log.now

    watcher.watch(nothing, nothing)

    assert (log.now - begin) / watcher.pauses == PERIOD
    assert log.cloud.operations() == ["SearchLog"] * watcher.pauses


@pytest.fixture(autouse=True)
def _no_waiting(log: Log) -> Iterator[None]:
    with patch.object(waiting, "pause", log.cloud.clock.sleep):
        yield
