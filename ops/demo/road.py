"""The roads of the demo."""

from __future__ import annotations

from enum import Enum


class Road(str, Enum):
    """The road by which CI tells that a job has ended."""

    URL = "url"
    TDMQ = "tdmq"
