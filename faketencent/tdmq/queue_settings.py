"""What is fixed when a queue is created: https://www.tencentcloud.com/document/product/1111/42994."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from faketencent.tdmq.exceptions import ParameterRangeError

if TYPE_CHECKING:
    from faketencent.tdmq.message_queue import MessageQueue

MEGABYTE = 1_048_576


@dataclass(frozen=True)
class QueueSettings:
    """Times in seconds, sizes in bytes.

    A message received `max_receive_count` times without being deleted moves to `dead_letter_queue`; the two go
    together: https://www.tencentcloud.com/document/product/1111/42998.

    Raises:
        ParameterRangeError: a value outside its range.
    """

    visibility_timeout: int = 30
    retention: int = 3600
    polling_wait_seconds: int = 0
    max_message_size: int = MEGABYTE
    max_receive_count: int | None = None
    dead_letter_queue: MessageQueue | None = None

    def __post_init__(self) -> None:
        limits = (
            ("visibilityTimeout", self.visibility_timeout, 1, 43_200),
            ("msgRetentionSeconds", self.retention, 30, 1_296_000),
            ("pollingWaitSeconds", self.polling_wait_seconds, 0, 30),
            ("maxMsgSize", self.max_message_size, 1024, MEGABYTE),
            ("maxReceiveCount", 1 if self.max_receive_count is None else self.max_receive_count, 1, 1000),
        )
        for name, value, low, high in limits:
            if not low <= value <= high:
                raise ParameterRangeError(name)
        if (self.max_receive_count is None) != (self.dead_letter_queue is None):
            raise ParameterRangeError("deadLetterPolicy")
