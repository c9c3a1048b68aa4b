"""One CI media job, as replies and callbacks describe it, and as a request asks for it.

Every node of https://www.tencentcloud.com/document/product/1045/73155 and of the callback page
https://www.tencentcloud.com/document/product/436/49067. Documents differ in what they leave out, so every
node is optional here; what must be there is said where it is used.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from shared.documents import items
from shared.domain.result import Result, Verdict, stamp
from shared.errors import MalformedError

if TYPE_CHECKING:
    from shared.documents import Tree

#: The tag of the jobs that we submit.
TAG = "ExtractDigitalWatermark"
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

    @property
    def finished(self) -> bool:
        """Whether nothing more will come of the job. A paused one goes on when its queue does."""
        return self in (JobState.SUCCESS, JobState.FAILED, JobState.CANCEL)


def _text(value: object) -> object:
    # An empty XML element and a JSON null both mean "no text"; anything with structure is refused by pydantic.
    return "" if value is None else value


def _time(value: object) -> object:
    # `2022-06-27T15:23:10+0800`, and `-` for what has not happened yet. A time that cannot be read is only a
    # time less: it must not stop a result.
    if not isinstance(value, str):
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


Text = Annotated[str, BeforeValidator(_text)]
Time = Annotated[datetime | None, BeforeValidator(_time)]


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Watermark(_Node):
    """`Operation.ExtractDigitalWatermark`; `message` is the extracted text."""

    message: Text = Field("", alias="Message")
    type: Text = Field("", alias="Type")
    version: Text = Field("", alias="Version")


def _node(value: object) -> object:
    return {} if value in (None, "") else value


class Operation(_Node):
    """`JobsDetail.Operation`."""

    watermark: Annotated[Watermark, BeforeValidator(_node)] = Field(Watermark(), alias=TAG)
    user_data: Text = Field("", alias="UserData")
    job_level: Text = Field("", alias="JobLevel")


class Input(_Node):
    """`JobsDetail.Input`. The table of the page says `Bucket`, its samples say `BucketId`."""

    bucket: Text = Field("", validation_alias=AliasChoices("BucketId", "Bucket"))
    key: Text = Field("", alias="Object")
    region: Text = Field("", alias="Region")


class Job(_Node):
    """One `JobsDetail` node. `code` and `message` mean something for failed jobs only."""

    code: Text = Field("", alias="Code")
    message: Text = Field("", alias="Message")
    job_id: Text = Field("", alias="JobId")
    tag: Text = Field("", alias="Tag")
    state_text: Text = Field("", alias="State")
    created: Time = Field(None, alias="CreationTime")
    started: Time = Field(None, alias="StartTime")
    ended: Time = Field(None, alias="EndTime")
    queue_id: Text = Field("", alias="QueueId")
    input: Annotated[Input, BeforeValidator(_node)] = Field(Input(), alias="Input")
    operation: Annotated[Operation, BeforeValidator(_node)] = Field(Operation(), alias="Operation")

    @property
    def state(self) -> JobState:
        """Where the job stands."""
        return JobState(self.state_text)

    @property
    def ticket(self) -> str:
        """What the submitter put into `UserData`."""
        return self.operation.user_data

    def result(self, now: float) -> Result | None:
        """What the job found out; `None` while it is not finished. `now` stands in for a missing end time."""
        at = stamp(self.ended or datetime.fromtimestamp(now, timezone.utc))
        if self.state is JobState.SUCCESS:
            text = self.operation.watermark.message
            return Result(Verdict.FOUND if text else Verdict.NONE, at, self.job_id, text=text)
        if self.state is JobState.FAILED:
            return Result(Verdict.FAILED, at, self.job_id, code=self.code, message=self.message)
        if self.state is JobState.CANCEL:
            return Result(Verdict.FAILED, at, self.job_id, code=CANCELLED_CODE)
        return None


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
    try:
        return [Job.model_validate(detail) for detail in details]
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in e["loc"]) for e in error.errors()[:3])
        raise MalformedError(f"a job document has nodes of the wrong shape: {places}") from error
