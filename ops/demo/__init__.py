"""The demo: the main job, end to end, on a fake Tencent Cloud over real HTTP, without any account."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ops.demo import scenes
from ops.demo.narrator import Narrator
from ops.demo.road import Road
from ops.demo.stage import open_stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

_SCENES = {
    Road.URL: (scenes.marked_video, scenes.unmarked_video, scenes.no_video, scenes.forged_callback),
    Road.TDMQ: (scenes.by_queue,),
}


def run(console: Console, roads: Sequence[Road] = tuple(Road)) -> int:
    """Play the scenes of these roads; 0 if everything came out as promised, else 1."""
    narrator = Narrator(console)
    with open_stage(secrets.token_hex(32)) as stage:
        narrator.step("a fake Tencent Cloud listens at", stage.server.url)
        for scene in (scene for road in roads for scene in _SCENES[road]):
            scene(stage, narrator)
        scenes.balance(stage, narrator)
    narrator.end()
    return 1 if narrator.failures else 0
