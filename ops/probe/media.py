"""The clip, and the jobs on it that are paid for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

# Only writes XML.
from xml.etree.ElementTree import Element, SubElement, tostring

from faketencent.video import make_video
from ops import waiting
from ops.deploy.functions import UNCLEAR
from ops.probe import things
from ops.probe.account import NAME
from ops.probe.patience import awaited
from ops.probe.questions import NotSeenError, Paid
from ops.probe.seen import settled, tree
from shared.cloud.ci import Jobs
from shared.documents import child, items, parse, text
from shared.domain.job import Job, JobState, read_jobs
from shared.errors import CloudError, WatermarkError
from shared.settings import CallbackFormat, CallbackType, JobLevel, MqMode

if TYPE_CHECKING:
    from ops.probe.account import Account
    from ops.probe.seen import Seen
    from ops.probe.stage import Stage
    from shared.documents import Tree
    from shared.settings import Settings

#: The clip: seconds, and pixels. Each job on it counts as a minute.
SECONDS, WIDTH, HEIGHT = 10, 64, 48
PLAIN, MARKED, NO_VIDEO = "clip.mp4", "marked.mp4", "no-video.mp4"
MARK = "Probe_2026"
#: Seconds that a job may take, and during which its callback is answered 500, counted from before the job.
_JOB, _REFUSED = 300, 360
_LIVE = (JobState.SUBMITTED, JobState.RUNNING, JobState.PAUSE, JobState.UNKNOWN)


@dataclass(frozen=True)
class Made:
    """A job: how it stood right after it was asked for, what CI showed of it last, and the seconds until it ended."""

    first: Job
    job: Job
    node: dict[str, Tree]
    seconds: float
    user_data: str


def prepare(stage: Stage) -> None:
    """Bind the bucket, and upload the clip and what is none. Raises WatermarkError."""
    things.enable_media(stage.account)
    try:
        clip = make_video(SECONDS, WIDTH, HEIGHT)
    except ImportError as error:
        raise NotSeenError("there is no clip: PyAV is not installed; `make demo` installs it") from error
    headers = {"Content-Type": "video/mp4"}
    settled(stage.calls.cos("PUT", PLAIN, headers=headers, body=clip), "uploading the clip")
    settled(stage.calls.cos("PUT", NO_VIDEO, headers=headers, body=b"This is no video.\n" * 100), "uploading text")


def make(stage: Stage, which: Paid) -> Made:
    """Ask for the job, and wait for its end. Raises WatermarkError."""
    if which is Paid.MARK:
        return _ended(stage, read_jobs(parse(settled(_embed(stage), "asking for the mark").body))[0], "")
    if which is Paid.CANCELLED:
        return _cancelled(stage, stage.account, which)
    if which is Paid.RIGHTS:
        return _cancelled(stage, stage.limited(), which)
    if which is Paid.FOUND:
        stage.job(Paid.MARK)
    settings, level = _settings(stage, which)
    key = {Paid.FOUND: MARKED, Paid.FAILS: NO_VIDEO}.get(which, PLAIN)
    return _ended(stage, *_submitted(stage, settings, key, level))


def node_of(stage: Stage, job_id: str) -> dict[str, Tree]:
    """What CI shows of a job. Raises WatermarkError."""
    seen = settled(stage.calls.ci("GET", f"jobs/{job_id}"), "asking for the job")
    found = items(child(tree(seen, "Response"), "JobsDetail"))
    if len(found) != 1 or not isinstance(found[0], dict):
        raise NotSeenError(f"CI shows {len(found)} jobs of that id")
    return found[0]


def _settings(stage: Stage, which: Paid) -> tuple[Settings, JobLevel]:
    """What the deployment would ask for, but for where its end is told."""
    given = stage.account.configuration.settings.model_copy(
        update={"queue_id": None, "callback_type": CallbackType.URL, "callback_format": CallbackFormat.XML}
    )
    if which is Paid.QUEUED:
        told = {"callback_type": CallbackType.TDMQ, "mq_region": stage.queue(), "mq_name": NAME}
        return given.model_copy(update={**told, "mq_mode": MqMode.QUEUE, "callback_url": None}), JobLevel.LOW
    form = CallbackFormat.JSON if which is Paid.NONE else CallbackFormat.XML
    # A level is asked for once, to see whether a reply says what it costs.
    level = JobLevel.MEDIUM if which is Paid.REFUSED else JobLevel.LOW
    return given.model_copy(update={"callback_url": _address(stage, which), "callback_format": form}), level


def _address(stage: Stage, which: Paid) -> str:
    if which is Paid.REFUSED:
        return stage.address("refused", int(waiting.now()) + _REFUSED)
    try:
        return stage.address(which.name.lower())
    except WatermarkError:
        # The job has an answer without it.
        return "no"


def _submitted(
    stage: Stage, settings: Settings, key: str, level: JobLevel, account: Account | None = None
) -> tuple[Job, str]:
    ticket = hashlib.sha256(f"{stage.account.run} {waiting.now()}".encode()).hexdigest()
    jobs = Jobs((account or stage.account).transport)
    return jobs.create(settings, stage.calls.target(key), ticket, level), ticket


def _ended(stage: Stage, first: Job, ticket: str) -> Made:
    begun = waiting.now()

    def look() -> Made | None:
        try:
            node = node_of(stage, first.job_id)
        except UNCLEAR:
            # It is paid for: an outage is no reason to forget it.
            return None
        job = Job.read(node)
        return None if job.state in _LIVE else Made(first, job, node, waiting.now() - begun, ticket)

    ended = awaited(look, _JOB)
    if ended is None:
        raise NotSeenError(f"the job did not end within {_JOB} s; it is {text(node_of(stage, first.job_id), 'State')}")
    if not ticket and ended.job.state is not JobState.SUCCESS:
        raise NotSeenError(f"the clip could not be marked: {ended.job.code} {ended.job.message}")
    return ended


def _cancelled(stage: Stage, account: Account, which: Paid) -> Made:
    """In a queue that is paused, nothing begins; it is the probe's own. `account` is whose rights are used."""
    queue = _paused_queue(stage)
    try:
        settings, level = _settings(stage, which)
        first, ticket = _submitted(stage, settings, PLAIN, level, account)
        before = Job.read(node_of(stage, first.job_id))
        Jobs(account.transport).cancel(stage.calls.target(PLAIN), first.job_id)
        made = _ended(stage, first, ticket)
        return replace(made, first=before)
    finally:
        settled(_switch(stage, queue, "Active"), "letting the queue go on")


