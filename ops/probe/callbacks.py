"""Questions about callbacks by URL."""

from __future__ import annotations

import base64
from itertools import pairwise
from typing import TYPE_CHECKING

from ops import waiting
from ops.probe.questions import NotSeenError, Paid, Question, judged
from shared.documents import child, parse
from shared.domain.job import read_jobs

if TYPE_CHECKING:
    from ops.probe.questions import Answer
    from ops.probe.recordings import Recorded
    from ops.probe.stage import Stage

#: Seconds until a callback has come, and for which others are waited for after it.
_COMES, _AGAIN = 60, 240
#: Headers that say something about the caller, and not about the function's platform.
_PLATFORM = ("x-scf-", "x-api-", "x-b3-", "x-client-", "x-forwarded", "x-real")


def body_of(request: Recorded) -> bytes:
    """The body of a recorded request."""
    text = str(request.event.get("body", ""))
    return base64.b64decode(text) if request.event.get("isBase64Encoded") is True else text.encode()


def _callback(stage: Stage, which: Paid) -> Recorded:
    stage.url()
    stage.job(which)
    found = stage.recordings.first(which.name.lower(), _COMES)
    if found is None:
        raise NotSeenError(f"no callback came within {_COMES} s after the end of the job")
    return found


def _request(stage: Stage) -> Answer:
    request, made = _callback(stage, Paid.FOUND), stage.job(Paid.FOUND)
    headers = {str(name).lower(): str(value) for name, value in request.event.get("headers", {}).items()}
    theirs = [
        f"{name}: {value}" for name, value in headers.items() if name != "host" and not name.startswith(_PLATFORM)
    ]
    body = body_of(request)
    jobs = read_jobs(parse(body))
    late = f", {request.at - made.job.ended.timestamp():.0f} s after the end" if made.job.ended else ""
    told = f"{request.event.get('httpMethod')}{late}; {'; '.join(theirs)}; body: {body.decode(errors='replace')}"
    right = [job.job_id for job in jobs] == [made.job.job_id] and body.lstrip().startswith(b"<")
    return judged(right and request.event.get("httpMethod") == "POST", told)


def _json(stage: Stage) -> Answer:
    request, made = _callback(stage, Paid.NONE), stage.job(Paid.NONE)
    tree = parse(body_of(request))
    shape = "a list" if isinstance(child(tree, "JobsDetail"), list) else "an object"
    told = f"JobsDetail is {shape}; body: {body_of(request).decode(errors='replace')}"
    return judged([job.job_id for job in read_jobs(tree)] == [made.job.job_id], told)


def _retries(stage: Stage) -> Answer:
    first = _callback(stage, Paid.REFUSED)
    waiting.pause(_AGAIN)
    calls = stage.recordings.of(Paid.REFUSED.name.lower())
    gaps = [f"{later.at - sooner.at:.0f} s" for sooner, later in pairwise(calls)]
    waited = waiting.now() - first.at
    told = f"{len(calls)} calls in {waited:.0f} s, while the replies were 500"
    return judged(len(calls) == 1, f"{told}; gaps: {', '.join(gaps) or 'none'}")


def _cancelled(stage: Stage) -> Answer:
    stage.url()
    stage.job(Paid.CANCELLED)
    found = stage.recordings.first(Paid.CANCELLED.name.lower(), _COMES)
    return judged(found is None, "a callback came" if found else f"none came within {_COMES} s")


QUESTIONS = (
    Question(
        "callback-request",
        "What is the HTTP request of a callback: method, headers, body?",
        "a POST with the job as an XML document",
        "shared/events/http.py",
        _request,
        frozenset({Paid.MARK, Paid.FOUND}),
    ),
    Question(
        "callback-json",
        "How is a callback in JSON written?",
        "the same job; JobsDetail is an object or a list",
        "shared/domain/job.py",
        _json,
        frozenset({Paid.NONE}),
    ),
    Question(
        "callback-retries",
        "Is a callback repeated after a reply 500, and when?",
        "it is not",
        "docs/promises.md",
        _retries,
        frozenset({Paid.REFUSED}),
    ),
    Question(
        "callback-cancelled",
        "Is there a callback for a job that was cancelled?",
        "there is none",
        "faketencent/ci/callbacks.py",
        _cancelled,
        frozenset({Paid.CANCELLED}),
    ),
)
