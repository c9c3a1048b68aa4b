"""The tables of docs/performance.md: `python -m tests.benchmarks.production.document` makes them of build/bench.json.

What they are made of is kept in docs/performance.json, so that each figure of the page can be traced.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ops.checkout import BUILD, ROOT
from ops.readme import with_parts
from tests.benchmarks.production.figures import Findings
from tests.benchmarks.production.goals import goals
from tests.benchmarks.production.paths import Path
from tests.benchmarks.production.subjects import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tests.benchmarks.production.figures import Change, Figure, Row

PAGE = ROOT / "docs" / "performance.md"
KEPT = ROOT / "docs" / "performance.json"
FOUND = BUILD / "bench.json"


def read() -> Findings:
    """What the page is made of."""
    return Findings.read(KEPT.read_text(encoding="utf-8"))


def rendered(findings: Findings) -> str:
    """The page with these findings."""
    return with_parts(PAGE, {name: partial(make, findings) for name, make in _PARTS.items()}, "make bench")


def _machine(findings: Findings) -> str:
    found = findings.machine
    return (
        f"Measured on {found['at']} on {found['processor']}, {found['system']}, Python {found['python']}, "
        f"{found['openssl']}; {findings.rounds} rounds."
    )


def _cold(findings: Findings) -> str:
    subjects = (Subject.OURS, Subject.NAIVE, Subject.MODELS, Subject.COMPILED)
    rows = [
        [path.value, *(_spread(_row(findings, path, subject).cpu) for subject in subjects), *_beside(findings, path)]
        for path in Path
    ]
    head = [
        "First invocation, CPU ms",
        *(subject.value for subject in subjects),
        "ours / naive",
        "MB, ours",
        "MB, naive",
        "M instructions, ours",
    ]
    return _table(head, rows)


def _beside(findings: Findings, path: Path) -> list[str]:
    ours, naive = (_row(findings, path, subject) for subject in (Subject.OURS, Subject.NAIVE))
    counted = findings.instructions.get(path.value, {}).get(Subject.OURS.value)
    return [
        f"{ours.cpu.median / naive.cpu.median:.2f}",
        f"{ours.peak.median:.1f}",
        f"{naive.peak.median:.1f}",
        f"{counted / 1e6:,.0f}" if counted else "",
    ]


def _row(findings: Findings, path: Path, subject: Subject) -> Row:
    return findings.row(f"cold: {path.value}", subject.value)


def _later(findings: Findings) -> str:
    """What is not a first invocation in a quiet network."""
    wanted = [row for row in findings.rows if row.latency or not row.situation.startswith("cold")]
    rows = [
        [row.situation, f"{row.latency} ms", row.subject, _spread(row.cpu), _spread(row.wall)]
        for row in wanted
        if row.subject != Subject.COMPILED.value
    ]
    return _table(["Situation", "A reply takes", "Whose code", "CPU ms", "Wall ms"], rows)


def _made_of(findings: Findings) -> str:
    subjects = (Subject.NOTHING, Subject.SDK_COMPILED, Subject.SDK, Subject.FLOOR, Subject.RAW, Subject.OURS)
    rows = [
        [
            subject.value,
            *(_spread(_row(findings, path, subject).cpu) for path in (Path.VIDEO, Path.CALLBACK)),
            f"{_row(findings, Path.VIDEO, subject).peak.median:.1f}",
        ]
        for subject in subjects
    ]
    return _table(["First invocation, CPU ms", Path.VIDEO.value, Path.CALLBACK.value, "MB"], rows)


def _memory(findings: Findings) -> str:
    rows = [[path, f"{peak:.1f}", f"{findings.growth[path]:+.2f}"] for path, peak in _peaks(findings).items()]
    rows += [[what, f"{peak:.1f}", ""] for what, peak in findings.memory.items()]
    sizes = " and ".join(f"{size / 1e6:.2f} MB {name}" for name, size in findings.bundle.items())
    table = _table(["Invocation", "MB at the most", f"MB more after {findings.events:,}"], rows)
    return f"{table}\n\nThe bundle has {sizes}."


def _peaks(findings: Findings) -> dict[str, float]:
    return {path.value: _row(findings, path, Subject.OURS).peak.median for path in Path}


def _ticks(findings: Findings) -> str:
    rows = [
        [
            row.situation,
            *(f"{row.number:,}", row.tick, f"{row.calls:,}", f"{row.seconds:.1f}", f"{row.cpu:.2f}"),
            *(f"{row.peak:.1f}", f"{row.kept:.1f}", f"{row.looked:,}", f"{row.entries:,}"),
        ]
        for row in findings.ticks
    ]
    numbers = ["Number", "Tick", "Calls", "s", "CPU s", "MB", "MB kept", "Looked at", "Taken up"]
    return _table(["A tick finds", *numbers], rows)


def _goals(findings: Findings) -> str:
    rows = [
        [goal.name, f"{goal.value:.3f}", f"{goal.most:.2f}", "yes" if goal.met else "**no**"]
        for goal in goals(findings)
    ]
    return _table(["What", "Is", "At most", "Met"], rows)


def _made(findings: Findings) -> str:
    """What the bundle has: what was measured is the bundle without it."""
    return _changes([change for change in findings.changes if change.is_made], "Without it")


def _left_out(findings: Findings) -> str:
    return _changes([change for change in findings.changes if not change.is_made], "With it")


def _changes(changes: Sequence[Change], when: str) -> str:
    rows = [
        [change.what, *(f"{ratio - 1:+.0%}" for ratio in change.cpu.values()), f"{change.bytes / 1e6:+.2f}"]
        for change in changes
    ]
    return _table([when, *(f"CPU, {path}" for path in changes[0].cpu), "MB unzipped"], rows)


def _spread(figure: Figure) -> str:
    return f"{figure.median:.1f} ({figure.low:.1f}–{figure.high:.1f})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


#: The parts of the page, by the names that stand in their marks.
_PARTS: dict[str, Callable[[Findings], str]] = {
    "machine": _machine,
    "cold": _cold,
    "made_of": _made_of,
    "later": _later,
    "memory": _memory,
    "ticks": _ticks,
    "goals": _goals,
    "made": _made,
    "left_out": _left_out,
}


if __name__ == "__main__":
    KEPT.write_text(FOUND.read_text(encoding="utf-8"), encoding="utf-8")
    PAGE.write_text(rendered(read()), encoding="utf-8")
