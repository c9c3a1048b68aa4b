"""The README and docs/ name nothing that is not there, and leave out nothing that they promise to list."""

from __future__ import annotations

import dataclasses
import re
import shlex
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from ops.checkout import ROOT
from ops.cli import app
from ops.configuration.configuration import FUNCTIONS, LAPTOP
from ops.doctor import examination
from shared import errors
from shared.domain.outcome import Kind, Reason
from shared.use_cases import poll, sweep
from tests.test_documented_calls import OPERATIONS
from tests.translations.sections import anchors

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

GUIDES = [ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
DOCS = [*sorted(ROOT.glob("README*.md")), *GUIDES, *sorted((ROOT / "docs").glob("*.md"))]
LONGEST_LINE = 160
#: Made by a command or by the person who deploys; not in the repository.
MADE = ("build/", "dist/", ".env")
FOLDERS = (
    "docs",
    "events",
    "faketencent",
    "functions",
    "ops",
    "requirements",
    "shared",
    "tests",
    *(m[:-1] for m in MADE),
)

#: Where commands are named besides.
OTHER_TEXTS = ("CHANGELOG.md", "serverless.yml", ".env.example")

every_doc = pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.name)


def code(doc: Path) -> list[str]:
    """Everything that is set as code: spans, and indented or fenced blocks with their continued lines joined."""
    text = doc.read_text(encoding="utf-8").replace("\\\n", " ")
    fenced = [line for block in re.findall(r"^```.*?\n(.*?)^```", text, re.M | re.S) for line in block.splitlines()]
    return fenced + re.findall(r"^ {4,}(\S.*)$", text, re.M) + re.findall(r"`([^`\n]+)`", text)


def commands(doc: Path, name: str) -> list[list[str]]:
    """Those of a program; what a command does may be said behind it, after two spaces."""
    return [shlex.split(text.partition("  ")[0]) for text in code(doc) if text.split()[:1] == [name]]


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, re.M))


@every_doc
def test_every_make_target_exists(doc: Path) -> None:
    named = {word for _, *words in commands(doc, "make") for word in words if "=" not in word}
    # `test-3.12` is one of those that `test` is made of.
    assert {word.removesuffix("-3.12") for word in named} <= targets()


@every_doc
def test_every_command_and_option_exists(doc: Path) -> None:
    known: Any = get_command(app)
    for _, *arguments in commands(doc, "./cos-watermark"):
        if not arguments:
            continue
        options = {opt for parameter in known.commands[arguments[0]].params for opt in parameter.opts}
        assert {argument for argument in arguments if argument.startswith("--")} <= options, arguments


@pytest.mark.parametrize("name", [*(str(doc.relative_to(ROOT)) for doc in DOCS), *OTHER_TEXTS])
def test_commands_can_be_typed_as_they_stand(name: str) -> None:
    # Nothing is installed on PATH: the command is the script at the top of the checkout.
    known: Any = get_command(app)
    without_a_place = rf"(?<![/\w-])cos-watermark (?:{'|'.join(known.commands)})\b"
    assert re.findall(without_a_place, (ROOT / name).read_text(encoding="utf-8")) == []


@every_doc
def test_every_file_exists(doc: Path) -> None:
    named = {text for text in code(doc) if re.fullmatch(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*|[\w.-]+\.(?:yml|md)", text)}
    missing = [path for path in named if not (ROOT / path).exists() and not path.startswith(MADE)]
    assert missing == []


@every_doc
def test_every_variable_exists(doc: Path) -> None:
    known = {*FUNCTIONS, *LAPTOP, "DEPLOY_BUCKET_DOMAIN"}
    named = set(re.findall(r"\b(?:WATERMARK|DEPLOY|OPS)_[A-Z_]*[A-Z]\b", doc.read_text(encoding="utf-8")))
    assert named <= known


@every_doc
def test_every_link_leads_somewhere(doc: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", doc.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        if path.startswith("https://"):
            continue
        file = doc.parent / path if path else doc
        assert file.exists(), target
        assert not anchor or anchor in anchors(file.read_text(encoding="utf-8")), target


@every_doc
def test_lines_fit_a_screen(doc: Path) -> None:
    written = re.sub(r"<!-- (\w+): made by .*?<!-- end of \1 -->", "", doc.read_text(encoding="utf-8"), flags=re.S)
    # An address and a row of a table cannot be broken.
    lines = [line for line in written.splitlines() if not re.match(r"\[\w+\]: https:|\|", line)]
    assert [line for line in lines if columns(line) > LONGEST_LINE] == []


def columns(line: str) -> int:
    """How wide a line is on a screen, where a Chinese character takes two columns."""
    return len(line) + sum(unicodedata.east_asian_width(character) in "WF" for character in line)


def column(heading: str, head: str, number: int = 0) -> set[str]:
    """What is set as code in a column of the table under a heading that begins with that word."""
    section = OPERATIONS.read_text(encoding="utf-8").partition(f"\n{heading}\n")[2].partition("\n## ")[0]
    rows = f"\n{section}".partition(f"\n| {head} |")[2].partition("\n\n")[0].splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.strip("|").split("|")[number])}


def test_every_outcome_and_reason_has_something_to_do() -> None:
    heading = "## What to do about a line"
    assert column(heading, "`outcome`") == {kind.value for kind in Kind}
    assert column(heading, "`outcome`", 1) == {reason.value for reason in Reason}


def test_every_error_has_something_to_do() -> None:
    # The others of the tree are only there to be caught by.
    bases = {"Watermark", "Cloud"}
    logged = {name.removesuffix("Error") for name in vars(errors) if name.endswith("Error")} - bases
    assert column("## What to do about a line", "`error`") == logged


def test_every_kind_of_line_is_explained() -> None:
    deployed = [path for folder in ("functions", "shared") for path in (ROOT / folder).rglob("*.py")]
    sources = "".join(path.read_text(encoding="utf-8") for path in deployed)
    written = re.findall(r"(?:log\.write|_tell)\(\s*\"(\w+)\"", sources)
    assert column("## The log", "`event`") == set(written)


def test_every_line_without_an_error_that_somebody_must_look_at_has_something_to_do() -> None:
    deployed = [path for folder in ("functions", "shared") for path in (ROOT / folder).rglob("*.py")]
    sources = "".join(path.read_text(encoding="utf-8") for path in deployed)
    written = re.findall(r"log\.write\(\s*\"(\w+)\",\s*log\.Level\.ERROR", sources)
    assert column("## What to do about a line", "`event`") == set(written)


def test_every_check_of_the_doctor_that_is_named_exists() -> None:
    checks = {check.name for group in examination.GROUPS for check in group.checks}
    assert set(re.findall(r"✗ `([^`]+)`", OPERATIONS.read_text(encoding="utf-8"))) <= checks


@pytest.mark.parametrize(("event", "tally"), [("sweep_done", sweep.Tally), ("poll_done", poll.Tally)])
def test_every_number_of_a_tick_is_explained(event: str, tally: type[Any]) -> None:
    text = OPERATIONS.read_text(encoding="utf-8").partition(f"Of `{event}`:\n\n")[2].partition("\n\n")[0]
    explained = re.findall(r"^\| `(\w+)` \|", text, re.M)
    assert explained == [field.name for field in dataclasses.fields(tally)]
