"""What a function is told of an object: https://cloud.tencent.com/document/product/583/9707.

Some of it is not documented, or was seen to vary; a `Dialect` chooses, so that a function can be tried with each.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cos import StoredObject
    from faketencent.cos.models import ObjectEvent

#: The short region codes of events and of the message queue.
SHORT_REGIONS = {
    "ap-beijing": "bj",
    "ap-chengdu": "cd",
    "ap-chongqing": "cq",
    "ap-guangzhou": "gz",
    "ap-hongkong": "hk",
    "ap-nanjing": "nj",
    "ap-shanghai": "sh",
}


class KeyEncoding(Enum):
    """How `key` and `url` spell the object's key. The one real event in public (2022) is RAW."""

    RAW = "the key as it is, the URL percent-encoded"
    ENCODED = "both percent-encoded"
    UNQUOTED = "both as they are"


class EventNaming(Enum):
    """Which name an event bears; the documentation's sample has the trigger's own, with its asterisk."""

    CONCRETE = "what happened"
    CONFIGURED = "what the trigger is set to"


class HostStyle(Enum):
    """The host of `url`; a real event of 2019 had the legacy one."""

    CURRENT = "<bucket>.cos.<region>.myqcloud.com"
    LEGACY = "<bucket>.cos<short code>.myqcloud.com"


class Nodes(Enum):
    """Which nodes a record has, and how some are written. Real events (2020, 2022) differ from the documentation."""

    DOCUMENTED = "as documented"
    OBSERVED = "with cosRegion, s3Region, ETag and storage class, a long region in eventQueue, and no reqid"


@dataclass(frozen=True)
class Dialect:
    """One way to write a COS event."""

    key: KeyEncoding = KeyEncoding.RAW
    naming: EventNaming = EventNaming.CONCRETE
    host: HostStyle = HostStyle.CURRENT
    nodes: Nodes = Nodes.OBSERVED

    def record(self, event: ObjectEvent, *, configured: str, function: str, serial: int) -> dict[str, Any]:
        """One entry of `Records`."""
        name, _, appid = event.object.bucket.rpartition("-")
        short = SHORT_REGIONS.get(event.region, event.region)
        return {
            "cos": {
                "cosSchemaVersion": "1.0",
                "cosObject": {
                    "url": f"http://{self._host(event, short)}/{self._in_url(event.object.key)}",
                    "meta": self._meta(event, serial),
                    "vid": event.object.version_id,
                    "key": f"/{appid}/{name}/{self._in_key(event.object.key)}",
                    "size": event.object.size,
                },
                "cosBucket": {"region": short, "name": name, "appid": appid, **self._regions(event)},
                "cosNotificationId": "unkown",  # the documented spelling
            },
            "event": {
                "eventName": event.name if self.naming is EventNaming.CONCRETE else configured,
                "eventVersion": "1.0",
                "eventTime": int(event.at),
                "eventSource": "qcs::cos",
                "requestParameters": {
                    "requestSourceIP": event.source_ip,
                    "requestHeaders": {"Authorization": _header(event.request_headers, "authorization")},
                },
                "reservedInfo": "",
                **self._delivered(event, function, serial),
            },
        }

    def _host(self, event: ObjectEvent, short: str) -> str:
        if self.host is HostStyle.LEGACY:
            return f"{event.object.bucket}.cos{short}.myqcloud.com"
        return f"{event.object.bucket}.cos.{event.region}.myqcloud.com"

    def _in_url(self, key: str) -> str:
        return key if self.key is KeyEncoding.UNQUOTED else quote(key)

    def _in_key(self, key: str) -> str:
        return quote(key) if self.key is KeyEncoding.ENCODED else key

    def _meta(self, event: ObjectEvent, serial: int) -> dict[str, str]:
        headers = event.object.headers
        request_id = base64.b64encode(f"{int(event.at):x}_{serial:08x}".encode()).decode()
        return {
            "x-cos-request-id": request_id,
            "Content-Type": _header(headers, "content-type"),
            **self._about(event.object),
            **{name: value for name, value in headers.items() if name.startswith("x-cos-meta-")},
        }

    def _about(self, stored: StoredObject) -> dict[str, str]:
        if self.nodes is Nodes.DOCUMENTED:
            return {}
        # Seen was only `Standard`; that the other classes are written as HEAD writes them is assumed.
        storage_class = stored.storage_class.value
        return {
            "ETag": stored.etag,
            "x-cos-storage-class": "Standard" if storage_class == "STANDARD" else storage_class,
        }

    def _delivered(self, event: ObjectEvent, function: str, serial: int) -> dict[str, Any]:
        """By which queue it came to which function, as which request."""
        _, _, appid = event.object.bucket.rpartition("-")
        if self.nodes is Nodes.DOCUMENTED:
            short = SHORT_REGIONS.get(event.region, event.region)
            return {
                "eventQueue": f"qcs:0:scf:{short}:appid/{appid}:default.{function}.$LATEST",
                "reqid": serial,
            }
        return {
            "eventQueue": f"qcs:0:scf:{event.region}:appid/{appid}:default.{function}.$DEFAULT",
            "reqid": 0,
        }

    def _regions(self, event: ObjectEvent) -> dict[str, str]:
        if self.nodes is Nodes.DOCUMENTED:
            return {}
        return {"cosRegion": event.region, "s3Region": event.region}


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")
