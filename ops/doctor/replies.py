"""What Cloud Infinite and COS tell about queues and objects, as far as the doctor cares."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ops.tencent.replies import Word

_ARCHIVES = ("ARCHIVE", "DEEP_ARCHIVE", "MAZ_ARCHIVE", "MAZ_DEEP_ARCHIVE")


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class QueueState(Word):
    """Whether a media queue starts the jobs that wait in it."""

    ACTIVE = "Active"
    PAUSED = "Paused"
    UNKNOWN = "?"


class Notification(_Node):
    """Whom a media queue tells that a job without a callback of its own has ended; `url` is empty for TDMQ."""

    state: str = Field("", alias="State")
    events: str = Field("", alias="Event")
    url: str = Field("", alias="Url")

    @property
    def tells(self) -> bool:
        """Whether the end of a job is told anybody."""
        return self.state == "On" and "TaskFinish" in self.events.split(",")


class MediaQueue(_Node):
    """One of a bucket's queues: https://cloud.tencent.com/document/product/460/42324."""

    queue_id: str = Field(alias="QueueId")
    state: QueueState = Field(QueueState.UNKNOWN, alias="State")
    notification: Annotated[Notification, BeforeValidator(lambda node: node or {})] = Field(
        Notification(), alias="NotifyConfig"
    )


class Listed(_Node):
    """An object in a listing: https://cloud.tencent.com/document/product/436/7734."""

    key: str = Field(alias="Key")
    size: int = Field(alias="Size")
    storage_class: str = Field("STANDARD", alias="StorageClass")
    tier: str = Field("", alias="StorageTier")
    restoration: str = Field("", alias="RestoreStatus")

    @property
    def is_out_of_reach(self) -> bool:
        """Whether it is archived, as a class or as a tier of INTELLIGENT_TIERING, and not restored."""
        archived = self.storage_class in _ARCHIVES or self.tier in _ARCHIVES
        return archived and self.restoration != "DONE"
