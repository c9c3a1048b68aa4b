"""Checks of the video buckets and of the ledger bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor.finding import check, check_buckets, failed, passed, warned
from shared.documents import child, text
from shared.settings import variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer
    from shared.documents import Tree


#: Folders of the ledger that nothing but the functions may touch.
_NEEDED = ("claims/", "waiting/")
#: What a rule can do to an object that is the only version of itself.
_EFFECTS = ("Expiration", "Transition")


@check_buckets("bucket")
def reachable(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether each video bucket exists, in the functions' region."""
    if case.cos.exists(bucket):
        yield passed(f"{bucket} is in {case.region}")
    else:
        yield failed(
            f"{bucket} does not exist in {case.region}",
            "Check its name, APPID included, and its region: functions, buckets and CI must share one",
        )


@check_buckets("versions")
def versions(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether writing a result leaves an old version behind."""
    if case.cos.versioning(bucket) == "Enabled":
        yield warned(
            f"{bucket} has versioning: each result makes a new version, and the old version still costs storage",
            "Let a lifecycle rule remove old versions, if you do not need them",
        )
    else:
        yield passed(f"{bucket} makes no version when a result is written")


@check("ledger bucket")
def ledger(case: Case) -> Iterator[Answer]:
    """Whether claims are safe there, and strangers are kept out."""
    bucket = case.settings.ledger_bucket
    if not case.cos.exists(bucket):
        yield failed(
            f"{bucket} does not exist in {case.region}",
            f"Create it there, or set {variable('ledger_bucket')} to one that is in the functions' region",
        )
        return
    yield _versions_of_the_ledger(case, bucket)
    yield _access_to_the_ledger(case, bucket)


def _versions_of_the_ledger(case: Case, bucket: str) -> Answer:
    # One claim of two must lose, and where versions were ever kept both would win.
    status = case.cos.versioning(bucket)
    if status:
        return failed(
            f"{bucket} has versioning ({status.lower()}), so claims are not safe there",
            f"Set {variable('ledger_bucket')} to a bucket that never had versioning; suspending it does not help",
        )
    return passed(f"{bucket} is in {case.region} and never had versioning")


def _access_to_the_ledger(case: Case, bucket: str) -> Answer:
    if case.cos.is_open(bucket):
        return failed(
            f"the ACL of {bucket} gives access to others: records contain watermarks, and the functions trust claims",
            "COS console, the bucket, permissions: make it private",
        )
    return passed(f"the ACL of {bucket} gives access to nobody else")


@check("lifecycle")
def lifecycle(case: Case) -> Iterator[Answer]:
    """Whether a rule deletes or moves what the functions still need. One that is for tags is not for what has none."""
    bucket, prefix = case.settings.ledger_bucket, case.settings.ledger_prefix
    reached = [
        (text(rule, "ID") or "without a name", folder)
        for rule in case.cos.lifecycle(bucket)
        if text(rule, "Status") == "Enabled" and any(child(rule, effect) for effect in _EFFECTS)
        for folder in _NEEDED
        if _reaches(rule, prefix + folder)
    ]
    for name, folder in reached:
        yield failed(
            f"the lifecycle rule {name} of {bucket} reaches {folder}: claims would be lost, and videos paid for twice",
            "COS console, the bucket, lifecycle: narrow it to slots/, results/ or answers/",
        )
    if not reached:
        yield passed(f"no lifecycle rule of {bucket} reaches {' or '.join(_NEEDED)}")


def _reaches(rule: Tree, folder: str) -> bool:
    chosen = child(rule, "Filter")
    if child(chosen, "Tag") or child(chosen, "And", "Tag"):
        return False
    prefix = text(chosen, "Prefix") or text(chosen, "And", "Prefix") or text(rule, "Prefix")
    return folder.startswith(prefix) or prefix.startswith(folder)
