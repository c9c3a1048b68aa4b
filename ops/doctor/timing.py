"""Checks of the time that functions have."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ops.doctor.finding import check, failed, passed, warned
from shared.cloud.transport import WORST_CASE, WORST_COPY
from shared.invocation import MARGIN
from shared.settings import variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer

#: The calls that one video needs in one run: HEAD, versions, claim, HEAD, job and claim; or job, HEAD, ACL, copy,
#: listing and removal.
CALLS = 6
#: Seconds, the most that SCF lets a function run: https://cloud.tencent.com/document/product/583/11637.
_MOST = 900
#: Seconds for these, if each takes as long as it may and one is a copy.
ENOUGH = math.ceil((CALLS - 1) * WORST_CASE + max(WORST_CASE, WORST_COPY))


@check("time-out")
def timeouts(case: Case) -> Iterator[Answer]:
    """Whether a function can deal with a video even when every call takes as long as it may."""
    for name, seconds in case.timeouts.items():
        if not MARGIN < seconds <= _MOST:
            yield failed(
                f"{name} may run for {seconds} s, of which the last {MARGIN} are kept in hand",
                f"Give it {ENOUGH} s or more, at most {_MOST}",
            )
        elif seconds < ENOUGH:
            yield warned(
                f"{name} may run for {seconds} s, and one video takes up to {ENOUGH} when the cloud is slow",
                f"Give it {ENOUGH} s or more; until then the sweep finishes what is cut off",
            )
        else:
            yield passed(f"{name} may run for {seconds} s, and needs {ENOUGH} at most for a video")


@check("grace")
def grace(case: Case) -> Iterator[Answer]:
    """Whether the sweep leaves alone what a function may still be at."""
    given, longest = case.settings.grace, max(case.timeouts.values(), default=0)
    if given > longest:
        yield passed(f"the sweep waits {given} s, longer than any function runs")
    else:
        yield failed(
            f"the sweep takes up work after {given} s, while a function may still be at it for {longest}",
            f"Set {variable('grace')} to more than {longest}, or shorten the time-outs",
        )
