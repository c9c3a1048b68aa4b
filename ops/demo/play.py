"""Plays the demo: every scene of the channels that were asked for."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ops.demo import scenes
from ops.demo.channel import Channel
from ops.demo.keeping import keep_running
from ops.demo.narrator import Narrator
from ops.demo.stage import open_stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

_SCENES = {
    Channel.URL: (scenes.marked_video, scenes.unmarked_video, scenes.no_video, scenes.forged_callback),
    Channel.TDMQ: (scenes.by_queue,),
}
#: What to do next; each fits on a line of 60.
_NEXT = {
    "make demo KEEP=1     ": "keep the cloud running, use it",
    "make demo DEMO=tdmq  ": "callbacks by a TDMQ queue only",
    "./cos-watermark setup": "start on an account of your own",
    "docs/deploy.md       ": "what that does, step by step",
}


def run(
    console: Console,
    channels: Sequence[Channel] = tuple(Channel),
    *,
    port: int = 0,
    wait: Callable[[], None] | None = None,
) -> int:
    """Play the scenes of these channels; 0 if everything came out as promised, else 1.

    With `wait`, which is called whenever there is nothing to do, the cloud then keeps running until Ctrl-C.

    Raises:
        ConfigurationError: the port cannot be used.
    """
    narrator = Narrator(console)
    with open_stage(secrets.token_hex(32), port) as stage:
        narrator.say("A fake Tencent Cloud runs on this machine, with both functions deployed.")
        for scene in (scene for channel in channels for scene in _SCENES[channel]):
            scene(stage, narrator)
        scenes.balance(stage, narrator)
        narrator.end()
        if narrator.failures:
            return 1
        if wait:
            stage.use(channels[0])
            keep_running(stage, narrator, wait)
            return 0
    for command, what in _NEXT.items():
        if f"DEMO={channels[0].value}" not in command:
            narrator.step(command, what)
    return 0
