"""What can happen to the calls of a command, one at a time, and what may come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.faults import Fault
from faketencent.refusals import BareReply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.faults import Trouble
    from tests.ops.account import Operator

TROUBLES: tuple[Trouble, ...] = (
    Fault.RESET,
    Fault.RESET_AFTER,
    Fault.ERROR_500,
    Fault.ERROR_403,
    Fault.MALFORMED,
    BareReply(404, b"<html>a proxy</html>"),
)


def each_call(
    operator: Operator, command: Callable[..., None], *arguments: str, before: Callable[[], object] = lambda: None
) -> Iterator[tuple[Trouble, int, str, str]]:
    """Run the command with each trouble at each of its calls: the trouble, how it ended, what it called then, output.

    `before` makes things as they were. No run may end with a trace, or with a code that is none of ours.
    """
    faults = operator.cloud.faults
    before()
    calls = _calls(operator, command, *arguments)
    for trouble in TROUBLES:
        for operation, nth in calls:
            before()
            # Both tries of the call, and no other.
            faults.on(operation, trouble, times=2, skip=nth)
            code, output = operator.run(command, *arguments)
            faults.clear()
            assert code in (0, 1, 3), (trouble, operation, output)
            assert "Traceback" not in output
            yield trouble, code, operation, output


def _calls(operator: Operator, command: Callable[..., None], *arguments: str) -> list[tuple[str, int]]:
    """The operations of a whole run, each with how many of its kind came before."""
    begun = len(operator.cloud.journal)
    code, output = operator.run(command, *arguments)
    assert code in (0, 1), output
    operations = [call.route.operation for call in list(operator.cloud.journal)[begun:]]
    return [(one, operations[:place].count(one)) for place, one in enumerate(operations)]
