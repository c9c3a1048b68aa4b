"""What one record, callback or claim came to: one value, one log line."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from shared.errors import (
    BlockedError,
    ClaimError,
    CloudError,
    ConfigurationError,
    GivenUpError,
    MalformedError,
    RejectedError,
    TicketError,
    UnwritableError,
    WatermarkError,
)
from shared.log import Level

if TYPE_CHECKING:
    from shared.domain.objects import ObjectRef, Upload

#: What stays as it is until somebody does something. Refused callbacks are not among them: anyone can send one.
_FOR_OPERATORS = (
    BlockedError,
    ClaimError,
    ConfigurationError,
    GivenUpError,
    RejectedError,
    UnwritableError,
)


class Kind(Enum):
    """What became of it. `PENDING` is not done but remembered by a claim: the sweep goes on with it."""

    SUBMITTED = "submitted"
    WRITTEN = "written"
    RECORDED = "recorded"
    SKIPPED = "skipped"
    HELD = "held"
    PENDING = "pending"
    FAILED = "failed"


class Reason(Enum):
    """Why something was skipped or is held, or why a result is in the ledger alone."""

    NOT_CREATED = "not_created"
    FOLDER = "folder"
    EMPTY = "empty"
    NOT_A_VIDEO = "not_a_video"
    EXCLUDED = "excluded"
    TOO_LARGE = "too_large"
    GONE = "gone"
    ARCHIVED = "archived"
    UNREADABLE = "unreadable"
    NO_CHECKSUM = "no_checksum"
    UNNAMABLE = "unnamable"
    APPENDABLE = "appendable"
    SYMLINK = "symlink"
    DONE = "done"
    IN_FLIGHT = "in_flight"
    KNOWN = "known"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    ANOTHER = "another"
    UNSETTLED = "unsettled"
    PAUSED = "paused"
    LIMIT = "limit"
    YOUNG = "young"
    REFUSED = "refused"
    UNWRITABLE = "unwritable"
    NOT_OURS = "not_ours"
    UNFINISHED = "unfinished"
    LEFT = "left"


class Outcome(NamedTuple):
    """The end of one piece of work. `error` is set when it failed, and when it is pending or held because of one.

    `target` is for what is no upload yet.
    """

    kind: Kind
    target: ObjectRef | None = None
    upload: Upload | None = None
    reason: Reason | None = None
    job: str = ""
    detail: str = ""
    error: WatermarkError | None = None

    @property
    def retryable(self) -> bool:
        """Whether doing the same again may end better."""
        return self.error is not None and self.error.retryable

    @property
    def unfinished(self) -> bool:
        """Whether the news that led here should come again: it is neither dealt with nor refused for good."""
        refused = isinstance(self.error, MalformedError | TicketError | GivenUpError)
        return self.reason is Reason.UNFINISHED or (self.kind is Kind.FAILED and not refused)

    @property
    def level(self) -> Level:
        """An error if somebody must act, a warning if it passes or was only refused."""
        if self.reason in (Reason.REFUSED, Reason.UNSETTLED):
            return Level.ERROR
        if self.error is None:
            return Level.INFO
        return Level.ERROR if isinstance(self.error, _FOR_OPERATORS) else Level.WARNING

    def as_fields(self) -> dict[str, object]:
        """The outcome for a log line: names and plain values, no secrets among them."""
        target = self.upload.target if self.upload else self.target
        fields: dict[str, object] = {"outcome": self.kind.value}
        if target:
            fields |= {"bucket": target.bucket, "key": target.key, "region": target.region}
        if self.upload:
            fields["correlation"] = self.upload.id
        if self.reason:
            fields["reason"] = self.reason.value
        if self.job:
            fields["job"] = self.job
        if self.detail:
            fields["detail"] = self.detail
        return fields | _error_fields(self.error)


def _error_fields(error: WatermarkError | None) -> dict[str, object]:
    if error is None:
        return {}
    fields: dict[str, object] = {
        "error": type(error).__name__.removesuffix("Error"),
        "message": str(error),
        "retryable": error.retryable,
    }
    if isinstance(error, CloudError):
        fields |= {"code": error.cause.code, "status": error.cause.status, "request_id": error.cause.request_id}
    return fields
