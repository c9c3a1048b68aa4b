"""Replication between buckets: https://cloud.tencent.com/document/product/436/19923.

A replica has the content, the metadata and the version id of its original, and a Last-Modified of its own. It is
never replicated in its turn, whatever rules there are; a new write onto it is no replica, and is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from faketencent.cos.acl import INHERITED
from faketencent.cos.buckets import Versioning
from faketencent.cos.objects import Lock, ObjectType, StoredObject
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from faketencent.cos.buckets import Bucket
    from faketencent.cos.store import Cause, Store

#: The last word of the event that a replica is told by, and so what marks the write of one.
REPLICATION = "Replication"


@dataclass(frozen=True)
class Rule:
    """Replicate what is written under a prefix from now on, each write after so many seconds.

    Deletions are not replicated: that is an option there, and off here.
    """

    target: str
    prefix: str = ""
    delay: float = 60.0


def add_rule(store: Store, source: str, rule: Rule) -> None:
    """Begin to replicate; both buckets must keep versions (https://cloud.tencent.com/document/product/436/19223).

    Raises:
        ServiceError: 404 NoSuchBucket; 400 BucketVersionNotOpen, which is assumed to be the code for this.
    """
    ends = (store.bucket(source), store.bucket(rule.target))
    if any(bucket.versioning is not Versioning.ENABLED for bucket in ends):
        raise ServiceError(400, "BucketVersionNotOpen", "Replication needs versioning in both buckets")
    ends[0].replication.append(rule)


def follow_up(store: Store, bucket: Bucket, stored: StoredObject, cause: Cause) -> None:
    """Send what was just written on its way to wherever the rules of its bucket say."""
    if cause.event == REPLICATION:
        return
    for rule in bucket.replication:
        if stored.key.startswith(rule.prefix):
            store.clock.call_later(rule.delay, partial(_arrive, store, rule, stored, cause))


def _arrive(store: Store, rule: Rule, written: StoredObject, cause: Cause) -> None:
    # Archived objects are not replicated (https://cloud.tencent.com/document/product/436/30933), nor are appendable
    # ones (436/7741); that links are not is assumed, and so is that a version which is gone by now is not.
    now = store.clock.now()
    original = store.bucket(written.bucket).version(written.key, written.version_id)
    if not isinstance(original, StoredObject) or original.archived(now) or original.kind is not ObjectType.NORMAL:
        return
    # Neither encryption nor restorations go along. That tags do, and an ACL of its own does not, is assumed.
    replica = replace(
        original,
        bucket=rule.target,
        last_modified=float(int(now)),
        acl=INHERITED,
        encryption={},
        lock=Lock.UNLOCKED,
        restoration=None,
    )
    store.keep(replica, replace(cause, event=REPLICATION))
