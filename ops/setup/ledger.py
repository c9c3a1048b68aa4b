"""The ledger bucket: private, never versioned, with lifecycle rules on what may go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ops.errors import SetupError
from ops.plan import Step, change, make, person, there
from shared.documents import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.setup.account import Account
    from shared.documents import Tree

#: A slot counts for its own UTC day; docs/operations.md says why it stays two more.
_SLOTS_DAYS = 3


@dataclass(frozen=True)
class Keeping:
    """After how many days records and answers may go; `None`: never, or as the bucket has it already."""

    records: int | None = None
    answers: int | None = None


def steps(account: Account, keeping: Keeping) -> Iterator[Step]:
    """The bucket, then its rules."""
    bucket, region = account.deployment.ledger_bucket, account.buckets.region
    if bucket in account.deployment.buckets:
        # No rule either: it would delete videos whose keys begin as the ledger's do.
        yield person(
            f"ledger bucket {bucket} is also a video bucket: everybody who uploads videos can write claims and records",
            "set WATERMARK_LEDGER_BUCKET to a bucket of its own (--ledger-bucket)",
        )
        return
    if not account.buckets.exists(bucket):
        yield make(f"ledger bucket {bucket} in {region}", partial(_create, account), "private, without versioning")
        yield from _rules(account, keeping, [])
        return
    status = account.buckets.versioning(bucket)
    if status:
        yield person(
            f"ledger bucket {bucket} has versioning ({status.lower()}), so claims are not safe there",
            "set WATERMARK_LEDGER_BUCKET to one that never had it (--ledger-bucket); suspending it does not help",
            blocks=True,
        )
        return
    yield there(f"ledger bucket {bucket} in {region}, never had versioning")
    if account.buckets.is_open(bucket):
        yield person(
            f"the ACL of {bucket} gives access to others: records contain watermarks, and the functions trust claims",
            f"make it private: {account.console.buckets}",
        )
    yield from _rules(account, keeping, account.buckets.lifecycle(bucket))


def _create(account: Account) -> None:
    bucket = account.deployment.ledger_bucket
    if not account.buckets.create(bucket):
        raise SetupError(
            f"the name {bucket} is used by somebody else, or in another region: choose another name (--ledger-bucket)"
        )


def _rules(account: Account, keeping: Keeping, found: list[Tree]) -> Iterator[Step]:
    wanted = [("slots", _SLOTS_DAYS), ("results", keeping.records), ("answers", keeping.answers)]
    for folder, days in wanted:
        if days is None:
            continue
        rule = _rule(account, folder, days)
        before = next((one for one in found if text(one, "ID") == rule["ID"]), None)
        line = f"lifecycle rule: {account.deployment.ledger_prefix}{folder}/ is deleted after {days} days"
        apply = partial(account.buckets.merge_lifecycle, account.deployment.ledger_bucket, [rule])
        if before is None:
            yield make(line, apply)
        elif _says(before) == _says(rule):
            yield there(line)
        else:
            yield change(line, apply, "the rule is different now")


def _rule(account: Account, folder: str, days: int) -> dict[str, Tree]:
    return {
        "ID": f"{account.deployment.name}-{folder}",
        "Status": "Enabled",
        "Filter": {"Prefix": f"{account.deployment.ledger_prefix}{folder}/"},
        "Expiration": {"Days": str(days)},
    }


def _says(rule: Tree) -> tuple[str, str, str]:
    """What the rule does, however it is written."""
    return text(rule, "Status"), text(rule, "Filter", "Prefix"), text(rule, "Expiration", "Days")
