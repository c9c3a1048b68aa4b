"""Media processing of Cloud Infinite, by bucket: https://cloud.tencent.com/document/product/436/72824."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.tencent.calls import send
from shared.cloud.transport import Call, Repeat, Service
from shared.documents import child, items, text

if TYPE_CHECKING:
    from shared.cloud.transport import Transport

_PAGE = "100"


@dataclass(frozen=True)
class Processing:
    """Media processing in one region. Every method raises CloudError."""

    transport: Transport
    region: str

    def is_on(self, bucket: str) -> bool:
        """Whether the bucket is bound to CI, and media processing is on."""
        params = {"regions": self.region, "bucketNames": bucket, "pageSize": _PAGE}
        reply = send(self.transport, Call(Service.CI, "GET", self.region, "", "mediabucket", params=params))
        listed = items(child(reply.document("Response"), "MediaBucketList"))
        return bucket in [text(node, "BucketId") for node in listed]

    def turn_on(self, bucket: str) -> None:
        """Turn it on; what is not bound to CI yet is bound by it: https://cloud.tencent.com/document/product/436/115297."""
        headers, never = {"Content-Type": "application/xml"}, Repeat.NEVER
        send(
            self.transport,
            Call(Service.CI, "POST", self.region, bucket, "mediabucket", headers=headers, repeat=never),
        )
