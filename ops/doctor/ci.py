"""Checks of Cloud Infinite: the binding, the queue, the role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor.finding import MAY_NOT_LOOK, check, check_buckets, failed, passed, unseen, warned
from ops.doctor.replies import QueueState
from ops.policies import CI_ROLE
from ops.tencent.refusals import is_denied
from shared.domain.job import JobState
from shared.errors import BlockedError
from shared.settings import variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer

_AUTHORISE = "CI console, authorisation: it creates the service role CI_QCSRole"
_CI = "ci.qcloud.com"
_ROLE_MISSING = "CIRoleNotExist"


@check_buckets("media processing")
def bound(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether the bucket is bound to CI with media processing on."""
    if case.processing.is_on(bucket):
        yield passed(f"{bucket} is bound to Cloud Infinite, and media processing is on")
    else:
        yield failed(
            f"media processing is not on for {bucket}",
            "CI console, the bucket: bind it, then switch media processing on",
        )


@check_buckets("media queue")
def queue(case: Case, bucket: str) -> Iterator[Answer]:
    """Whether the queue that jobs go to exists and moves."""
    if not case.processing.is_on(bucket):
        return  # which is `bound`'s to say
    wanted = case.settings.queue_id
    queues = case.account.queues(bucket)
    used = [queue for queue in queues if wanted in (None, queue.queue_id)]
    if not used:
        known = ", ".join(queue.queue_id for queue in queues) or "none"
        yield failed(
            f"{bucket} has no queue {wanted or 'at all'}",
            f"Unset {variable('queue_id')}, or set it to one of the bucket's queues: {known}",
        )
    elif all(queue.state is QueueState.ACTIVE for queue in used):
        yield passed(f"the queue of {bucket} is active")
    else:
        states = ", ".join(sorted({queue.state.value for queue in used}))
        yield warned(
            f"a queue of {bucket} is not active ({states}): jobs wait in it",
            "CI console, the bucket, queues: resume it",
        )


@check("CI role")
def role(case: Case) -> Iterator[Answer]:
    """Whether CI may read the videos: by the role; or, where that may not be looked at, by how the latest job ended."""
    try:
        there = case.cam.role(CI_ROLE)
    except BlockedError as error:
        if not is_denied(error):
            raise
        yield from _by_the_latest_job(case)
        return
    if there is None:
        yield failed(f"there is no role {CI_ROLE}: Cloud Infinite cannot read the videos", _AUTHORISE)
    elif _CI not in str(there.trust):
        yield failed(f"Cloud Infinite may not assume the role {CI_ROLE}", _AUTHORISE)
    else:
        yield passed(f"the role {CI_ROLE} is there")


def _by_the_latest_job(case: Case) -> Iterator[Answer]:
    for bucket in case.buckets:
        if not case.processing.is_on(bucket):
            continue  # which is `bound`'s to say
        job = case.account.last_job(bucket)
        if job is not None and job.state is JobState.SUCCESS:
            yield passed(f"the latest job on {bucket} succeeded, so the role was there")
        elif job is not None and job.code == _ROLE_MISSING:
            yield failed(f"the latest job on {bucket} failed: {job.code}", _AUTHORISE)
        else:
            seen = f"the latest job failed for another reason: {job.code}" if job else "there was no job yet"
            yield unseen(f"the right to read the role of CI is missing, and on {bucket} {seen}", MAY_NOT_LOOK)
