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
    stage.fill_ledger(_CLAIMS)
    with container(code, "callback", stage.port()) as kept:
        first, second = (kept.invoke(stage.tick(queue=False)).peak for _ in range(2))
    return {
        f"timer, {_MESSAGES} messages of 1 MB": of_messages / 1e6,
        f"timer, {_CLAIMS:,} claims, first tick": first / 1e6,
        f"timer, {_CLAIMS:,} claims, second tick": second / 1e6,
    }
