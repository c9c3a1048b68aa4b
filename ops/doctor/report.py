"""How the findings are shown: to people, and to programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.markup import escape

from ops.doctor.finding import Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from ops.doctor.examination import Examination

_STYLES = {Verdict.PASS: "green", Verdict.WARN: "yellow", Verdict.FAIL: "bold red"}
_SIGNS = {Verdict.PASS: "✓", Verdict.WARN: "!", Verdict.FAIL: "✗"}
#: For terminals that cannot show more.
_ASCII = {Verdict.PASS: "ok", Verdict.WARN: "!", Verdict.FAIL: "FAIL"}


def show(examination: Examination, console: Console) -> None:
    """One line a finding, and one on what to do about it."""
    texts, arrow = (_ASCII, "->") if console.options.ascii_only else (_SIGNS, "→")
    signs = {verdict: f"[{_STYLES[verdict]}]{text}[/]" for verdict, text in texts.items()}

    def line(markup: str) -> None:
        console.print(markup, highlight=False, soft_wrap=True)

    for finding in examination.findings:
        line(f"{signs[finding.verdict]} [bold]{escape(finding.name)}[/]: {escape(finding.message)}")
        if finding.advice:
            line(f"    {arrow} {escape(finding.advice)}")
    if examination.unchecked:
        line(f"\nNot checked, for what they need is wrong or missing: {escape(', '.join(examination.unchecked))}")
    counts = (f"{examination.count(verdict)} {signs[verdict]}" for verdict in Verdict)
    line(f"\n{'  '.join(counts)}")


def as_json(examination: Examination) -> str:
    """The same as a document."""
    findings = [
        {"name": f.name, "verdict": f.verdict.value, "message": f.message, "advice": f.advice}
        for f in examination.findings
    ]
    counts = {verdict.value: examination.count(verdict) for verdict in Verdict}
    return json.dumps({"findings": findings, "unchecked": examination.unchecked, "counts": counts}, indent=2)
