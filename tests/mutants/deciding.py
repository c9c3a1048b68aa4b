"""The rows of `next_step`, and what each does."""

from tests.mutants.mutant import Mutant

NEXT, RECONCILE, LOOK = "shared/domain/next_step.py", "shared/use_cases/reconcile.py", "shared/use_cases/look.py"
SEEN, CLAIM = "shared/domain/seen.py", "shared/domain/claim.py"
ROWS, INTERLEAVING, PATIENCE = "shared/test_next_step", "test_interleaving", "test_patience"
RACES, SCHEDULES = "test_races", "test_schedules"
LOST, ODD = "test_races_lost", "test_odd_replies"


def _row(name: str, old: str, new: str = "") -> Mutant:
    return Mutant(name, NEXT, old, new, (ROWS, RACES, LOST, ODD))


MUTANTS = (
    _row(
        "row: tickets are not looked for first",
        "    if Look.TICKETS not in seen.looked and any("
        "attempt.may_post and not attempt.job for attempt in seen.attempts):\n        return LookAt(Look.TICKETS)\n",
    ),
    _row("row: held attempts are looked for too", "attempt.may_post and not attempt.job for", "not attempt.job for"),
    _row(
        "row: our jobs are not looked at",
        "    if Look.JOBS not in seen.looked and any(attempt.job for attempt in seen.attempts):\n"
        "        return LookAt(Look.JOBS)\n",
    ),
    _row(
        "row: a running job is not waited for",
        "    if live and live.state is not JobState.SUBMITTED:\n        return Wait(Reason.UNFINISHED)\n",
    ),
    _row(
        "row: the object is not looked at",
        "    if Look.OBJECT not in seen.looked:\n        return LookAt(Look.OBJECT)\n",
    ),
    _row(
        "row: a waiting job is not waited for",
        "    if live:\n        return Wait(Reason.UNFINISHED) if seen.is_there else Cancel(live)\n",
    ),
    _row(
        "row: a waiting job that nobody needs is waited for",
        "Wait(Reason.UNFINISHED) if seen.is_there else Cancel(live)",
        "Wait(Reason.UNFINISHED)",
    ),
    _row(
        "row: a sealed object does not end a claim",
        "    if seen.object and seen.object.sealed and seen.is_answered:\n"
        "        return Conclude(seen.object.sealed, ended)\n",
    ),
    Mutant(
        "row: a seal of other bytes ends a claim",
        SEEN,
        "return bool(seen and seen.sealed and seen.upload and seen.upload.content == self.upload.content)",
        "return bool(seen and seen.sealed)",
        (ROWS, RACES, LOST, ODD),
    ),
    _row("row: what was replaced is not left", "    if not seen.is_there:\n        return _leave(seen, ended)\n"),
    _row(
        "row: a result is not written",
        "    if ended and (result := ended.result(rules.none_codes)):\n        return Write(result, ended)\n",
    ),
    _row("row: codes that mean no watermark are unknown", "ended.result(rules.none_codes)", "ended.result()"),
    _row(
        "row: a kept result is forgotten",
        "    if seen.kept:\n        return Write(seen.kept)\n",
    ),
    _row("row: jobs may be forgotten without end", "if job is None]) >= MAX_FORGOTTEN:", "if job is None]) < 0:"),
    _row("row: one job that is forgotten is enough", "MAX_FORGOTTEN = 2", "MAX_FORGOTTEN = 1"),
    _row(
        "row: an obstacle does not count",
        "    if seen.object and seen.object.obstacle:\n        return GiveUp(seen.object.obstacle)\n",
    ),
    _row(
        "row: refusals are never given up",
        "if refused_since is not None and seen.now - refused_since > rules.give_up_after:",
        "if refused_since is not None and seen.now < 0:",
    ),
    _row("row: others are not looked at", "for look in (Look.OTHERS, Look.SLOTS) if", "for look in (Look.SLOTS,) if"),
    _row("row: others do not hold", "    if _gives_way(seen):\n        return Hold(Held.ANOTHER)\n"),
    Mutant(
        "row: a longer chain is not waited for",
        CLAIM,
        "return self.may_post or self.chain > other.chain or writes",
        "return self.may_post or writes",
        (ROWS, PATIENCE),
    ),
    Mutant(
        "row: an answer that is about to be written is not waited for",
        CLAIM,
        "return self.may_post or self.chain > other.chain or writes",
        "return self.may_post or self.chain > other.chain",
        (ROWS,),
    ),
    Mutant(
        "row: a kept result goes with its object",
        NEXT,
        "(ended is not None and not cancelled), ended, seen.kept)",
        "(ended is not None and not cancelled), ended)",
        ("test_odd_replies",),
    ),
    _row(
        "row: an outage counts as refusals",
        "newest.refused_since if newest.held is Held.REFUSED else None",
        "newest.refused_since",
    ),
    _row("row: a chain has no end", "if seen.chain >= MAX_CHAIN and seen.now", "if seen.chain < 0 and seen.now"),
    _row(
        "row: an unsettled object waits for ever",
        "if seen.chain >= MAX_CHAIN and seen.now // _DAY <= seen.newest.since // _DAY:",
        "if seen.chain >= MAX_CHAIN:",
    ),
    _row(
        "row: an unsettled object begins where it stopped",
        "chain = 0 if seen.chain >= MAX_CHAIN else seen.chain",
        "chain = seen.chain",
    ),
    _row("row: a next attempt forgets the chain", "chain = 0 if seen.chain >= MAX_CHAIN else seen.chain", "chain = 0"),
    _row(
        "row: a next attempt forgets since when CI refuses",
        "replace(following(newest), refused_since=refused_since, chain=chain)",
        "replace(following(newest), chain=chain)",
    ),
    _row(
        "row: jobs that came to nothing are not counted", " + (ended is not None and not cancelled), ended,", ", ended,"
    ),
    _row(
        "row: cancelled jobs are counted",
        "(ended is not None and not cancelled), ended,",
        "(ended is not None), ended,",
    ),
    Mutant(
        "row: the chain is the first attempt's",
        SEEN,
        "return max(attempt.chain for attempt in self.attempts)",
        "return self.attempts[0].chain",
        (ROWS, RACES, LOST, ODD),
    ),
    Mutant(
        "the record comes after the drop",
        RECONCILE,
        "    case.clients.ledger.keep(record, once=once)\n    case.clients.ledger.drop(case.seen.attempts)\n",
        "    case.clients.ledger.drop(case.seen.attempts)\n    case.clients.ledger.keep(record, once=once)\n",
        (RACES, LOST, SCHEDULES),
    ),
    Mutant(
        "nothing is handed over",
        RECONCILE,
        "    if not _hand_over(step.chain, case):\n",
        "    if not step:\n",
        (RACES, LOST, INTERLEAVING),
    ),
    Mutant(
        "the chain is not handed over to a claim that is there",
        RECONCILE,
        "    if max((attempt.chain for attempt in attempts), default=0) < chain:\n",
        "    if chain < 0:\n",
        (RACES, LOST, PATIENCE),
    ),
    Mutant(
        "a chain is handed over to a claim that somebody may be at",
        RECONCILE,
        "        if young:\n            return False\n",
        "",
        (RACES, LOST),
    ),
    Mutant(
        "a claim goes though its chain could not be handed over",
        RECONCILE,
        "begun is not Reason.REPLACED and (begun is not Reason.IN_FLIGHT or not chain)",
        "begun is not Reason.REPLACED",
        (RACES, LOST),
    ),
    Mutant(
        "a result that cannot be written is tried without end",
        RECONCILE,
        "    if seen.now - since > case.clients.settings.give_up_after:\n",
        "    if seen.now - since < 0:\n",
        ("test_kept_results", INTERLEAVING),
    ),
    Mutant(
        "how long a result cannot be written is forgotten",
        RECONCILE,
        "    since = newest.unwritten_since or seen.now\n",
        "    since = seen.now\n",
        ("test_kept_results", INTERLEAVING),
    ),
    Mutant(
        "a result that cannot be written is not kept",
        RECONCILE,
        "        case.clients.ledger.update(kept)\n",
        "",
        ("test_kept_results",),
    ),
    Mutant(
        "an outage counts as a refusal for giving up",
        RECONCILE,
        "    except (UnwritableError, RejectedError, BlockedError) as error:\n",
        "    except WatermarkError as error:\n",
        (RACES, LOST, "test_kept_results"),
    ),
    Mutant(
        "a refusal to cancel counts as cancelled",
        LOOK,
        "            state = JobState.RUNNING\n",
        "            pass\n",
        (RACES, LOST, INTERLEAVING),
    ),
)
