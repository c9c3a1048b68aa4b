"""Checks of the video buckets and of the ledger bucket."""

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


@check("ledger bucket")
def ledger(case: Case) -> Iterator[Answer]:
    """Whether claims are safe there, and strangers are kept out."""
    bucket = case.settings.ledger_bucket
    try:
        case.account.head(bucket)
    except NotFoundError:
        yield failed(
            f"{bucket} does not exist in {case.region}",
            f"Create it there, or set {variable('ledger_bucket')} to one that is in the functions' region",
        )
        return
    yield _versions_of_the_ledger(case, bucket)
    yield _access_to_the_ledger(case, bucket)


def _versions_of_the_ledger(case: Case, bucket: str) -> Answer:
    # One claim of two must lose, and where versions were ever kept both would win.
    status = case.account.versioning(bucket)
    if status:
        return failed(
            f"{bucket} has versioning ({status.lower()}), where nothing can be claimed safely",
            f"Set {variable('ledger_bucket')} to a bucket that never had it; suspending it does not help",
        )
    return passed(f"{bucket} is in {case.region} and never kept versions")


def _access_to_the_ledger(case: Case, bucket: str) -> Answer:
    if case.account.is_open(bucket):
        return failed(
            f"the ACL of {bucket} lets strangers in: records hold watermarks, and claims are believed",
            "COS console, the bucket, permissions: make it private",
        )
    return passed(f"the ACL of {bucket} lets no strangers in")
