"""The naive function with pydantic models of its event, of the job and of its settings: eleven small ones."""

from __future__ import annotations

from naive import callback, submit  # type: ignore[import-not-found]
from pydantic import BaseModel, Field

__all__ = ["callback", "submit"]


class CosObject(BaseModel):
    """An object in an event."""

    key: str
    size: int = Field(ge=0)


class CosBucket(BaseModel):
    """A bucket in an event."""

    name: str
    appid: str
    region: str


class Cos(BaseModel):
    """What an event is about."""

    object: CosObject
    bucket: CosBucket


class Happening(BaseModel):
    """What happened."""

    name: str
    time: int
    source: str = ""


class Record(BaseModel):
    """One record of an event."""

    cos: Cos
    event: Happening


class UploadEvent(BaseModel):
    """An event."""

    records: list[Record]


class Input(BaseModel):
    """What a job reads."""

    bucket: str
    key: str
    region: str = ""


class Watermark(BaseModel):
    """What a job finds."""

    message: str | None = None
    version: str = "V1"


class Job(BaseModel):
    """A job."""

    id: str = Field(pattern="^j[0-9a-f]{32}$")
    state: str
    input: Input
    watermark: Watermark | None = None


class Callback(BaseModel):
    """A callback."""

    jobs: list[Job]


class Settings(BaseModel):
    """What an operator can choose."""

    suffixes: tuple[str, ...] = (".mp4",)
    field: str = Field("watermark", min_length=1)
    queue_id: str | None = None
