"""How it is printed: to people, and to programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.text import Text

from ops.listing.exports import known
from ops.listing.kinds import Kind
from ops.logs.show import to_json
from ops.plain import plain
from ops.shell import quoted
from ops.status.report import show_rows
from ops.status.screen import Row as Line
from ops.times import shown
from shared.domain.result import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from ops.show.gather import Found
    from ops.show.next import Do, Next
    from ops.show.screen import Screen
    from shared.domain.job import Job
    from shared.domain.objects import ObjectRef


@dataclass(frozen=True)
class Typed:
    """How commands are typed: the option for `.env`, and whether a key alone is enough."""

    naming: str
    one_bucket: bool

    def command(self, do: Do, target: ObjectRef) -> str:
        """The whole command, for a shell."""
        _, name, takes_key = do.value
        key = target.key if self.one_bucket and not target.key.startswith("cos://") else f"cos://{target}"
        last = f"{' --' if key.startswith('-') else ''} {quoted(key)}" if takes_key else ""
        return f"./cos-watermark {name}{self.naming}{last}"


def show_all(screen: Screen, step: Next, typed: Typed, console: Console) -> None:
    """Print it."""
    text = step.text.replace("{at}", shown(stamp(step.at), utc=screen.utc))
    show_rows([*screen.lines(), Line("next", text)], console)
    for do in step.do:
        console.print(Text(f"\n{do.value[0]}:"))
        # To be copied, so it is not broken.
        console.print(Text(f"    {plain(typed.command(do, screen.found.target))}"), soft_wrap=True)


def as_json(found: Found, step: Next, typed: Typed) -> str:
    """The same on one line, in ASCII; times are UTC."""
    target = found.target
    next_text = step.text.replace("{at}", stamp(step.at))
    return json.dumps(
        {
            "v": 1,
            "bucket": target.bucket,
            "key": target.key,
            "region": target.region,
            "there": found.there.value,
            "object": {name: value for name, value in found.object.items() if value is not None} or None,
            "seal": found.seal.value,
            "claims": _rows(found.claims, Kind.IN_FLIGHT),
            "waiting": _rows(found.entries, Kind.WAITING),
            "records": _rows(found.records, Kind.RESULTS),
            "jobs": [_job(job_id, job) for job_id, job in found.jobs.items()],
            "log": [json.loads(to_json(line)) for line in found.lines],
            "next": {"text": next_text, "commands": [typed.command(do, target) for do in step.do]},
            "unseen": {part.value: why for part, why in found.unseen.items()},
        }
    )


def _rows(rows: Iterable[dict[str, Any]], kind: Kind) -> list[dict[str, Any]]:
    return [known(row, kind.value.columns) for row in rows]


def _job(job_id: str, job: Job | None) -> dict[str, Any]:
    if job is None:
        return {"job": job_id, "state": None}
    times = {"submitted": job.created, "started": job.started, "ended": job.ended}
    texts = {"code": job.code, "message": job.message}
    return {
        "job": job_id,
        "state": job.state.value,
        **{name: stamp(time) for name, time in times.items() if time},
        **{name: text for name, text in texts.items() if text},
    }
