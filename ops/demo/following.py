"""Tells what the cloud does by itself: each run of a function and each step of a job, as it happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from faketencent.ci.jobs import Job, JobState
from faketencent.scf.invocation import Source, Status
from ops.demo.narrator import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.scf.invocation import Invocation
    from ops.demo.narrator import Narrator


def tell(happening: Invocation | Job, narrator: Narrator) -> list[dict[str, Any]]:
    """Tell of it; the outcomes that were logged, in order."""
    if isinstance(happening, Job):
        narrator.step("CI job", _described(happening))
        return []
    lines = list(_lines(happening.log))
    outcomes = [line for line in lines if "outcome" in line]
    if happening.source is Source.TIMER and happening.status is Status.SUCCEEDED and not outcomes:
        # It comes each minute, and most often there is nothing to do.
        return []
    narrator.step(*_started(happening))
    for line in lines:
        narrator.log_line(line)
    if happening.status is not Status.SUCCEEDED:
        narrator.step(f"  {happening.status.value}", happening.error.rpartition("\n")[2])
    return outcomes


def _lines(log: str) -> Iterator[dict[str, Any]]:
    for text in log.splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            line = None
        yield line if isinstance(line, dict) else {"message": text}


def _described(job: Job) -> str:
    more = f", found {job.watermark!r}" if job.watermark else ""
    if job.state is JobState.FAILED:
        more = f", {job.code}"
    return f"{shortened(job.id)} {job.state.value}{more}"


def _started(run: Invocation) -> tuple[str, str]:
    """What ran the function, and what about."""
    function = f"function {run.function}"
    if run.source is Source.COS:
        record = run.event["Records"][0]
        _, _, _, key = record["cos"]["cosObject"]["key"].split("/", 3)
        return f"COS event -> {function}", f"{record['event']['eventName']} of {key}"
    if run.source is Source.URL:
        body = run.event.get("body", "")
        return f"callback over HTTP -> {function}", f"{run.event['httpMethod']}, {len(body)} bytes"
    return f"{'timer' if run.source is Source.TIMER else 'call'} -> {function}", ""
