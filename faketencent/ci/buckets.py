"""Buckets with media processing enabled: which, where, since when.

https://cloud.tencent.com/document/product/436/72824
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faketencent.ci.fields import Fields


@dataclass(frozen=True)
class MediaBucket:
    """One bucket, `name-appid`, and the queue that came with the service."""

    name: str
    region: str
    created_at: float
    queue_id: str


@dataclass(frozen=True)
class BucketFilter:
    """Which buckets `GET /mediabucket` is to list; empty fields let all through."""

    regions: list[str]
    names: list[str]
    prefix: str

    def lets_through(self, bucket: MediaBucket) -> bool:
        """Whether the bucket is among them."""
        return (
            (not self.regions or bucket.region in self.regions)
            and (not self.names or bucket.name in self.names)
            and bucket.name.startswith(self.prefix)
        )


def read_bucket_filter(query: Fields) -> BucketFilter:
    """The parameters of `GET /mediabucket` but those of the page."""
    regions = query.names("regions")
    return BucketFilter(
        regions=[] if "All" in regions else regions,
        names=query.names("bucketNames"),
        prefix=query.text("bucketName") or "",
    )
