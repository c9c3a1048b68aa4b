"""What strangers do, who know the function's URL, and what queues do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faketencent.ci.jobs import Extraction, JobRequest
from tests.channels import Channel, queue_of
from tests.schedules.held import HeldCallback
from tests.world import BUCKET, REGION

if TYPE_CHECKING:
    from tests.schedules.actions import Deed
    from tests.schedules.stage import Stage

#: What is replaced in a genuine callback, and by what.
_FORGERIES = (("Alpha", "Beta"), ("k.mp4", "m.mp4"), ("m.mp4", "k.mp4"), ("w2.", "w1."), ("Success", "Failed"))
_RUBBISH = ("rubbish", "{}", "<Response/>", '{"JobsDetail": {"Operation": {"UserData": "w2."}}}')


def forge(stage: Stage, _: Deed) -> None:
    """Genuine callbacks with other words in them."""
    for held in stage.callbacks[-1:]:
        for old, new in _FORGERIES:
            _send(stage, held.body.replace(old.encode(), new.encode()))


def name_another_job(stage: Stage, _: Deed) -> None:
    """A genuine ticket, and the id of another job."""
    ids = [job.id for job in stage.jobs()]
    for held in stage.callbacks[-1:]:
        [genuine] = [job_id for job_id in ids if job_id.encode() in held.body][:1]
        for other in ids:
            _send(stage, held.body.replace(genuine.encode(), other.encode()))


def submit_a_job(stage: Stage, deed: Deed) -> None:
    """By somebody of the same account, for reasons of his own."""
    stage.ci.submit(stage.ci.bucket(BUCKET, REGION), JobRequest(deed.key, Extraction(), user_data="theirs"))


def send_twice(stage: Stage, _: Deed) -> None:
    """At least once means that."""
    if stage.channel is Channel.QUEUE:
        queue_of(stage.world).duplicate_next(2)


def shuffle(stage: Stage, _: Deed) -> None:
    """In no order at all."""
    if stage.channel is Channel.QUEUE:
        queue_of(stage.world).shuffle(1)


def send_rubbish(stage: Stage, _: Deed) -> None:
    """Whoever may write into the queue."""
    if stage.channel is Channel.QUEUE:
        queue_of(stage.world).send(*_RUBBISH)


def _send(stage: Stage, body: bytes) -> None:
    run = stage.call_back(HeldCallback(body, 0))
    while run in stage.runs:
        stage.step(run)
