"""The channels of the demo."""

from __future__ import annotations

from enum import Enum


class Channel(str, Enum):
    """How CI tells that a job has ended."""

    URL = "url"
    TDMQ = "tdmq"
