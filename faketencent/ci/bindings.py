"""Which buckets are bound to CI, which of them have media processing enabled, and the queues that they got with it.

Binding: https://www.tencentcloud.com/document/product/1045/33701; media processing binds by itself.
"""

from __future__ import annotations

import hashlib
import itertools
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from faketencent.ci.buckets import MediaBucket
from faketencent.ci.exceptions import bucket_not_bound, no_such_bucket, queue_not_found
from faketencent.ci.queues import Queue

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud


class CiStatus(Enum):
    """Whether CI serves a bucket that is bound to it: https://www.tencentcloud.com/document/product/1045/33702."""

    ON = "on"
    OFF = "off"
    UNBINDING = "unbinding"


class Bindings:
    """The buckets and queues of one account's CI.

    `bound` may be changed by a test; `unbinding_time` is how many seconds it takes to unbind a bucket.
    """

    def __init__(self, cloud: FakeCloud) -> None:
        self.bound: dict[str, CiStatus] = {}
        self.unbinding_time = 0.0
        self.buckets: dict[str, MediaBucket] = {}
        self.queues: dict[str, Queue] = {}
        self._cloud = cloud
        self._serial = itertools.count(1)

    def bind_bucket(self, name: str, region: str | None = None) -> MediaBucket:
        """Enable media processing on a bucket; it is bound and gets a queue. One that has it stays as it is.

        Raises:
            ServiceError: the bucket does not exist (in that region).
        """
        region = self._cloud.cos.backend.bucket(name, region).region
        self.bound[name] = CiStatus.ON
        if name in self.buckets:
            return self.buckets[name]
        queue = Queue(self._new_id("p", next(self._serial)), name, self._now(), self._now())
        self.queues[queue.id] = queue
        self.buckets[name] = MediaBucket(name, region, queue.created_at, queue.id)
        return self.buckets[name]

    def unbind_bucket(self, name: str) -> None:
        """Disable media processing; the queue is deleted, and the jobs that wait in it will fail."""
        if name not in self.buckets:
            raise bucket_not_bound(name)
        del self.queues[self.buckets.pop(name).queue_id]

    def bind_ci(self, name: str, region: str) -> None:
        """Bind a bucket to CI, without media processing.

        Raises:
            ServiceError: 404 NoSuchBucket.
        """
        self._cloud.cos.backend.bucket(name, region)
        self.bound[name] = CiStatus.ON

    def unbind_ci(self, name: str, region: str) -> None:
        """Begin to unbind a bucket; what CI was enabled for on it ends.

        Raises:
            ServiceError: 404 NoSuchBucket.
        """
        self.status(name, region)
        if name in self.buckets:
            self.unbind_bucket(name)
        self.bound[name] = CiStatus.UNBINDING
        if self.unbinding_time:
            self._cloud.clock.call_later(self.unbinding_time, partial(self._end_binding, name))
        else:
            self._end_binding(name)

    def status(self, name: str, region: str) -> CiStatus:
        """Whether CI serves the bucket.

        Raises:
            ServiceError: 404 NoSuchBucket, also for one that is not bound.
        """
        self._cloud.cos.backend.bucket(name, region)
        if name not in self.bound:
            raise no_such_bucket(name)
        return self.bound[name]

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

    def _end_binding(self, name: str) -> None:
        # It may have been bound again meanwhile.
        if self.bound.get(name) is CiStatus.UNBINDING:
            del self.bound[name]

    def _now(self) -> float:
        """The present as CI shows it: in whole seconds."""
        return float(int(self._cloud.clock.now()))

    def _new_id(self, prefix: str, serial: int) -> str:
        text = f"{self._cloud.appid} {prefix} {serial}"
        return prefix + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
