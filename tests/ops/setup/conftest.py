"""What all of these tests begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ops.setup.newcomer import a_newcomer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.ops.account import Operator


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Operator]:
    with a_newcomer(tmp_path) as newcomer:
        yield newcomer