def _paused_queue(stage: Stage) -> Tree:
    """The bucket's queue, which it pauses. Raises NotSeenError, whatever is in the way."""
    try:
        queues = tree(settled(stage.calls.ci("GET", "queue"), "asking for the queue"), "Response")
        queue = next(iter(items(child(queues, "QueueList"))), None)
        settled(_switch(stage, queue, "Paused"), "pausing the queue")
    except CloudError as error:
        raise NotSeenError(f"the queue cannot be paused: {error}") from error
    return queue


def _switch(stage: Stage, queue: Tree, state: str) -> Seen:
    request = Element("Request")
    SubElement(request, "Name").text = text(queue, "Name") or "queue-1"
    SubElement(request, "State").text = state
    notify = SubElement(request, "NotifyConfig")
    for name, value in (("State", "Off"), ("Type", "Url")):
        SubElement(notify, name).text = value
    return stage.calls.ci("PUT", f"queue/{text(queue, 'QueueId')}", body=bytes(tostring(request)))


def _embed(stage: Stage) -> Seen:
    """https://www.tencentcloud.com/document/product/1045/73153."""
    request = Element("Request")
    SubElement(request, "Tag").text = "DigitalWatermark"
    SubElement(SubElement(request, "Input"), "Object").text = PLAIN
    operation = SubElement(request, "Operation")
    mark = SubElement(operation, "DigitalWatermark")
    for name, value in (("Type", "Text"), ("Message", MARK), ("Version", "V1")):
        SubElement(mark, name).text = value
    output = SubElement(operation, "Output")
    for name, value in (("Region", stage.account.region), ("Bucket", stage.account.bucket), ("Object", MARKED)):
        SubElement(output, name).text = value
    SubElement(request, "CallBack").text = "no"
    return stage.calls.ci("POST", "jobs", body=bytes(tostring(request)))
