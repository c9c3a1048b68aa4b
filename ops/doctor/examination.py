"""The whole examination: which checks there are, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.doctor import buckets, callback, ci, credentials, message_queue, settings, timing, triggers, videos
from ops.doctor.finding import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ops.doctor.case import Case
    from ops.doctor.finding import Check, Finding

#: What can be told from this machine alone.
AT_HOME = (
    settings.deployment_file,
    settings.settings,
    settings.variables,
    settings.secret,
    settings.bill,
    triggers.watched,
    triggers.event_types,
    triggers.filters,
    triggers.ledger_apart,
    triggers.timer,
    timing.timeouts,
    credentials.present,
)
#: What has to be asked, once the credentials are known to be accepted.
IN_THE_ACCOUNT = (
    credentials.clock,
    buckets.reachable,
    buckets.versions,
    buckets.ledger,
    ci.bound,
    ci.queue,
    ci.role,
    callback.url,
    message_queue.message_queue,
    videos.self_copy,
    videos.storage_class,
)


@dataclass(frozen=True)
class Examination:
    """All findings, in order, and the names of the checks that lacked something that another check complains about."""

    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...]

    def count(self, verdict: Verdict) -> int:
        """How many findings of that kind there are."""
        return sum(finding.verdict is verdict for finding in self.findings)


def examine(case: Case) -> Examination:
    """Ask everything."""
    home = _ask(AT_HOME, case)
    entry = _ask((credentials.accepted,), case)
    if entry.unchecked or entry.count(Verdict.FAIL):
        account = Examination((), tuple(check.name for check in IN_THE_ACCOUNT))
    else:
        account = _ask(IN_THE_ACCOUNT, case)
    parts = (home, entry, account)
    return Examination(
        tuple(finding for part in parts for finding in part.findings),
        tuple(name for part in parts for name in part.unchecked),
    )


def _ask(checks: Iterable[Check], case: Case) -> Examination:
    found = {check.name: check.examine(case) for check in checks}
    return Examination(
        tuple(finding for findings in found.values() for finding in findings or ()),
        tuple(name for name, findings in found.items() if findings is None),
    )
