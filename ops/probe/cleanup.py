"""Removes what a probe made, whichever run it was: all of it has a name that begins with `account.NAME`."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ops import waiting
from ops.deploy.functions import Functions
from ops.probe.account import FUNCTION, NAME, NAMESPACE
from ops.probe.questions import NotSeenError
from ops.probe.seen import Calls, settled, tree
from ops.probe.things import MQ_REGIONS
from ops.tencent.api import Product
from ops.tencent.cam import Cam
from ops.tencent.refusals import is_denied
from ops.tencent.scf import Scf
from ops.tencent.triggers import Triggers
from shared.documents import child, items, text
from shared.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.probe.account import Account

#: How often a bucket is emptied, for what is on its way may still arrive; and seconds in between.
_TRIES, _AGAIN = 5, 3
_PAGE = 200


@dataclass(frozen=True)
class Thing:
    """One thing of a probe's."""

    name: str
    remove: Callable[[], None]


def clean(account: Account, tell: Callable[[str], None]) -> list[str]:
    """Remove everything; a line for each thing that could not be removed, or not be looked for, and why."""
    left = []
    for kind, find in _KINDS.items():
        try:
            for thing in find(account):
                tell(f"removing {thing.name}")
                try:
                    thing.remove()
                except Exception as error:  # noqa: BLE001 - the others are removed in any case
                    left.append(f"{thing.name}: {error}")
        except CloudError as error:
            # Who may not look for it could not make it either.
            if not is_denied(error):
                left.append(f"{kind}: could not be looked for: {error}")
        except Exception as error:  # noqa: BLE001 - as above
            left.append(f"{kind}: could not be looked for: {error}")
    return left


def _functions(account: Account) -> Iterator[Thing]:
    """With its triggers, those of buckets first: it is not certain that a deletion unbinds them."""
    scf, triggers = Scf(account.api, NAMESPACE), Triggers(account.api, NAMESPACE)

    def remove() -> None:
        functions = Functions(scf, b"", lambda _: None)
        if functions.settled(FUNCTION) is None:
            return
        for trigger in triggers.of(FUNCTION, "recorder"):
            triggers.delete(FUNCTION, trigger)
        scf.delete(FUNCTION)
        functions.settled(FUNCTION)

    if scf.function(FUNCTION):
        yield Thing(f"function {FUNCTION}", remove)


def _queues(account: Account) -> Iterator[Thing]:
    if account.region not in MQ_REGIONS:
        return
    listed = account.api.call(Product.TDMQ, "DescribeCmqQueues", {"QueueName": NAME, "Offset": 0, "Limit": 50})
    if any(queue.get("QueueName") == NAME for queue in listed.get("QueueList") or ()):
        yield Thing(f"queue {NAME}", lambda: _call(account, Product.TDMQ, "DeleteCmqQueue", QueueName=NAME))


def _buckets(account: Account) -> Iterator[Thing]:
    """In whatever region they are."""
    listed = tree(
        settled(Calls(account.transport, "", "service").cos("GET"), "listing buckets"), "ListAllMyBucketsResult"
    )
    for bucket in items(child(listed, "Buckets", "Bucket")):
        name = text(bucket, "Name")
        if name.startswith(f"{NAME}-") and name.endswith(f"-{account.appid}"):
            calls = Calls(account.transport, text(bucket, "Location"), name)
            yield Thing(f"bucket {name}", partial(_remove_bucket, calls))


def _policies(account: Account) -> Iterator[Thing]:
    asked = {"Scope": "Local", "Keyword": NAME, "Page": 1, "Rp": _PAGE}
    for policy in account.api.call(Product.CAM, "ListPolicies", asked).get("List") or ():
        name, number = str(policy.get("PolicyName")), policy.get("PolicyId")
        if name == NAME or name.startswith(f"{NAME}-"):
            yield Thing(f"policy {name}", partial(_remove_policy, account, name, number))


def _roles(account: Account) -> Iterator[Thing]:
    if Cam(account.api).role(FUNCTION):
        yield Thing(f"role {FUNCTION}", lambda: _call(account, Product.CAM, "DeleteRole", RoleName=FUNCTION))


#: In this order: nothing is used any more by what is still there.
_KINDS: dict[str, Callable[[Account], Iterator[Thing]]] = {
    "function": _functions,
    "queue": _queues,
    "buckets": _buckets,
    "policies": _policies,
    "role": _roles,
}


def _call(account: Account, product: Product, action: str, **parameters: object) -> None:
    account.api.call(product, action, parameters)


def _remove_policy(account: Account, name: str, number: object) -> None:
    cam = Cam(account.api)
    if name == FUNCTION and cam.role(FUNCTION) and any(policy.name == name for policy in cam.attached(FUNCTION)):
        cam.detach(FUNCTION, name)
    _call(account, Product.CAM, "DeletePolicy", PolicyId=[number])


def _remove_bucket(calls: Calls) -> None:
    # A bucket that was never bound says so, and that is well; one that is gone has no binding.
    with suppress(CloudError):
        calls.ci("DELETE", "mediabucket")
        calls.ci("PUT", params={"unbind": ""})
    for _ in range(_TRIES):
        _empty(calls)
        gone = calls.cos("DELETE")
        if gone.ok or gone.status == 404:
            return
        waiting.pause(_AGAIN)
    raise NotSeenError(f"deleting it: {gone}")


def _empty(calls: Calls) -> None:
    """Remove all versions of all objects, and what was never completed."""
    begun = tree(settled(calls.cos("GET", params={"uploads": ""}), "listing uploads"), "ListMultipartUploadsResult")
    for upload in items(child(begun, "Upload")):
        calls.cos("DELETE", text(upload, "Key"), params={"uploadId": text(upload, "UploadId")})
    params = {"versions": "", "encoding-type": "url"}
    while True:
        listed = tree(settled(calls.cos("GET", params=params), "listing objects"), "ListVersionsResult")
        found = [*items(child(listed, "Version")), *items(child(listed, "DeleteMarker"))]
        for version in found:
            number = text(version, "VersionId")
            named = {"versionId": number} if number else {}
            settled(calls.cos("DELETE", unquote(text(version, "Key")), params=named), "deleting an object")
        if not found:
            return
