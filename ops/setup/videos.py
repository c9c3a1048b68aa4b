"""The video buckets: that they are there, and that Cloud Infinite processes them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ops.plan import Step, make, person, there
from ops.setup.person import or_by_hand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.setup.account import Account


def steps(account: Account) -> Iterator[Step]:
    """Looks at each bucket. One that is missing is nobody's to make: most likely its name is mistyped."""
    region = account.buckets.region
    for bucket in account.deployment.buckets:
        if not account.buckets.exists(bucket):
            yield person(
                f"video bucket {bucket} is not in {region}",
                f"create it, or correct DEPLOY_BUCKETS or DEPLOY_REGION: {account.console.buckets}",
            )
            continue
        yield there(f"video bucket {bucket} in {region}")
        text = f"media processing of {bucket} (Cloud Infinite)"
        if account.processing.is_on(bucket):
            yield there(text)
        else:
            yield make(
                text, partial(_turn_on, account, bucket, text), "also binds the bucket to CI, if it is not bound yet"
            )


def _turn_on(account: Account, bucket: str, text: str) -> None:
    with or_by_hand(f"{text}: bind the bucket, and turn it on", account.console.processing):
        account.processing.turn_on(bucket)
