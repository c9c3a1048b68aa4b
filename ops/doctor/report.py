"""How the findings are shown: to people, and to programs."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING

from rich.markup import escape

from ops.doctor.finding import Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from ops.doctor.examination import Examination
    from ops.doctor.finding import Finding

_STYLES = {Verdict.PASS: "green", Verdict.WARN: "yellow", Verdict.FAIL: "bold red", Verdict.UNSEEN: "magenta"}
_SIGNS = {Verdict.PASS: "✓", Verdict.WARN: "!", Verdict.FAIL: "✗", Verdict.UNSEEN: "?"}
#: For terminals that cannot show more.
_ASCII = {**_SIGNS, Verdict.PASS: "ok", Verdict.FAIL: "FAIL"}


class Detail(Enum):
    """How much is shown of a group where all is well."""

    SHORT = "one line"
    ALL = "each finding"


def show(examination: Examination, console: Console, detail: Detail = Detail.SHORT) -> None:
    """One line a group where all is well; else one a finding, and one on what to do about it."""
    texts, arrow = (_ASCII, "->") if console.options.ascii_only else (_SIGNS, "→")
    signs = {verdict: f"[{_STYLES[verdict]}]{text}[/]" for verdict, text in texts.items()}

    def line(markup: str) -> None:
        # What the cloud says may be in Chinese.
        shown = markup.replace("→", arrow).encode(console.encoding, "replace").decode(console.encoding)
        console.print(shown, highlight=False, soft_wrap=True)

    for name, findings in examination.groups:
        well = [finding for finding in findings if finding.verdict is Verdict.PASS]
        for finding in findings if detail is Detail.ALL else [one for one in findings if one not in well]:
            line(f"{signs[finding.verdict]} [bold]{escape(finding.name)}[/]: {escape(finding.message)}")
            if finding.advice:
                line(f"    {arrow} {escape(finding.advice)}")
        if detail is Detail.SHORT and well:
            line(f"{signs[Verdict.PASS]} [bold]{escape(name)}[/]: {escape(_checks(well))}")
    counts = (f"{examination.count(verdict)} {signs[verdict]}" for verdict in Verdict)
    line(f"\n{'  '.join(counts)}")


def as_json(examination: Examination) -> str:
    """The same as a document, in ASCII: its reader may know no other encoding."""
    findings = [
        {"group": name, "name": f.name, "verdict": f.verdict.value, "message": f.message, "advice": f.advice}
        for name, found in examination.groups
        for f in found
    ]
    counts = {verdict.value: examination.count(verdict) for verdict in Verdict}
    return json.dumps({"v": 1, "findings": findings, "counts": counts}, indent=2)


def _checks(well: list[Finding]) -> str:
    return ", ".join(dict.fromkeys(finding.name for finding in well))
