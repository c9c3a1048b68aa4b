"""A cloud in this process, and Tencent's clients of its account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    with in_process(FakeCloud()) as cloud:
        yield cloud
