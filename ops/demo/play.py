"""Plays the demo: every scene of the channels that were asked for."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ops.demo import scenes
from ops.demo.channel import Channel
from ops.demo.narrator import Narrator
from ops.demo.stage import open_stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

_SCENES = {
    Channel.URL: (scenes.marked_video, scenes.unmarked_video, scenes.no_video, scenes.forged_callback),
    Channel.TDMQ: (scenes.by_queue,),
}


def run(console: Console, channels: Sequence[Channel] = tuple(Channel)) -> int:
    """Play the scenes of these channels; 0 if everything came out as promised, else 1."""
    narrator = Narrator(console)
    with open_stage(secrets.token_hex(32)) as stage:
        narrator.step("a fake Tencent Cloud listens at", stage.server.url)
        for scene in (scene for channel in channels for scene in _SCENES[channel]):
            scene(stage, narrator)
        scenes.balance(stage, narrator)
    narrator.end()
    return 1 if narrator.failures else 0
