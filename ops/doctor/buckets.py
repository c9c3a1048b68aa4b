"""Checks of the video buckets and of the bucket for claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor.finding import check, check_buckets, failed, passed, warned
from shared.errors import NotFoundError
from shared.settings import variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer


@check_buckets("bucket")
def reachable(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether each video bucket exists, in the functions' region."""
    try:
        case.account.head(bucket)
    except NotFoundError:
        yield failed(
            f"{bucket} does not exist in {case.region}",
            "Check its name, APPID included, and its region: functions, buckets and CI must share one",
        )
    else:
        yield passed(f"{bucket} is in {case.region}")


@check_buckets("versions")
def versions(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether writing a result leaves an old version behind."""
    if case.account.versioning(bucket) == "Enabled":
        yield warned(
            f"{bucket} keeps versions: each result makes one, and the old one goes on being billed",
            "Let a lifecycle rule remove old versions, if you do not need them",
        )
    else:
        yield passed(f"{bucket} makes no version when a result is written")


@check("claims bucket")
def claims(case: Case) -> Iterator[Answer]:
    """Whether claims are safe: one claim of two must lose, and where versions were ever kept both would win."""
    for bucket in case.settings.claims_buckets:
        try:
            case.account.head(bucket)
        except NotFoundError:
            yield failed(
                f"{bucket} does not exist in {case.region}",
                f"Create it there, or set {variable('claims_bucket')} to one that is in the functions' region",
            )
            continue
        status = case.account.versioning(bucket)
        if status:
            yield failed(
                f"{bucket} has versioning ({status.lower()}), where nothing can be claimed safely",
                f"Set {variable('claims_bucket')} to a bucket that never had it; suspending it does not help",
            )
        else:
            yield passed(f"{bucket} never kept versions")
