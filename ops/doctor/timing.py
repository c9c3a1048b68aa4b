"""Checks of the time that functions have."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ops.doctor.finding import check, failed, passed, warned
from shared.cloud.transport import WORST_CASE, WORST_COPY
from shared.invocation import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer

#: The most calls that one video needs in one run, in a container's first: HEAD, versions, claim, listing, HEAD, answer,
#: pause, and with a daily limit listing and slot, job and claim.
CALLS = 11
#: Seconds for one call of the slowest kind. With less, there are videos that would never be done.
NEEDED = math.ceil(max(WORST_CASE, WORST_COPY))
#: Seconds for all of them, if each takes as long as it may and one is a copy; no function gets more than the longest.
ENOUGH = min(LONGEST, math.ceil((CALLS - 1) * WORST_CASE) + NEEDED)


@check("time-out")
def timeouts(case: Case) -> Iterator[Answer]:
    """Whether a function can deal with a video even when calls are slow, and ends before the sweep takes over."""
    for name, seconds in case.timeouts.items():
        if seconds > LONGEST:
            yield failed(
                f"{name} has a time-out of {seconds} s, and works only with {LONGEST} s or less: after five minutes "
                "the sweep continues a claim",
                f"Set it to {LONGEST} s",
            )
        elif seconds < NEEDED:
            yield failed(
                f"{name} has a time-out of {seconds} s, and one slow copy alone can take {NEEDED} s",
                f"Set it to {ENOUGH} s or more, at most {LONGEST} s",
            )
        elif seconds < ENOUGH:
            yield warned(
                f"{name} has a time-out of {seconds} s, and one video takes up to {ENOUGH} s when the cloud is slow",
                f"Set it to {ENOUGH} s or more, at most {LONGEST} s; until then the sweep finishes interrupted work",
            )
        else:
            yield passed(f"{name} has a time-out of {seconds} s, enough for a video when the cloud is slow")
