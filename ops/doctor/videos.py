"""Checks of what is to be written: may we, and can it be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor.account import DryCopy
from ops.doctor.finding import check_buckets, failed, passed, warned
from shared.domain.choice import why_unchecked
from shared.domain.objects import ObjectRef
from shared.errors import BlockedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer
    from shared.domain.head import Head

#: Bytes up to which one copy is documented: https://www.tencentcloud.com/document/product/436/8287.
_DOCUMENTED_COPY = 5 * 1024**3
#: Objects that are asked one by one.
_SAMPLE = 10
_DENIED = ("AccessDenied", "UnauthorizedOperation")


@check_buckets("self-copy")
def self_copy(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether results may be written with these credentials, found out by a copy that cannot succeed."""
    try:
        outcome = case.account.try_copy(bucket, _watched_prefix(case, bucket))
    except BlockedError as error:
        if error.cause.code not in _DENIED:
            raise
        # Who looks need not be able to write, and the roles cannot be used from here: what they may, `roles` compares.
        yield passed(f"not tried: these credentials may not write onto objects of {bucket}; rely on the check `roles`")
        return
    if outcome is DryCopy.ALLOWED:
        yield passed(f"these credentials may copy an object of {bucket} onto itself")
    else:
        yield failed(
            f"{bucket} accepted a copy of something that is not there",
            "Remove what is under .cos-watermark-doctor/, and report this: COS is not expected to",
        )


@check_buckets("storage class")
def storage_class(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether there are videos that no result can be written onto, among the first thousand objects of each bucket."""
    listed = case.account.first_objects(bucket, _watched_prefix(case, bucket))
    videos = [object_ for object_ in listed if not why_unchecked(object_.key, object_.size, case.settings)]
    archived = sum(video.is_out_of_reach for video in videos)
    large = sum(video.size > _DOCUMENTED_COPY for video in videos)
    if archived:
        yield warned(
            f"{bucket}: {archived} of the {len(videos)} videos looked at are archived and not restored",
            "Restore those that you want checked; lifecycle rules must not archive a video on its first day",
        )
    if large:
        yield warned(
            f"{bucket}: {large} of the {len(videos)} videos looked at have more than 5 GB",
            "Check one of them by hand: it is not documented that one PUT can copy such an object onto itself",
        )
    if not videos:
        yield passed(f"{bucket}: no videos among the first {len(listed)} objects")
    elif not archived and not large:
        yield passed(f"{bucket}: results can be written onto all {len(videos)} videos looked at")


@check_buckets("replication")
def replication(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether results travel to another bucket, whose deployment must have the same secret."""
    targets = case.cos.replicates_to(bucket)
    for target in targets:
        yield warned(
            f"{bucket} is replicated to {target}, with the results on its objects: a deployment there with another "
            "secret and the same WATERMARK_METADATA_PREFIX would replace our results, and we its results, without end",
            "Give both the same WATERMARK_SECRET, or two prefixes; nothing to do if the other bucket has no deployment",
        )
    if not targets:
        yield passed(f"{bucket} is not replicated")


@check_buckets("seals")
def seals(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether the results on a sample of objects are ours."""
    field = f"x-cos-meta-{case.settings.metadata_prefix}-seal"
    listed = case.account.first_objects(bucket, _watched_prefix(case, bucket))
    videos = [object_ for object_ in listed if not why_unchecked(object_.key, object_.size, case.settings)]
    refs = [ObjectRef(case.region, bucket, video.key) for video in videos[:_SAMPLE]]
    heads = [head for head in (_head(case, ref) for ref in refs) if head]
    sealed = [head for head in heads if field in head.headers]
    foreign = [head for head in sealed if head.sealed(case.settings) is None]
    if foreign:
        yield warned(
            f"{bucket}: {len(foreign)} of {len(heads)} videos looked at have a seal that this secret did not make",
            "Another deployment's secret, or an older one: see docs/operations.md, the secret",
        )
    else:
        yield passed(f"{bucket}: {len(sealed)} of {len(heads)} videos looked at have a seal, all of them ours")


def _head(case: Case, ref: ObjectRef) -> Head | None:
    try:
        return case.ledger.objects.head(ref)
    except NotFoundError:
        return None  # deleted since it was listed


def _watched_prefix(case: Case, bucket: str) -> str:
    prefixes = {trigger.prefix for trigger in case.deployment.uploads if trigger.bucket == bucket}
    return prefixes.pop() if len(prefixes) == 1 else ""
