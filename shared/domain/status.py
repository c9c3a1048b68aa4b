"""The status: what the last tick of the timer saw, kept in the ledger as `status.json` for operators."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.pause import Pause

NAME = "status.json"


class Status(BaseModel):
    """The object `status.json`. What does not apply is left out."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    v: int = Field(1, description="Version of this format.")
    at: str = Field(description="When the tick ended, by COS's clock: UTC, ISO 8601.")
    code: str = Field(description="Digest of the deployed code.")
    settings: str = Field(description="Digest of the function's settings, signed with the secret.")
    in_flight: int = Field(description="Claims in the ledger.")
    oldest: int = Field(description="Seconds since the oldest claim's first attempt was written.")
    held: dict[str, int] = Field(description="How many claims are held, by reason, as far as this container knows.")
    looked_at: int = Field(description="Claims that this tick looked at.")
    complete: bool = Field(description="Whether the tick had time for every claim that was due.")
    refusal: str | None = Field(None, description="The last refusal, while Cloud Infinite refuses jobs.")
    waiting: int = Field(description="Waiting entries; 1000 means 1000 or more.")
    jobs_today: int | None = Field(None, description="Slots taken on this day (UTC), if there is a limit.")
    limit: int | None = Field(None, description="`WATERMARK_MAX_JOBS_PER_DAY`.")
    paused: Pause | None = Field(None, description="Who paused, when, and why.")
