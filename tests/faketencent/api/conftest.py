"""A cloud in this process, and Tencent's clients of its account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.in_process import in_process
from tests.faketencent.api.scf_client import Scf
from tests.faketencent.api.scf_triggers import BUCKET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cloud import FakeCloud


@pytest.fixture
def cloud(cloud: FakeCloud) -> Iterator[FakeCloud]:
    with in_process(cloud):
        yield cloud


@pytest.fixture
def scf(cloud: FakeCloud) -> Scf:
    return Scf(cloud.cam.account)


@pytest.fixture
def submit(cloud: FakeCloud, scf: Scf) -> Scf:
    """With the function `submit`, which is active."""
    scf.create()
    cloud.clock.sleep(2)
    return scf


@pytest.fixture
def bucket(cloud: FakeCloud) -> None:
    """The bucket that triggers are bound to."""
    cloud.cos.backend.create_bucket(BUCKET, "ap-beijing")
