"""What docs/commands.md shows of the commands is what they print: these screens, which `make readme` puts there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.ci import Progression
from ops.show.command import show
from ops.status.command import status
from ops.submit.command import submit
from tests.ops.deployment import STRONG_SECRET
from tests.ops.operating import Desk, operating
from tests.ops.screens import shows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

BEACH = "holiday/beach 1.mp4"
#: The commands as they are typed.
TYPED: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "shown-status": (status, ("--utc",)),
    "shown-show": (show, ("--utc", BEACH)),
    "shown-submit": (submit, ("--all", "--dry-run", "--estimate")),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A deployment of some hours, in a bucket that had videos before."""
    folder: Path = tmp_path_factory.mktemp("desk")
    with operating(folder, estimate=True, SECRET=STRONG_SECRET, MAX_JOBS_PER_DAY="100") as desk:
        desk.write_env(WATERMARK_SECRET=STRONG_SECRET, WATERMARK_MAX_JOBS_PER_DAY="100")
        desk.columns = 80
        old = [f"archive/2025/match {number}.mp4" for number in range(1, 4)]
        desk.store(*old)
        for number, key in enumerate(old):
            desk.cloud.ci.backend.lengths[desk.world.buckets[0], key] = 600 + 60 * number
        desk.upload(BEACH, text="Studio-7_2026")
        desk.upload("holiday/plain.mov", text="")
        desk.cloud.ci.backend.progression = Progression.MANUAL
        desk.upload("broken.mp4", "film.mp4")
        desk.cloud.ci.backend.start(desk.world.jobs[-1].id)
        desk.cloud.ci.backend.start(desk.world.jobs[-2].id)
        desk.cloud.ci.backend.fail(desk.world.jobs[-2].id)
        desk.cloud.settle()
        desk.cloud.advance(3600)
        desk.world.sweep()
        with patch("ops.options.ENV_FILE", folder / ".env"), patch("ops.table.is_terminal", lambda: True):
            yield desk


@pytest.mark.parametrize("name", TYPED)
def test_it_is_what_the_command_prints(name: str, desk: Desk) -> None:
    command, arguments = TYPED[name]

    code, said = desk.run(command, *arguments)

    assert code == 0
    shows(name, "".join(f"{line.rstrip()}\n" for line in said.splitlines()))
