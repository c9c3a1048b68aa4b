"""Questions about what claims in the ledger rely on."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from ops.probe.copies import onto_itself
from ops.probe.questions import Question, judged
from ops.probe.seen import settled, tree
from shared.documents import child, items, text
from shared.errors import CloudError

if TYPE_CHECKING:
    from ops.probe.questions import Answer
    from ops.probe.stage import Stage

_ONCE = {"x-cos-forbid-overwrite": "true"}
_RACERS = 16


def _race(stage: Stage) -> Answer:
    """All at once, by a barrier; each body is another, so that what is there names the winner."""
    key, barrier = "claims/race", Barrier(_RACERS)

    def run(number: int) -> str:
        barrier.wait()
        try:
            return str(stage.calls.cos("PUT", key, headers=_ONCE, body=f"runner {number}".encode()))
        except CloudError as error:
            return str(error.cause.status or "no reply") + " " + error.cause.code

    with ThreadPoolExecutor(_RACERS) as pool:
        ended = list(pool.map(run, range(_RACERS)))
    winners = [f"runner {number}".encode() for number, reply in enumerate(ended) if reply == "200"]
    kept = settled(stage.calls.cos("GET", key), "reading the winner").body
    told = ", ".join(f"{count} × {reply}" for reply, count in sorted(Counter(ended).items()))
    one = winners == [kept]
    refused = all(reply in ("200", "409 FileAlreadyExists") for reply in ended)
    return judged(one and refused, f"{told}; what is there is {'the winner' if one else 'not one winner'}")


def _versions(stage: Stage) -> Answer:
    """The last question: from here on the bucket keeps versions."""
    key = "claims/versions"
    seen = []
    for status in ("Enabled", "Suspended"):
        body = f"<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>".encode()
        settled(stage.calls.cos("PUT", params={"versioning": ""}, body=body), "switching versions")
        settled(stage.calls.cos("PUT", key, body=b"first"), "writing")
        seen.append((status, stage.calls.cos("PUT", key, headers=_ONCE, body=b"second")))
    told = ", ".join(f"{status}: {reply}" for status, reply in seen)
    return judged(all(reply.ok for _, reply in seen), told)


def _lifecycle(stage: Stage) -> Answer:
    """Nothing expires within minutes; what can be seen is whether COS names a day."""
    key = "claims/lifecycle"
    rule = "<ID>probe</ID><Filter><Prefix>claims/</Prefix></Filter><Status>Enabled</Status>"
    body = (
        f"<LifecycleConfiguration><Rule>{rule}<Expiration><Days>30</Days></Expiration></Rule></LifecycleConfiguration>"
    )
    digest = b64encode(hashlib.md5(body.encode(), usedforsecurity=False).digest()).decode()
    headers = {"Content-MD5": digest, "Content-Type": "application/xml"}
    set_up = stage.calls.cos("PUT", params={"lifecycle": ""}, headers=headers, body=body.encode())
    settled(set_up, "setting the rule")
    shown = tree(
        settled(stage.calls.cos("GET", params={"lifecycle": ""}), "reading the rule"), "LifecycleConfiguration"
    )
    days = [text(child(one, "Expiration"), "Days") for one in items(child(shown, "Rule"))]
    settled(stage.calls.cos("PUT", key, body=b"claim"), "writing")
    settled(onto_itself(stage.calls, key, {}), "copying")
    head = stage.calls.head(key)
    named = [f"{name}: {value}" for name, value in head.items() if "expir" in name.lower()]
    told = (
        f"the rule is taken, and given back with {days} days; Last-Modified {head['Last-Modified']} after a self-copy"
    )
    return judged(days == ["30"], f"{told}; HEAD names {', '.join(named) or 'no day: wait for one to see it'}")


QUESTIONS = (
    Question(
        "claim-race",
        f"Who wins if {_RACERS} write one new object with x-cos-forbid-overwrite at once?",
        "exactly one; the others get 409 FileAlreadyExists",
        "shared/cloud/ledger.py",
        _race,
    ),
    Question(
        "claim-lifecycle",
        "From which time does a lifecycle rule count its days?",
        "from Last-Modified; no reply names another day",
        "docs/operations.md",
        _lifecycle,
    ),
)
LAST = (
    Question(
        "claim-versions",
        "Does x-cos-forbid-overwrite work in a bucket that has, or had, versioning?",
        "no: the object is overwritten",
        "shared/cloud/store.py",
        _versions,
    ),
)
