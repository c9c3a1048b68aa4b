"""Random histories once more, with callbacks that wait in a queue for the next sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.roads import Road, deployed_on, queue_of
from tests.test_state_machine import Histories

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.world import World

#: Says the same on every Python, and takes its time.
pytestmark = pytest.mark.once


class QueueHistories(Histories):
    """What may happen to a queue comes on top of all the rest; its messages are fetched before each sweep."""

    def deployment(self) -> AbstractContextManager[World]:
        return deployed_on(Road.QUEUE)

    @rule(times=st.integers(1, 3))
    def receive_messages_twice(self, times: int) -> None:
        queue_of(self.world).duplicate_next(times)

    @rule(seed=st.integers(0, 9))
    def receive_messages_in_disorder(self, seed: int) -> None:
        queue_of(self.world).shuffle(seed)

    @rule(body=st.sampled_from(["rubbish", "{}", "<Response/>", '{"JobsDetail": {"Operation": {"UserData": "w1."}}}']))
    def send_something_else(self, body: str) -> None:
        queue_of(self.world).send(body)


TestQueueHistories = QueueHistories.TestCase
TestQueueHistories.settings = settings(stateful_step_count=50, max_examples=settings().max_examples // 4)
