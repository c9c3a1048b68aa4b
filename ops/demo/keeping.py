"""Leaves the cloud running after the demo, says what one can do with it, and tells what then happens."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ops.demo.following import tell
from ops.demo.scenes import example, watermarked
from ops.demo.stage import REGION, TICK, VIDEOS

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.ci.jobs import Job
    from faketencent.scf.invocation import Invocation
    from ops.demo.narrator import Narrator
    from ops.demo.stage import Stage

_VIDEO, _ENV = "marked.mp4", "demo.env"
_TEXT = "Studio-9_2026"
_UPLOADED = "mine.mp4"


def keep_running(stage: Stage, narrator: Narrator, wait: Callable[[], None]) -> None:
    """Go on until Ctrl-C; `wait` is called whenever nothing is due."""
    with TemporaryDirectory(prefix="cos-watermark-") as name:
        folder = Path(name)
        try:
            narrator.scene("The fake cloud keeps running")
            _prepare(stage, narrator, folder)
            _explain(stage, narrator, folder)
            for happening in stage.follow(wait):
                _tell(happening, stage, narrator)
        except KeyboardInterrupt:
            narrator.scene("The fake cloud has ended. Nothing in it is kept.")


def _prepare(stage: Stage, narrator: Narrator, folder: Path) -> None:
    (folder / _VIDEO).write_bytes(watermarked(stage, narrator, _TEXT))
    (folder / _ENV).write_text(stage.env_file, encoding="utf-8")
    stage.tick_on()


def _explain(stage: Stage, narrator: Narrator, folder: Path) -> None:
    url, account = stage.server.url, stage.cloud.cam.account
    narrator.step("it listens at", url)
    narrator.scene("What you can do now, in another terminal, in the same folder")
    narrator.say(
        "This cloud finds only watermarks that it made itself. Its timer runs every "
        f"{TICK} seconds, not each minute. The signed URLs are good for a day."
    )
    narrator.say("1. See the headers of an object:")
    narrator.command("curl", "-x", url, "-I", stage.signed_url("HEAD", example(stage)))
    narrator.say("2. Upload this video, or one of your own. What the functions do is then shown here:")
    narrator.command("curl", "-x", url, "-T", str(folder / _VIDEO), stage.signed_url("PUT", _UPLOADED))
    narrator.say("3. Use the commands for operators: list, show, status, verify. One of them:")
    narrator.command(f"http_proxy={url}", "./cos-watermark", "list", "--env-file", str(folder / _ENV))
    narrator.say("4. Use it with an SDK of COS, which needs:")
    narrator.fields({
        "region": REGION,
        "bucket": VIDEOS,
        "SecretId": account.secret_id,
        "SecretKey": account.secret_key,
        "scheme": "http",
        "proxy": url,
    })  # fmt: skip
    narrator.scene("What happens from now on; Ctrl-C ends it")


def _tell(happening: Invocation | Job, stage: Stage, narrator: Narrator) -> None:
    for line in tell(happening, narrator):
        if line["outcome"] == "written":
            narrator.headers({}, stage.marks(line["key"]))
