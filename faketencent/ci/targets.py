"""Where a job's callback goes, and in which form: the settings that jobs and queues have in common.

https://www.tencentcloud.com/document/product/1045/49945 (CallBackMqConfig)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from faketencent.ci.fields import Fields


class CallbackType(Enum):
    """By which road. `Kafka` is in some SDKs, but not on the pages of these jobs."""

    URL = "Url"
    TDMQ = "TDMQ"


class CallbackFormat(Enum):
    """As which kind of document."""

    XML = "XML"
    JSON = "JSON"


class MqRegion(Enum):
    """Where CI can reach a TDMQ for CMQ."""

    SHANGHAI = "sh"
    BEIJING = "bj"
    GUANGZHOU = "gz"
    CHENGDU = "cd"
    HONG_KONG = "hk"


class MqMode(Enum):
    """Which of TDMQ's two models."""

    QUEUE = "Queue"
    TOPIC = "Topic"


@dataclass(frozen=True)
class UrlTarget:
    """A web address."""

    url: str

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True)
class MqTarget:
    """A TDMQ queue or topic."""

    region: MqRegion
    mode: MqMode
    name: str

    def __str__(self) -> str:
        return f"TDMQ {self.mode.value.lower()} {self.name} in {self.region.value}"


class Silence(Enum):
    """The literal `no`: no callback, not even the queue's."""

    NO = "no"


def checked_url(fields: Fields, name: str, text: str) -> UrlTarget:
    """The value of a field as an address.

    Some older pages allow 100 characters at most; newer ones do not say, so any length is taken.
    """
    try:
        host = urlsplit(text).hostname
    except ValueError:
        host = None
    if not host or not text.startswith(("http://", "https://")):
        fields.refuse(name, f"{text!r} is not an http or https address")
    return UrlTarget(text)


def read_mq_target(fields: Fields) -> MqTarget:
    """The three `Mq…` fields; a mode that is not given is `Queue`."""
    return MqTarget(
        fields.required_choice("MqRegion", MqRegion),
        fields.choice("MqMode", MqMode) or MqMode.QUEUE,
        fields.required("MqName"),
    )
