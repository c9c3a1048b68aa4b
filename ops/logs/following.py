"""Lines as they come. CLS shows them some seconds late, and not in their order: what is new is asked for again.

Each question reaches back some minutes behind the newest line that was seen, so that a line which comes late is found,
and nothing is lost while no answer comes. What was shown is remembered for as long as it can be found again.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from ops import waiting
from ops.logs.line import read_line
from ops.logs.search import AHEAD, raw_lines
from ops.tencent.log_lines import Order
from shared.errors import CloudError, GarbledReplyError, NoReplyError, ServerError, ThrottledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.logs.line import LogLine
    from ops.logs.place import Place
    from ops.logs.wanted import Wanted
    from ops.tencent.log_lines import Line

#: Seconds between two questions.
PERIOD = 5
#: Seconds by which a line may come late.
WINDOW = 180
#: What passes by itself.
_PASSING = (GarbledReplyError, NoReplyError, ServerError, ThrottledError)


class Shown:
    """The lines that were shown, those of the last minutes only."""

    def __init__(self) -> None:
        self._ids: set[tuple[str, ...]] = set()
        self._order: deque[tuple[int, tuple[str, ...]]] = deque()

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._ids)

    def add(self, line: Line) -> bool:
        """Whether the line is a new one."""
        if line.id in self._ids:
            return False
        self._ids.add(line.id)
        self._order.append((line.at, line.id))
        return True

    def forget(self, before: float) -> None:
        """Forget what is older, in seconds since 1970: it is not asked for again."""
        while self._order and self._order[0][0] < before * 1000:
            self._ids.discard(self._order.popleft()[1])


def follow(place: Place, wanted: Wanted, since: float, complain: Callable[[CloudError], None]) -> Iterator[LogLine]:
    """The lines that are wanted, from `since` on, and whatever comes; it never ends.

    What passes by itself is told to `complain`, once until there is an answer again.

    Raises:
        CloudError: anything else.
    """
    shown, newest, begin, silent = Shown(), since, since, False
    while True:
        now = waiting.now()
        try:
            for line in raw_lines(place, wanted, begin, now + AHEAD, Order.OLDEST_FIRST):
                newest = max(newest, line.at / 1000)
                # A clock that is ahead must not hide the lines of the others.
                begin = max(begin, min(newest, now) - WINDOW)
                shown.forget(begin)
                found = read_line(line, place.functions) if shown.add(line) else None
                if found and wanted.is_met_by(found):
                    yield found
            silent = False
        except _PASSING as error:
            if not silent:
                complain(error)
            silent = True
        waiting.pause(PERIOD)
