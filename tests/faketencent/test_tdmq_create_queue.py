"""Which queues can be created, and what their settings mean for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cloud import FakeCloud
from faketencent.tdmq.exceptions import MessageTooLongError, NameFormatError, ParameterRangeError, QueueExistsError

if TYPE_CHECKING:
    from faketencent.tdmq import TdmqBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def tdmq() -> TdmqBackend:
    return FakeCloud().tdmq.backend


@pytest.mark.parametrize("name", ["", "1st", "_a", "a b", "a.b", "a" * 65, "名"])
def test_refuses_malformed_names(tdmq: TdmqBackend, name: str) -> None:
    with pytest.raises(NameFormatError, match=r"\(10020\)queue name format error"):
        tdmq.create_queue(name, "bj")


def test_refuses_a_name_that_is_taken_in_the_region(tdmq: TdmqBackend) -> None:
    queue = tdmq.create_queue("callbacks", "bj")

    with pytest.raises(QueueExistsError):
        tdmq.create_queue(queue.name.upper(), "bj")
    assert tdmq.create_queue(queue.name, "sh") is not queue


@pytest.mark.parametrize(
    ("timeout", "retention", "wait"),
    [(0, 3600, 0), (43_201, 3600, 0), (30, 29, 0), (30, 3600, -1), (30, 3600, 31)],
)
def test_refuses_values_outside_their_range(tdmq: TdmqBackend, timeout: int, retention: int, wait: int) -> None:
    with pytest.raises(ParameterRangeError):
        tdmq.create_queue("callbacks", "bj", visibility_timeout=timeout, retention=retention, polling_wait_seconds=wait)


def test_limits_the_size_of_messages_in_bytes_and_stores_all_or_none(tdmq: TdmqBackend) -> None:
    queue = tdmq.create_queue("callbacks", "bj", max_message_size=1024)
    queue.send("é" * 512)

    with pytest.raises(MessageTooLongError):
        queue.send("short", "é" * 513)
    assert len(queue) == 1
