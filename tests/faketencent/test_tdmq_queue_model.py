"""Any sequence of calls to a queue, against a model that is simple enough to be believed.

A message is never lost before its retention is over, never handed out while hidden, and deleted only by its newest
handle.
"""

from __future__ import annotations

from dataclasses import dataclass

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from faketencent.cloud import FakeCloud
from faketencent.tdmq.exceptions import InvalidHandleError

#: Says the same on every Python.
pytestmark = pytest.mark.once


@dataclass
class Expected:
    """What the model knows of one message."""

    id: str
    expires_at: float
    visible_at: float
    handle: str | None = None


RETENTION = 120
TIMEOUT = 30


class QueueMachine(RuleBasedStateMachine):
    """The queue beside a list that is searched from end to end."""

    def __init__(self) -> None:
        super().__init__()
        self.cloud = FakeCloud()
        self.queue = self.cloud.tdmq.backend.create_queue(
            "callbacks", "bj", visibility_timeout=TIMEOUT, retention=RETENTION
        )
        self.expected: list[Expected] = []
        self.handles: list[str] = []

    @property
    def now(self) -> float:
        return self.cloud.clock.now()

    def alive(self) -> list[Expected]:
        return [message for message in self.expected if message.expires_at > self.now]

    def visible(self) -> list[Expected]:
        return [message for message in self.alive() if message.visible_at <= self.now]

    @rule(delay=st.sampled_from([0, 0, 0, 1, 29, 150]), count=st.integers(1, 3))
    def send(self, delay: int, count: int) -> None:
        ids = self.queue.send(*["x"] * count, delay=delay)
        self.expected += [Expected(id_, self.now + RETENTION, self.now + delay) for id_ in ids]

    @rule(seconds=st.sampled_from([0.5, 1, 10, 29, 30, 31, 90]))
    def wait(self, seconds: float) -> None:
        self.cloud.advance(seconds)

    @rule(limit=st.integers(1, 16))
    def receive(self, limit: int) -> None:
        visible = {message.id: message for message in self.visible()}

        got = self.queue.receive(limit)

        # all that is visible and asked for, nothing twice, nothing hidden, nothing deleted or too old
        assert len(got) == min(limit, len(visible))
        assert len({message.id for message in got}) == len(got)
        for message in got:
            known = visible[message.id]
            assert message.handle is not None
            assert message.handle not in self.handles
            known.handle, known.visible_at = message.handle, self.now + TIMEOUT
            assert message.visible_at == known.visible_at
            self.handles.append(message.handle)

    @precondition(lambda self: self.handles)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        handle = data.draw(st.sampled_from(self.handles))
        good = [m for m in self.alive() if m.handle == handle and m.visible_at > self.now]
        if good:
            self.queue.delete(handle)
            self.expected.remove(good[0])
        else:
            with pytest.raises(InvalidHandleError):
                self.queue.delete(handle)

    @rule()
    def shuffle(self) -> None:
        self.queue.shuffle()

    @invariant()
    def counts_agree(self) -> None:
        counts = self.queue.counts()
        assert counts.active == len(self.visible())
        assert counts.active + counts.inactive + counts.delayed == len(self.queue) == len(self.alive())


QueueMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, derandomize=True)
TestQueueMachine = QueueMachine.TestCase
