"""One CI media job, as replies and callbacks describe it, and as a request asks for it.

Every node of https://www.tencentcloud.com/document/product/1045/73155 and of the callback page
https://www.tencentcloud.com/document/product/436/49067. Documents differ in what they leave out, so every
node is optional here; what must be there is said where it is used.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.documents import items, text
from shared.domain.result import MAX_TEXT, Result, Verdict, stamp
from shared.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Collection

    from shared.documents import Tree

#: The tag of the jobs that we submit.
TAG = "ExtractDigitalWatermark"
#: How CI writes a time. Compiled when the first one is read.
_TIME = r"(?P<moment>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8})(?:Z|(?P<hours>[+-][0-9]{2}):?(?P<minutes>[0-5][0-9]))"
#: What a job id may look like, so that it can stand in a path. The format is not promised; samples are `j` + 32 hex.
JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
CANCELLED_CODE = "JobCancelled"
#: The most jobs in one document: a full page of a listing. More in a callback would only be there to keep us busy.
MAX_JOBS = 100


class JobState(Enum):
    """Where a job stands; `UNKNOWN` is any state that the documentation does not list (yet)."""

    SUBMITTED = "Submitted"
    RUNNING = "Running"
    SUCCESS = "Success"
    FAILED = "Failed"
    PAUSE = "Pause"
    CANCEL = "Cancel"
    UNKNOWN = "?"

    @classmethod
    def _missing_(cls, _: object) -> JobState:
        return cls.UNKNOWN


class Job(NamedTuple):
    """One `JobsDetail` node. `code` and `message` mean something for failed jobs only.

    `ticket` is what the submitter put into `UserData`, `text` the extracted watermark.
    """

    job_id: str = ""
    state: JobState = JobState.UNKNOWN
    tag: str = ""
    code: str = ""
    message: str = ""
    bucket: str = ""
    key: str = ""
    region: str = ""
    ticket: str = ""
    text: str = ""
    created: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None

    @classmethod
    def read(cls, node: Tree) -> Job:
        """The job that a node describes.

        Raises:
            MalformedError: there is structure where text belongs, or the other way round.
        """
        if not isinstance(node, dict):
            raise MalformedError("a job document has a job that has no nodes")
        return cls(
            _text(node, "JobId"),
            JobState(_text(node, "State")),
            _text(node, "Tag"),
            _text(node, "Code"),
            _text(node, "Message"),
            # The table of the page says `Bucket`, its samples say `BucketId`.
            _text(node, "Input", "BucketId") or _text(node, "Input", "Bucket"),
            _text(node, "Input", "Object"),
            _text(node, "Input", "Region"),
            _text(node, "Operation", "UserData"),
            _text(node, "Operation", TAG, "Message"),
            *(_time(text(node, name)) for name in ("CreationTime", "StartTime", "EndTime")),
        )

    def result(self, none_codes: Collection[str] = ()) -> Result | None:
        """What the job found out; `None` while it is not finished.

        `none_codes` are codes of failed jobs that mean "no watermark".
        """
        ended = self.ended or self.created
        at = stamp(ended) if ended else ""
        if self.state is JobState.SUCCESS:
            found = _kept(self.text)
            return Result(Verdict.FOUND if found else Verdict.NONE, at, self.job_id, text=found)
        if self.state is JobState.FAILED and self.code in none_codes:
            return Result(Verdict.NONE, at, self.job_id)
        if self.state is JobState.FAILED:
            return Result(Verdict.FAILED, at, self.job_id, code=_kept(self.code), message=_kept(self.message))
        if self.state is JobState.CANCEL:
            return Result(Verdict.FAILED, at, self.job_id, code=CANCELLED_CODE)
        return None


def _kept(told: str) -> str:
    """The text as it is kept: not too long, and without half a character, which no claim or record could hold."""
    return told[:MAX_TEXT].encode(errors="replace").decode()


def read_jobs(tree: Tree) -> list[Job]:
    """The jobs under a document's `JobsDetail`, which may be one or a list, with or without a `Response` around.

    Raises:
        MalformedError: a node has structure where text belongs, or the other way round; or there are too many jobs.
    """
    body: Any = tree
    if isinstance(body, dict) and "Response" in body:
        body = body["Response"]
    if not isinstance(body, dict):
        raise MalformedError("a job document has no nodes")
    details = items(body.get("JobsDetail"))
    if len(details) > MAX_JOBS:
        raise MalformedError(f"a job document with {len(details)} jobs is over the limit of {MAX_JOBS}")
    return [Job.read(detail) for detail in details]


def _text(tree: Tree, *names: str) -> str:
    """The text under these names. An empty XML element and a JSON null both mean that there is none."""
    for name in names:
        if tree in (None, ""):
            return ""
        if not isinstance(tree, dict):
            raise MalformedError(f"a job document has no nodes where {'.'.join(names)} belongs")
        tree = tree.get(name)
    if not isinstance(tree, str | None):
        raise MalformedError(f"a job document has no text in {'.'.join(names)}")
    return tree or ""


def _time(told: str) -> datetime | None:
    # `2022-06-27T15:23:10+0800`, and `-` for what has not happened yet. A time that cannot be read is only a
    # time less: it must not stop a result.
    # Not `strptime`, which imports modules. Before Python 3.11 `fromisoformat` wants a colon in the zone, and no `Z`.
    found = re.fullmatch(_TIME, told, re.ASCII)
    if found is None:
        return None
    zone = f"{found['hours']}:{found['minutes']}" if found["hours"] else "+00:00"
    try:
        return datetime.fromisoformat(found["moment"] + zone).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
