"""The settings: environment variables with the prefix `WATERMARK_`, read for every invocation.

SCF refuses empty values, and keeps the prefixes `SCF_`, `QCLOUD_` and `TENCENTCLOUD_` for itself
(https://cloud.tencent.com/document/product/583/30228), so "not set" is the only way to switch something off.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from shared.callback_url import check_callback_url
from shared.errors import ConfigurationError
from shared.formats import (
    Bucket,
    Codes,
    Globs,
    JobsPerDay,
    LedgerPrefix,
    MetadataPrefix,
    MqEndpoint,
    MqName,
    QueueId,
    Secret,
    Size,
    Suffixes,
    secret_bytes,
)
from shared.signing import Secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "WATERMARK_"
DAY = 86_400


class CallbackType(Enum):
    """How CI reports that a job has ended."""

    URL = "Url"
    TDMQ = "TDMQ"


class CallbackFormat(Enum):
    """The format of the callback."""

    JSON = "JSON"
    XML = "XML"


class MqRegion(Enum):
    """The regions that CI can send TDMQ messages to."""

    SHANGHAI = "sh"
    BEIJING = "bj"
    GUANGZHOU = "gz"
    CHENGDU = "cd"
    HONGKONG = "hk"


class MqMode(Enum):
    """Whether CI writes to a queue or a topic."""

    QUEUE = "Queue"
    TOPIC = "Topic"


class JobLevel(Enum):
    """The priority of a job in its queue; higher goes first."""

    LOW = "0"
    MEDIUM = "1"
    HIGH = "2"


class Reuse(Enum):
    """Whether an answer that the ledger has is used again."""

    YES = "yes"
    NO = "no"


class Scheme(Enum):
    """The scheme of all calls to Tencent Cloud."""

    HTTPS = "https"
    HTTP = "http"


def _callback_url(value: object) -> object:
    return None if value == "queue" else value


CallbackUrl = Annotated[Annotated[str, AfterValidator(check_callback_url)] | None, BeforeValidator(_callback_url)]
Seconds = Annotated[int, Field(gt=0, le=365 * DAY)]


class Settings(BaseModel):
    """What an operator can choose. Field `x_y` is the variable `WATERMARK_X_Y`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    secret: Secret = Field(
        description="Signs tickets and seals. At least 32 bytes; both functions need the same one.",
    )
    secret_previous: Secret | None = Field(
        None, description="The secret before the last rotation. What it signed is still accepted."
    )
    callback_type: CallbackType = Field(
        CallbackType.URL, description="How CI reports that a job has ended: `Url` or `TDMQ`."
    )
    callback_url: CallbackUrl = Field(
        None,
        description="Where CI sends callbacks: a URL; `no` for no callbacks (the sweep then finds every result); or "
        "`queue` for the callback setting of the CI queue. Not set in `.env`: the callback function's own URL.",
    )
    callback_format: CallbackFormat = Field(
        CallbackFormat.XML,
        description="The format of callbacks: `XML` or `JSON`. The functions read both, whichever is set here.",
    )
    mq_region: MqRegion | None = Field(
        None, description="Region of the TDMQ queue or topic, like `bj`; required with `TDMQ`."
    )
    mq_mode: MqMode = Field(MqMode.QUEUE, description="Whether `WATERMARK_MQ_NAME` is a `Queue` or a `Topic`.")
    mq_name: MqName | None = Field(
        None,
        description="Name of the TDMQ queue or topic; required with `TDMQ`. While a queue is named here it is polled, "
        "even if new jobs call back to a URL.",
    )
    mq_endpoint: MqEndpoint | None = Field(
        None,
        description="The address where the queue is polled, as the TDMQ console shows it. Inside Tencent Cloud "
        "`http://<region>.mqadapter.cmq.tencentyun.com` costs no traffic fees. Not set: the region's public address.",
    )
    mq_poll_wait: Annotated[int, Field(ge=0, le=30)] = Field(
        5, description="How many seconds a poll waits for a message while the queue is empty: 0 to 30."
    )
    queue_id: QueueId | None = Field(None, description="The CI queue to use. Not set: the bucket's own queue.")
    job_level: JobLevel = Field(
        JobLevel.LOW, description="Priority of jobs in the CI queue: `0`, `1` or `2`; higher goes first."
    )
    suffixes: Suffixes = Field(
        (
            ".3gp", ".asf", ".avi", ".dv", ".f4v", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg",
            ".mts", ".rm", ".rmvb", ".ts", ".vob", ".webm", ".wmv",
        ),
        description="Which objects are videos, by the end of their key, in upper or lower case. `*`: every object that "
        "is not a folder and not empty.",
    )  # fmt: skip
    include: Globs = Field(
        (), description="Which keys are checked: patterns, separated by commas. Not set: the keys of all videos."
    )
    exclude: Globs = Field(
        (),
        description="Which keys are not checked, even if `WATERMARK_INCLUDE` matches them: patterns, separated by "
        "commas.",
    )
    max_size: Size | None = Field(
        None,
        description="Size of the largest video that is checked: like `500MB` or `2GB` (1 GB is 1024 MB), or a number "
        "of bytes. Not set: any size.",
    )
    min_age: Annotated[int, Field(ge=0, le=7 * DAY)] = Field(
        0,
        description="How many seconds a video waits before its job is submitted, so that a video that is written "
        "several times in a row costs one job: 0 to 604800 (a week).",
    )
    max_jobs_per_day: JobsPerDay | None = Field(
        None,
        description="How many jobs may be submitted in one day (UTC); videos above that wait. Not set: **no limit**.",
    )
    reuse_answers: Reuse = Field(
        Reuse.YES,
        description="Whether a video whose bytes have an answer in the ledger, under any key, gets that answer without "
        "a job: `yes` or `no`.",
    )
    waiting_in_flight: Annotated[int, Field(ge=1, le=10_000)] = Field(
        50,
        description="While this many jobs of the last day are in flight, no waiting entry is taken up, so that new "
        "uploads find a short queue: 1 to 10000.",
    )
    ledger_bucket: Bucket = Field(
        description="The private bucket for claims, answers and records, in the functions' region. Versioning must "
        "never have been on, and nothing else may be in it."
    )
    ledger_prefix: LedgerPrefix = Field(
        "", description="What all keys in that bucket begin with, for deployments that share one bucket."
    )
    metadata_prefix: MetadataPrefix = Field("watermark", description="First part of the metadata fields' names.")
    none_codes: Codes = Field(
        frozenset(),
        description="Codes of failed jobs that mean that the video has no watermark, separated by commas. Tencent does "
        "not document how Cloud Infinite reports this.",
    )
    give_up_after: Seconds = Field(
        30 * DAY,
        description="How many seconds to try again with a video whose job is always refused, or whose result cannot be "
        "written; then only the ledger records it. Outages, throttling and time in CI's queue do not count.",
    )
    scheme: Scheme = Field(Scheme.HTTPS, description="`http` is only for a fake cloud on your own machine.")

    @model_validator(mode="after")
    def _mq_is_complete(self) -> Settings:
        missing = [n for n in ("mq_region", "mq_name") if getattr(self, n) is None]
        if self.callback_type is CallbackType.TDMQ and missing:
            names = " and ".join(variable(name) for name in missing)
            raise ValueError(f"{names} must be set when {variable('callback_type')} is TDMQ")
        return self

    @property
    def has_queue(self) -> bool:
        """Whether there is a queue to poll."""
        return self.mq_mode is MqMode.QUEUE and self.mq_region is not None and self.mq_name is not None

    @property
    def secrets(self) -> Secrets:
        """The secrets, ready to sign and verify with."""
        previous = self.secret_previous
        return Secrets(secret_bytes(self.secret), secret_bytes(previous) if previous else None)


