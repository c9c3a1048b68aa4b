"""Checks of what makes the functions run, as `serverless.yml` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor.finding import check, check_buckets, failed, passed, warned
from shared.events.uploads import CREATED
from shared.settings import variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ops.doctor.case import Case
    from ops.doctor.deployment import Trigger
    from ops.doctor.finding import Answer

#: How videos arrive; one that was uploaded in parts is of the third kind, and most large ones are.
_NEEDED = ("Put", "Post", "CompleteMultipartUpload")


@check("triggers")
def watched(case: Case) -> Iterator[Answer]:
    """Whether uploads to each video bucket run `submit`, and to no bucket that it refuses."""
    if not case.buckets:
        yield failed("no video bucket is named anywhere", f"Set {variable('buckets')}, and add COS triggers")
    for bucket in case.buckets:
        triggers = [trigger for trigger in case.deployment.uploads if trigger.bucket == bucket]
        if not triggers:
            yield failed(f"no trigger watches {bucket}", "Add COS triggers for it to serverless.yml")
        elif not _working(case, bucket):
            yield failed(f"the triggers on {bucket} are switched off", "Say `enable: true`; the default is false")
        elif any(trigger.region != case.region for trigger in triggers):
            yield failed(
                f"a trigger names {bucket} in another region than {case.region}",
                "Deploy the functions where the bucket is: a COS trigger never crosses regions",
            )
        else:
            yield passed(f"uploads to {bucket} run submit")
    unknown = [bucket for bucket in case.deployment.watched_buckets if bucket not in case.settings.buckets]
    if unknown and case.settings.claims_bucket is None:
        yield failed(
            f"{', '.join(unknown)}: watched, but refused, for the sweep does not know it",
            f"Add it to {variable('buckets')}",
        )


@check_buckets("event types")
def event_types(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether uploads of every kind count."""
    triggers = _working(case, bucket)
    missing = [name for name in _NEEDED if not any(t.covers(CREATED + name) for t in triggers)]
    if not triggers:
        return  # which is `watched`'s to say
    if missing:
        yield failed(
            f"{bucket}: uploads by {' and '.join(missing)} go unnoticed",
            "Add a trigger for each of Put, Post and CompleteMultipartUpload",
        )
    elif any(t.covers(f"{CREATED}Copy") for t in triggers):
        yield warned(
            f"{bucket}: copies count as uploads, so each result that we write runs submit once more, for nothing",
            "Leave Copy out, unless videos come into the bucket by copying",
        )
    else:
        yield passed(f"{bucket}: Put, Post and CompleteMultipartUpload")


@check_buckets("trigger filter")
def filters(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether what the triggers let through and what the settings take for a video are the same."""
    triggers = _working(case, bucket)
    if triggers:
        yield _suffixes(case, bucket, {trigger.parameters.filter.suffix for trigger in triggers})


@check("claims and triggers")
def claims_apart(case: Case) -> Iterator[Answer]:
    """Whether writing a claim runs `submit`, which knows it for one and does nothing."""
    prefix = case.settings.claims_prefix
    for bucket in case.settings.claims_buckets:
        triggers = _working(case, bucket)
        if triggers and all(_prefix(trigger).startswith(prefix) for trigger in triggers):
            yield failed(
                f"{bucket}: only {_prefix(triggers[0])} is watched, and what is under {prefix} is never a video",
                f"Change the triggers' prefix or {variable('claims_prefix')}",
            )
        # A claim's name ends with a number, so any suffix of a video keeps claims out.
        elif any(prefix.startswith(_prefix(t)) and not t.parameters.filter.suffix for t in triggers):
            yield warned(
                f"{bucket}: claims are written where triggers watch, and each runs submit once or twice for nothing",
                f"Set {variable('claims_bucket')} to a bucket that is not watched",
            )
        else:
            yield passed(f"{bucket}: claims run nothing")


@check("timer")
def timer(case: Case) -> Iterator[Answer]:
    """Whether the sweep runs, without which lost work stays lost."""
    timers = [t for t in case.deployment.triggers if t.type == "timer" and t.function == "callback"]
    if any(t.parameters.enable for t in timers):
        yield passed("the sweep runs by itself")
    else:
        yield failed(
            "the timer of callback is switched off" if timers else "callback has no timer",
            "Add an enabled timer trigger for it: it finishes whatever was lost on the way",
        )


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
            f"{bucket}: the triggers let only {_words(wanted)} through, so videos in {_words(missed)} go unnoticed",
            f"Leave the suffix empty, or set {variable('suffixes')} to what you want checked",
        )
    # Nothing says whether COS compares the case of letters; that it does is assumed.
    case_matters = "" if "" in wanted else ", in the filter's upper or lower case only"
    return passed(f"{bucket}: the triggers let all videos through{case_matters}")


def _may_be_video(suffix: str, ours: tuple[str, ...]) -> bool:
    return any(suffix.lower().endswith(known) or known.endswith(suffix.lower()) for known in ours)


def _working(case: Case, bucket: str) -> list[Trigger]:
    return [trigger for trigger in case.deployment.uploads if trigger.bucket == bucket and trigger.parameters.enable]


def _prefix(trigger: Trigger) -> str:
    return trigger.parameters.filter.prefix


def _words(suffixes: Iterable[str]) -> str:
    return ", ".join(sorted(suffixes))
