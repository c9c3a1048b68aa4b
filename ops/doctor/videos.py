"""Checks of what is to be written: may we, and can it be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor.account import DryCopy
from ops.doctor.finding import check_buckets, failed, passed, warned
from ops.policies import CALLBACK_ROLE
from shared.domain.choice import why_unchecked
from shared.errors import BlockedError, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer

#: Bytes up to which one copy is documented: https://www.tencentcloud.com/document/product/436/8287.
_DOCUMENTED_COPY = 5 * 1024**3
_DENIED = ("AccessDenied", "UnauthorizedOperation")


@check_buckets("self-copy")
def self_copy(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether results may be written with these credentials, found out by a copy that cannot succeed."""
    try:
        outcome = case.account.try_copy(bucket, _watched_prefix(case, bucket))
    except BlockedError as error:
        if error.cause.code not in _DENIED:
            raise
        yield warned(
            f"these credentials may not copy an object of {bucket} onto itself; the functions' roles may, if theirs "
            "are the policies that `./cos-watermark policy` prints",
            f"To see it, run the doctor with temporary credentials of the role {CALLBACK_ROLE}; if these are its own, "
            "compare its policy with `./cos-watermark policy callback`",
        )
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
            "Restore those that are to be checked; have lifecycle rules archive no video on its first day",
        )
    if large:
        yield warned(
            f"{bucket}: {large} of the {len(videos)} videos looked at have more than 5 GB",
            "Check one of them by hand: that one PUT copies so much onto itself is not documented",
        )
    if not videos:
        yield passed(f"{bucket}: no videos among the first {len(listed)} objects")
    elif not archived and not large:
        yield passed(f"{bucket}: results can be written onto all {len(videos)} videos looked at")


def _watched_prefix(case: Case, bucket: str) -> str:
    try:
        prefixes = {trigger.parameters.filter.prefix for trigger in case.deployment.uploads if trigger.bucket == bucket}
    except ConfigurationError:
        return ""
    return prefixes.pop() if len(prefixes) == 1 else ""
