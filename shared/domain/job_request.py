"""The body of POST /jobs: https://www.tencentcloud.com/document/product/1045/73155.

`JobLevel` and `UserData` belong under `Operation`, the callback fields directly under `Request`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

# Only writes XML here; what comes in is parsed by shared/documents.py with defusedxml.
from xml.etree.ElementTree import Element, SubElement, tostring

from shared.domain.job import TAG
from shared.settings import CallbackType

if TYPE_CHECKING:
    from shared.domain.objects import ObjectRef
    from shared.settings import JobLevel, Settings

#: Characters that XML 1.0 cannot carry, and the carriage return, which every parser turns into a line feed. Not written
#: as all but those that it can: to compile that takes ten times as long.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def can_name(key: str) -> bool:
    """Whether a request can name an object with that key."""
    return not _NOT_XML.search(key)


def build(settings: Settings, target: ObjectRef, ticket: str, level: JobLevel) -> bytes:
    """The request for one job on this object."""
    request = Element("Request")
    _add(request, "Tag", TAG)
    _add(SubElement(request, "Input"), "Object", target.key)
    operation = SubElement(request, "Operation")
    watermark = SubElement(operation, TAG)
    _add(watermark, "Type", "Text")
    _add(watermark, "Version", "V1")
    _add(operation, "UserData", ticket)
    _add(operation, "JobLevel", level.value)
    _add(request, "QueueId", settings.queue_id)
    _add_callback(request, settings)
    return bytes(tostring(request, encoding="utf-8", xml_declaration=True))


def _add_callback(request: Element, settings: Settings) -> None:
    _add(request, "CallBackFormat", settings.callback_format.value)
    _add(request, "CallBackType", settings.callback_type.value)
    if settings.callback_type is CallbackType.URL:
        _add(request, "CallBack", settings.callback_url)
    elif settings.mq_region:
        config = SubElement(request, "CallBackMqConfig")
        _add(config, "MqRegion", settings.mq_region.value)
        _add(config, "MqMode", settings.mq_mode.value)
        _add(config, "MqName", settings.mq_name)


def _add(parent: Element, name: str, text: str | None) -> None:
    if text is not None:
        SubElement(parent, name).text = text
