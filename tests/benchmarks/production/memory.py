"""The most memory that ticks of the timer take, with very many claims and with the largest messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.production.paths import Path
from tests.benchmarks.production.process import container

if TYPE_CHECKING:
    from tests.benchmarks.production.stage import Stage
    from tests.benchmarks.production.subjects import Code

_CLAIMS = 10_000
_MESSAGES, _MEGABYTE = 16, 1_000_000


def memory(code: Code, stage: Stage) -> dict[str, float]:
    """MB, by what the ticks met."""
    messages = stage.invocation(Path.EMPTY_QUEUE)
    stage.fill_queue(_MESSAGES, _MEGABYTE)
    with container(code, "callback", stage.port()) as kept:
        of_messages = kept.invoke(messages).peak
    assert stage.left_in_queue() == 0, "the messages were not received"
    stage.fill_ledger(_CLAIMS)
    with container(code, "callback", stage.port()) as kept:
        first, second = (kept.invoke(stage.tick(queue=False)) for _ in range(2))
    assert first.returned["in_flight"] == _CLAIMS, first.returned
    return {
        f"timer, {_MESSAGES} messages of 1 MB": of_messages / 1e6,
        f"timer, {_CLAIMS:,} claims, first tick": first.peak / 1e6,
        f"timer, {_CLAIMS:,} claims, second tick": second.peak / 1e6,
    }
