"""Which buckets have media processing enabled, and the queues that they got with it."""

from __future__ import annotations

import hashlib
import itertools
from typing import TYPE_CHECKING

from faketencent.ci.buckets import MediaBucket
from faketencent.ci.exceptions import bucket_already_bound, bucket_not_bound, queue_not_found
from faketencent.ci.queues import Queue

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud


class Bindings:
    """The buckets and queues of one account's media processing."""

    def __init__(self, cloud: FakeCloud) -> None:
        self.buckets: dict[str, MediaBucket] = {}
        self.queues: dict[str, Queue] = {}
        self._cloud = cloud
        self._serial = itertools.count(1)

    def bind_bucket(self, name: str, region: str | None = None) -> MediaBucket:
        """Enable media processing on a bucket; it gets a queue.

        Raises:
            ServiceError: the bucket does not exist (in that region), or has it already.
        """
        region = self._cloud.cos.backend.bucket(name, region).region
        if name in self.buckets:
            raise bucket_already_bound(name)
        queue = Queue(self._new_id("p", next(self._serial)), name, self._now(), self._now())
        self.queues[queue.id] = queue
        self.buckets[name] = MediaBucket(name, region, queue.created_at, queue.id)
        return self.buckets[name]

    def unbind_bucket(self, name: str) -> None:
        """Disable media processing; the queue is deleted, and the jobs that wait in it will fail."""
        if name not in self.buckets:
            raise bucket_not_bound(name)
        del self.queues[self.buckets.pop(name).queue_id]

    def bucket(self, name: str, region: str) -> MediaBucket:
        """The bucket, if media processing is enabled on it, and in that region."""
        bucket = self.buckets.get(name)
        if bucket is None or bucket.region != region:
            raise bucket_not_bound(name)
        return bucket

    def queue(self, bucket: MediaBucket, queue_id: str) -> Queue:
        """A queue of that bucket."""
        queue = self.queues.get(queue_id)
        if queue is None or queue.bucket != bucket.name:
            raise queue_not_found(queue_id)
        return queue

    def queues_of(self, bucket: MediaBucket) -> list[Queue]:
        """The queues of a bucket."""
        return [queue for queue in self.queues.values() if queue.bucket == bucket.name]

    def _now(self) -> float:
        """The present as CI shows it: in whole seconds."""
        return float(int(self._cloud.clock.now()))

    def _new_id(self, prefix: str, serial: int) -> str:
        text = f"{self._cloud.appid} {prefix} {serial}"
        return prefix + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