class Credentials(BaseModel):
    """The function's temporary key pair. The platform writes it into the environment for every invocation."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)

    secret_id: str = Field(alias="TENCENTCLOUD_SECRETID", min_length=1)
    secret_key: SecretStr = Field(alias="TENCENTCLOUD_SECRETKEY", min_length=1)
    token: SecretStr | None = Field(None, alias="TENCENTCLOUD_SESSIONTOKEN")


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + field.upper()


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in this environment.

    Raises:
        ConfigurationError: a variable is missing, wrong or unknown; the text names it and never shows its value.
    """
    ours = {name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)}
    small = [PREFIX + name for name in ours if name != name.upper()]
    if small:
        raise ConfigurationError(f"the settings are wrong: {', '.join(small)}: names of settings are upper-case")
    ours = {name.lower(): value for name, value in ours.items()}
    try:
        return Settings.model_validate(ours)
    except ValidationError as error:
        raise ConfigurationError("the settings are wrong: " + "; ".join(_explain(error))) from error


def read_credentials(environment: Mapping[str, str]) -> Credentials:
    """The credentials in this environment.

    Raises:
        ConfigurationError: there are none, so the function has no execution role.
    """
    try:
        return Credentials.model_validate(dict(environment))
    except ValidationError as error:
        raise ConfigurationError(
            "no credentials in TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY: bind an execution role to the function"
        ) from error


def _explain(error: ValidationError) -> list[str]:
    return [
        "".join([*_place(e["loc"]), _reason(e["type"], e["msg"])])
        for e in error.errors(include_url=False, include_input=False)
    ]


def _place(place: tuple[str | int, ...]) -> list[str]:
    """Which variable; of a list, which item, the first of which is number 1."""
    items = (f"item {part + 1}: " for part in place if isinstance(part, int))
    return [f"{variable(str(place[0]))}: ", *items] if place else []


def _reason(kind: str, message: str) -> str:
    if kind == "missing":
        return "is not set"
    if kind == "extra_forbidden":
        return "there is no such setting; check the spelling"
    return message.removeprefix("Value error, ")
