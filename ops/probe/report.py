"""The report: what was asked and seen, in Markdown, without secrets and account numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from ops.checkout import version
from ops.plain import plain
from ops.probe.questions import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ops.probe.account import Account
    from ops.probe.questions import Answer, Question

_WORDS = {Verdict.AS_ASSUMED: "as assumed", Verdict.OTHERWISE: "otherwise", Verdict.NOT_SEEN: "not seen"}
#: What signs a request, wherever it stands.
_SIGNED = re.compile(r"(q-signature=|q-ak=|(?i:authorization|[\w-]*token)\"?\s*[:=]\s*\"?)[^\s&\"',;]+")
#: Characters of one piece of evidence.
_MOST = 2000


@dataclass(frozen=True)
class Redaction:
    """Texts that are never shown, and what stands for account numbers."""

    secrets: tuple[str, ...]
    numbers: Mapping[str, str]

    @classmethod
    def of(cls, account: Account) -> Redaction:
        """What this account's reports leave out."""
        given, settings = account.configuration.credentials, account.configuration.settings
        hidden = [given.secret_key, given.token, settings.secret, settings.secret_previous]
        texts = [given.secret_id, account.password, *(one.get_secret_value() for one in hidden if one)]
        return cls(tuple(filter(None, texts)), {account.appid: "<APPID>", account.uin: "<UIN>"})

    def clean(self, text: str) -> str:
        """The text on one line, as it may be shown."""
        for secret in self.secrets:
            text = text.replace(secret, "…")
        text = _SIGNED.sub(r"\1…", text)
        for number, name in self.numbers.items():
            text = text.replace(number, name)
        line = " ".join(plain(text).split())
        return line if len(line) <= _MOST else f"{line[:_MOST]}…"


def summary(answers: Sequence[Answer]) -> str:
    """How many answers of each kind there are."""
    counts = [(word, sum(answer.verdict is verdict for answer in answers)) for verdict, word in _WORDS.items()]
    return ", ".join(f"{count} {word}" for word, count in counts)


def report(answered: Sequence[tuple[Question, Answer]], region: str, now: float, redaction: Redaction) -> str:
    """The whole file; the answers that differ come first."""
    order = (Verdict.OTHERWISE, Verdict.NOT_SEEN, Verdict.AS_ASSUMED)
    day = datetime.fromtimestamp(now, timezone.utc).strftime("%Y-%m-%d")
    lines = ["# What the real service did", "", f"cos-watermark {version()}, {region}, {day} (UTC). "]
    lines[-1] += f"{summary([answer for _, answer in answered]).capitalize()}."
    for verdict in order:
        for question, answer in answered:
            if answer.verdict is verdict:
                lines += ["", *_section(question, answer, redaction)]
    return "\n".join(lines) + "\n"


def _section(question: Question, answer: Answer, redaction: Redaction) -> list[str]:
    return [
        f"## {answer.verdict.value} {question.name}: {_WORDS[answer.verdict]}",
        "",
        f"- Asked: {question.asks}",
        f"- Assumed: {question.assumed} (`{question.where}`)",
        "- Seen:",
        "",
        # As code, whatever it holds.
        f"      {redaction.clean(answer.evidence)}",
    ]
