"""The whole examination: which checks there are, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.doctor import (
    buckets,
    callback,
    ci,
    credentials,
    deployed,
    ledger,
    message_queue,
    roles,
    settings,
    timing,
    triggers,
    videos,
)
from ops.doctor.finding import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ops.doctor.case import Case
    from ops.doctor.finding import Check, Finding


@dataclass(frozen=True)
class Group:
    """Checks of one subject."""

    name: str
    checks: tuple[Check, ...]


#: Looked at first: if nothing is deployed, that is what is to be read.
DEPLOYED = Group(
    "deployment",
    (
        deployed.functions,
        deployed.code,
        deployed.configuration,
        deployed.triggers,
        deployed.stopped,
        deployed.others,
        roles.roles,
    ),
)
#: What can be told from this machine alone.
AT_HOME = Group(
    "settings",
    (
        settings.settings,
        settings.secret,
        settings.bill,
        triggers.watched,
        triggers.event_types,
        triggers.filters,
        triggers.ledger_apart,
        triggers.timer,
        timing.timeouts,
    ),
)
KEY = Group("key pair", (credentials.accepted, credentials.clock))
IN_THE_ACCOUNT = (
    Group("buckets", (buckets.reachable, buckets.versions, buckets.ledger, buckets.lifecycle)),
    Group("Cloud Infinite", (ci.bound, ci.queue, ci.role)),
    Group("callbacks", (callback.url, message_queue.message_queue)),
    Group("work", (ledger.tick, ledger.in_flight, ledger.paused)),
    Group("videos", (videos.self_copy, videos.storage_class, videos.replication, videos.seals)),
)
GROUPS = (DEPLOYED, AT_HOME, KEY, *IN_THE_ACCOUNT)


@dataclass(frozen=True)
class Examination:
    """All findings, by group, in order."""

    groups: tuple[tuple[str, tuple[Finding, ...]], ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them."""
        return tuple(finding for _, findings in self.groups for finding in findings)

    def count(self, verdict: Verdict) -> int:
        """How many findings of that kind there are."""
        return sum(finding.verdict is verdict for finding in self.findings)


def examine(case: Case) -> Examination:
    """Ask everything; where the key pair is refused, only what can be told without it."""
    accepted = _ask(KEY.checks[:1], case)
    if any(finding.verdict is Verdict.UNSEEN for finding in accepted):
        return Examination(((KEY.name, accepted), (AT_HOME.name, _ask(AT_HOME.checks, case))))
    key = (*accepted, *_ask(KEY.checks[1:], case))
    return Examination(tuple((g.name, key if g is KEY else _ask(g.checks, case)) for g in GROUPS))


def _ask(checks: Iterable[Check], case: Case) -> tuple[Finding, ...]:
    return tuple(finding for check in checks for finding in check.examine(case))
