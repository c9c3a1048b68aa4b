"""What people do to objects, and when they can."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from faketencent.ci.jobs import JobState
from faketencent.cos.models import Cause
from faketencent.cos.storage import Tier
from faketencent.errors import ServiceError
from tests.schedules import strangers
from tests.schedules.actions import What, When
from tests.world import BUCKET, SECRET, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.schedules.actions import Deed
    from tests.schedules.stage import Stage

_DAY = 86_400
CONTENTS = {
    "A": marked_video("Alpha"),
    "B": marked_video("Beta"),
    "N": marked_video(""),
    "F": b"this cannot be decoded",
}
_HEADERS = {"content-type": "video/mp4", "x-cos-meta-title": "one"}
#: What comes after the content: headers of some uploads.
STYLES = {
    "": {},
    "rich": {"x-cos-acl": "public-read", "x-cos-storage-class": "STANDARD_IA", "x-cos-tagging": "team=film"},
    "full": {"x-cos-meta-title": "t" * 1990},
    "sealed by a stranger": {"x-cos-meta-watermark": "none", "x-cos-meta-watermark-seal": "s1." + "0" * 64},
}


def possible(stage: Stage, deed: Deed) -> bool:
    """Whether what the deed waits for is there."""
    states = {job.state for job in stage.ci.jobs.values()}
    checks: dict[When, Callable[[], bool]] = {
        When.ANY: lambda: True,
        When.SEALED: lambda: any(stage.truth.sealed(w.stored) for w in stage.truth.present.values()),
        When.RUNNING: lambda: JobState.RUNNING in states,
        When.SUBMITTED: lambda: JobState.SUBMITTED in states,
        When.ENDED: lambda: bool(stage.callbacks),
        When.RECORDED: lambda: bool(stage.world.ledger("results/")) and not stage.world.claims,
        When.IDLE: lambda: not stage.runs,
    }
    return checks[deed.when]()


def do(stage: Stage, deed: Deed) -> None:
    """Do it; what cannot be done to an object that is gone or archived is not."""
    if deed.what is What.PUT_AT_ONCE:
        stage.truth.same_second = True
    else:
        stage.pass_time(1)
    with suppress(ServiceError):
        _DEEDS[deed.what](stage, deed)
    stage.set_faults()
    stage.see(by_us=False)


def _put(stage: Stage, deed: Deed) -> None:
    content, _, style = deed.how.partition(" ")
    stage.cloud.cos.backend.put(BUCKET, deed.key, CONTENTS[content], _HEADERS | STYLES[style])


def _delete(stage: Stage, deed: Deed) -> None:
    stage.cloud.cos.backend.delete(BUCKET, deed.key)


def _edit(stage: Stage, deed: Deed) -> None:
    """By somebody who sends the headers that he knows, and not ours."""
    stored = stage.world.get(deed.key)
    headers = {**_HEADERS, "x-cos-meta-title": "two"}
    stage.cloud.cos.backend.put(BUCKET, deed.key, stored.body, headers, event="Copy")


def _edit_kept(stage: Stage, deed: Deed) -> None:
    stage.cloud.cos.backend.edit(BUCKET, deed.key, {"x-cos-meta-title": "three"})


def _rename(stage: Stage, deed: Deed) -> None:
    stage.cloud.cos.backend.rename(BUCKET, deed.key, deed.how)


def _archive(stage: Stage, deed: Deed) -> None:
    stage.cloud.cos.backend.archive(BUCKET, deed.key)


def _restore(stage: Stage, deed: Deed) -> None:
    stage.cloud.cos.backend.restore(stage.world.get(deed.key), Tier.EXPEDITED, 60, Cause("Post"))


def _rotate(stage: Stage, _: Deed) -> None:
    if "SECRET_PREVIOUS" not in stage.world.settings:
        stage.world.configure(SECRET="the next secret of thirty-two bytes", SECRET_PREVIOUS=SECRET)


def _switch(name: str, *, on: bool) -> Callable[[Stage, Deed], None]:
    return lambda stage, _: setattr(stage, name, on)


def _wait(days: int) -> Callable[[Stage, Deed], None]:
    return lambda stage, _: stage.pass_time(days * _DAY)


_DEEDS: dict[What, Callable[[Stage, Deed], None]] = {
    What.PUT: _put,
    What.PUT_AT_ONCE: _put,
    What.DELETE: _delete,
    What.EDIT: _edit,
    What.EDIT_KEPT: _edit_kept,
    What.RENAME: _rename,
    What.ARCHIVE: _archive,
    What.RESTORE: _restore,
    What.REFUSE: _switch("refuses", on=True),
    What.ACCEPT: _switch("refuses", on=False),
    What.LOCK: _switch("locked", on=True),
    What.UNLOCK: _switch("locked", on=False),
    What.THROTTLE: _switch("throttles", on=True),
    What.SERVE: _switch("throttles", on=False),
    What.FORGE: strangers.forge,
    What.FORGE_JOB: strangers.name_another_job,
    What.OWN_JOB: strangers.submit_a_job,
    What.TWICE: strangers.send_twice,
    What.DISORDER: strangers.shuffle,
    What.RUBBISH: strangers.send_rubbish,
    What.ROTATE: _rotate,
    What.DAY: _wait(1),
    What.MONTH: _wait(31),
    What.PAUSE: lambda stage, _: stage.operator.pause(),
    What.RESUME: lambda stage, _: stage.operator.resume(),
    What.ASK: lambda stage, deed: stage.operator.ask(deed.key, deed.how),
    What.ASK_ONCE_MORE: lambda stage, _: stage.operator.ask_once_more(),
}


def now(deed: Deed) -> Deed:
    """The deed, without waiting for anything."""
    return replace(deed, when=When.ANY)
