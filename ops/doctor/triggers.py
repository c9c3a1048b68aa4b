"""Checks of what makes the functions run, as `serverless.yml` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor.finding import check, check_buckets, failed, passed, warned
from ops.manifest.schema import TriggerKind
from shared.events.uploads import CREATED, RESTORED
from shared.settings import variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer
    from ops.manifest.deployment import Trigger

#: How videos arrive; one that was uploaded in parts is of the third kind, and most large ones are.
NEEDED = (CREATED + "Put", CREATED + "Post", CREATED + "CompleteMultipartUpload")
#: How they can come besides, and what that is. A move or a rename in the console is a copy.
USUAL = {
    CREATED + "Copy": "videos that are copied, moved or renamed",
    RESTORED: "archived videos that are restored",
}
#: What is told only if somebody wants it; serverless.yml says what it costs.
ON_REQUEST = (CREATED + "Origin", CREATED + "Replication")


@check("bucket triggers")
def watched(case: Case) -> Iterator[Answer]:
    """Whether serverless.yml has uploads to each video bucket run `submit`."""
    for bucket in case.buckets:
        triggers = [trigger for trigger in case.deployment.uploads if trigger.bucket == bucket]
        if not triggers:
            yield failed(f"there is no trigger on {bucket}", "Add COS triggers to serverless.yml")
        elif not _working(case, bucket):
            yield failed(f"the triggers on {bucket} are switched off", "Say `enable: true`; the default is false")
        else:
            yield passed(f"uploads to {bucket} invoke submit")


@check_buckets("event types")
def event_types(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether uploads of every kind count."""
    triggers = _working(case, bucket)
    if not triggers:
        return  # which is `watched`'s to say
    told = [event for event in (*NEEDED, *USUAL, *ON_REQUEST) if any(trigger.covers(event) for trigger in triggers)]
    missing = [event.removeprefix(CREATED) for event in NEEDED if event not in told]
    if missing:
        yield failed(
            f"{bucket}: uploads by {' and '.join(missing)} cause no event", f"Add triggers for {_words(NEEDED)}"
        )
    for event in [event for event in USUAL if event not in told]:
        yield warned(f"{bucket}: {USUAL[event]} cause no event", f"Add a trigger for {event}")
    if {*NEEDED, *USUAL} <= {*told}:
        yield passed(f"{bucket}: {', '.join(told)}")


@check_buckets("trigger filter")
def filters(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether what the triggers let through and what the settings take for a video are the same."""
    triggers = _working(case, bucket)
    if triggers:
        yield _suffixes(case, bucket, {trigger.suffix for trigger in triggers})


@check("ledger apart")
def ledger_apart(case: Case) -> Iterator[Answer]:
    """Whether the ledger bucket is nothing else: who uploads videos must not write claims, and claims run nothing."""
    bucket = case.settings.ledger_bucket
    if bucket in case.buckets:
        yield warned(
            f"{bucket} is the ledger bucket and has triggers: claims invoke submit for nothing, and everybody who "
            "uploads videos can write claims and records",
            f"Set {variable('ledger_bucket')} to a bucket of its own",
        )
    else:
        yield passed(f"{bucket} is not a video bucket, and writing there invokes nothing")


@check("timer")
def timer(case: Case) -> Iterator[Answer]:
    """Whether the sweep runs, without which lost work stays lost, and as often as it is meant to."""
    timers = [t for t in case.deployment.triggers if t.kind is TriggerKind.TIMER and t.function == "callback"]
    working = [t for t in timers if t.enabled]
    if not working:
        yield failed(
            "the timer of callback is switched off" if timers else "callback has no timer",
            "Add an enabled timer trigger for it: it finishes whatever was lost on the way",
        )
    elif not any(t.each_minute for t in working):
        yield warned(
            f"the sweep runs at {working[0].cron}, which is not each minute",
            "Say `cronExpression: '0 */1 * * * * *'`: a run does a minute's work, and what is left waits for the next",
        )
    else:
        yield passed("the timer ticks each minute")


def _suffixes(case: Case, bucket: str, let_through: Iterable[str]) -> Answer:
    ours = case.settings.suffixes
    wanted = [suffix for suffix in let_through if _may_be_video(suffix, ours)]
    missed = [suffix for suffix in ours if not any(suffix.endswith(other.lower()) for other in wanted)]
    if not wanted:
        return failed(
            f"{bucket}: the triggers let only {_words(let_through)} through, which are no videos here",
            f"Make the filter's suffix and {variable('suffixes')} agree, or leave the suffix empty",
        )
    if missed:
        return warned(
            f"{bucket}: the triggers let only {_words(wanted)} through, so videos in {_words(missed)} cause no event",
            f"Leave the suffix empty, or set {variable('suffixes')} to what you want checked",
        )
    # Nothing says whether COS compares the case of letters; that it does is assumed.
    case_matters = "" if "" in wanted else ", in the filter's upper or lower case only"
    return passed(f"{bucket}: the triggers let all videos through{case_matters}")


def _may_be_video(suffix: str, ours: tuple[str, ...]) -> bool:
    return any(suffix.lower().endswith(known) or known.endswith(suffix.lower()) for known in ours)


def _working(case: Case, bucket: str) -> list[Trigger]:
    return [trigger for trigger in case.deployment.uploads if trigger.bucket == bucket and trigger.enabled]


def _words(suffixes: Iterable[str]) -> str:
    return ", ".join(suffix or "any other suffix" for suffix in sorted(suffixes))
