"""Where a job's callback goes, and in which form: the settings that jobs and queues have in common.

https://www.tencentcloud.com/document/product/1045/49945 (CallBackMqConfig)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.ci.addresses import objection

if TYPE_CHECKING:
    from faketencent.ci.fields import Fields


class CallbackType(Enum):
    """By which channel. `Kafka` is in some SDKs, but not on the pages of these jobs."""

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
    """The value of a field as an address that CI can call."""
    why = objection(text)
    if why:
        fields.refuse(name, f"{text!r}: {why}")
    return UrlTarget(text)


def read_mq_target(fields: Fields) -> MqTarget:
    """The three `Mq…` fields; a mode that is not given is `Queue`."""
    return MqTarget(
        fields.required_choice("MqRegion", MqRegion),
        fields.choice("MqMode", MqMode) or MqMode.QUEUE,
        fields.required("MqName"),
    )
