"""What several of these tests begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ops.at_work import AtWork, at_work
from tests.ops.clinic import Clinic, open_clinic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with open_clinic(tmp_path) as clinic:
        yield clinic


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[AtWork]:
    with at_work(tmp_path) as stand:
        yield stand
