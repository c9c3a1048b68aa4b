"""Reads the body of `POST /jobs`.

Fields and their places: https://www.tencentcloud.com/document/product/1045/73155 and
https://www.tencentcloud.com/document/product/1045/73153; `QueueId` is on older pages only
(https://cloud.tencent.com/document/product/460/66008), still taken, and never required.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.ci.fields import Fields
from faketencent.ci.jobs import Embedding, Extraction, IgnoreError, JobRequest, Tag
from faketencent.ci.targets import (
    CallbackFormat,
    CallbackType,
    MqTarget,
    Silence,
    UrlTarget,
    checked_url,
    read_mq_target,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class _Type(Enum):
    TEXT = "Text"


class _Version(Enum):
    V1 = "V1"


class _JobLevel(Enum):
    LOW = "0"
    MIDDLE = "1"
    HIGH = "2"


_USER_DATA = re.compile(r"[\x20-\x7e]{1,1024}")
_MESSAGE = re.compile(r"[A-Za-z0-9_*-]{1,64}")


def read_job(body: bytes) -> JobRequest:
    """The job that the body asks for.

    Raises:
        ServiceError: anything that the page does not allow.
    """
    request = Fields.of_xml(body)
    tag = request.required_choice("Tag", Tag)
    source = request.required_group("Input")
    operation = request.required_group("Operation")
    level = operation.choice("JobLevel", _JobLevel)
    job = JobRequest(
        key=source.required("Object"),
        operation=_OPERATIONS[tag](operation),
        user_data=operation.text("UserData", _USER_DATA),
        job_level=level.value if level else None,
        queue_id=request.text("QueueId"),
        callback=_read_callback(request),
        callback_format=request.choice("CallBackFormat", CallbackFormat),
    )
    for fields in (source, operation, request):
        fields.end()
    return job


def _read_extraction(operation: Fields) -> Extraction:
    _read_watermark(operation, Tag.EXTRACT).end()
    return Extraction()


def _read_embedding(operation: Fields) -> Embedding:
    watermark = _read_watermark(operation, Tag.EMBED)
    output = operation.required_group("Output")
    embedding = Embedding(
        message=watermark.required("Message", _MESSAGE),
        region=output.required("Region"),
        bucket=output.required("Bucket"),
        key=output.required("Object"),
        ignore_error=watermark.choice("IgnoreError", IgnoreError),
    )
    watermark.end()
    output.end()
    return embedding


_OPERATIONS: dict[Tag, Callable[[Fields], Extraction | Embedding]] = {
    Tag.EXTRACT: _read_extraction,
    Tag.EMBED: _read_embedding,
}


def _read_watermark(operation: Fields, tag: Tag) -> Fields:
    watermark = operation.required_group(tag.value)
    watermark.required_choice("Type", _Type)
    watermark.required_choice("Version", _Version)
    return watermark


def _read_callback(request: Fields) -> UrlTarget | MqTarget | Silence | None:
    kind = request.choice("CallBackType", CallbackType)
    address = _read_address(request)
    queue = request.group("CallBackMqConfig")
    if kind is not CallbackType.TDMQ:
        if queue:
            request.refuse("CallBackMqConfig", "given, but CallBackType is not TDMQ")
        return address
    if isinstance(address, UrlTarget):
        request.refuse("CallBack", "an address, but CallBackType is TDMQ")
    if queue is None:
        request.refuse("CallBackMqConfig", "required when CallBackType is TDMQ")
    # Assumed: `no` together with TDMQ silences the queue's callback only, which the job's own replaces anyway.
    mq_target = read_mq_target(queue)
    queue.end()
    return mq_target


def _read_address(request: Fields) -> UrlTarget | Silence | None:
    text = request.text("CallBack")
    # Assumed: only the lower-case `no` that the page shows means no.
    if text == Silence.NO.value:
        return Silence.NO
    return None if text is None else checked_url(request, "CallBack", text)
