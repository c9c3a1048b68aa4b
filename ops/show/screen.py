"""What is to be seen of it, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.show.gather import Found, Part, Row
from ops.show.situation import Seal, There
from ops.status.screen import Row as Line
from ops.status.screen import Tone
from ops.times import shown
from shared.domain.job import JobState
from shared.domain.result import Verdict, stamp
from shared.log import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.domain.job import Job

#: Characters of a text that somebody else wrote; one screen is to show all.
_MOST = 300
#: How many older records are shown.
_HISTORY = 10
_SEALS = {
    Seal.OURS: ("ours", Tone.WELL),
    Seal.NOT_OURS: ("not ours, or for other bytes", Tone.BAD),
    Seal.UNCHECKED: ("not checked: WATERMARK_SECRET is not in .env", Tone.WARN),
}


@dataclass(frozen=True)
class Screen:
    """Makes the rows; `utc` is how times are shown."""

    found: Found
    utc: bool

    def lines(self) -> Iterator[Line]:
        """All of them, but for what happens next."""
        target = self.found.target
        yield Line("key", target.key)
        yield Line("bucket", f"{target.bucket} ({target.region})")
        yield from self._object()
        yield from self._ledger()
        yield from self._jobs()
        yield from self._log()

    def _object(self) -> Iterator[Line]:
        found, row = self.found, self.found.object
        if Part.OBJECT in found.unseen:
            yield _unseen("object", found.unseen[Part.OBJECT])
        elif found.there is There.GONE:
            yield Line("object", "does not exist", Tone.WARN)
        elif found.there is There.UNREADABLE:
            yield Line("object", "can be read only with your own key (SSE-C)", Tone.WARN)
        else:
            yield Line("uploaded", f"{self._at(row['modified'])}, {row['size']:,} bytes, {row['storage']}")
            if row["obstacle"]:
                yield Line("obstacle", row["obstacle"], Tone.WARN)
            yield from self._answer(row)

    def _answer(self, row: Row) -> Iterator[Line]:
        if not row["verdict"] and not row["seal"]:
            yield Line("result", "none on the object")
            return
        told = row["text"] if row["verdict"] == Verdict.FOUND.value else row["code"]
        at = f" ({self._at(row['at'])})" if row["at"] else ""
        yield Line("result", f"{_cut(row['verdict'] or '?')}{f': {_cut(told)}' if told else ''}{at}")
        words, tone = _SEALS.get(self.found.seal, ("none", Tone.WARN))
        yield Line("seal", words, tone)

    def _ledger(self) -> Iterator[Line]:
        found = self.found
        if Part.LEDGER in found.unseen:
            yield _unseen("ledger", found.unseen[Part.LEDGER])
            return
        for claim in found.claims:
            yield from self._claim(claim)
        for entry in found.entries:
            again = ", a re-check" if entry["again"] else ""
            by = f" by {_cut(entry['by'])}" if entry["by"] else ""
            yield Line("asked for", f"{self._at(entry['at'])}{by}{again}, run {entry['run']}")
        for number, record in enumerate(found.records[:_HISTORY]):
            yield Line("earlier", self._short(record)) if number else Line("record", self._record(record))
        if len(found.records) > _HISTORY:
            yield Line("", f"and {len(found.records) - _HISTORY} more")

    def _claim(self, row: Row) -> Iterator[Line]:
        held = f", held: {row['held']}" if row["held"] else ""
        asked = f", asked for by run {row['asked_by']}" if row["asked_by"] else ""
        result = f", its result: {row['verdict']}" if row["verdict"] else ""
        yield Line("claim", f"since {self._at(row['since'])}, attempt {row['number']}{held}{result}{asked}")
        for name in ("refusal", "problem"):
            if row[name]:
                yield Line(name, _cut(row[name]), Tone.BAD)

    def _record(self, row: Row) -> str:
        parts = [
            self._short(row),
            f"the job found {_cut(row['unattributed']) or 'no watermark'}" if row["unattributed"] is not None else "",
            _cut(row["message"] or ""),
            _cut(row["problem"] or ""),
            f"job {row['job']}" if row["job"] else "no job",
        ]
        return "; ".join(part for part in parts if part)

    def _short(self, row: Row) -> str:
        told = row["text"] or row["code"] or ""
        where = "on the object" if row["applied"] else f"not on the object: {row['reason'] or 'reason not known'}"
        return f"{self._at(row['at'])} {row['verdict']}{f': {_cut(told)}' if told else ''}; {where}"

    def _jobs(self) -> Iterator[Line]:
        found = self.found
        if Part.JOBS in found.unseen:
            yield _unseen("job", found.unseen[Part.JOBS])
        for job_id, job in found.jobs.items():
            if job is None:
                yield Line("job", f"{job_id}: Cloud Infinite does not know it any more", Tone.WARN)
            else:
                yield Line("job", f"{job_id}: {self._job(job)}")

    def _job(self, job: Job) -> str:
        times = {"submitted": job.created, "begun": job.started, "ended": job.ended}
        parts = [f"{name} {self._at(stamp(time))}" for name, time in times.items() if time]
        failed = f" {_cut(job.code)}" if job.state is JobState.FAILED and job.code else ""
        state = "in an unknown state" if job.state is JobState.UNKNOWN else job.state.value
        return ", ".join([f"{state}{failed}", *parts])

    def _log(self) -> Iterator[Line]:
        if Part.LOG in self.found.unseen:
            yield _unseen("log", self.found.unseen[Part.LOG])
        for line in self.found.lines:
            said = [str(line.fields.get(name, "")) for name in ("event", "outcome", "reason", "detail", "message")]
            level = "" if line.level is Level.INFO else line.level.value
            text = " ".join(part for part in (self._at(stamp(int(line.at))), level, *map(_cut, said)) if part)
            yield Line("log", text, Tone.BAD if line.level is Level.ERROR else Tone.PLAIN)

    def _at(self, at: str) -> str:
        return shown(at, utc=self.utc)


def _unseen(label: str, why: str) -> Line:
    return Line(label, f"could not be read: {why}", Tone.BAD)


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}..."
