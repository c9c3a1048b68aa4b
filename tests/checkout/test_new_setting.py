"""CONTRIBUTING.md's list of the places that a new setting touches: a test speaks for each, and no other is needed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT
from tests.checkout.copies import copy_checkout

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once

#: Where it goes, and what it is.
BEFORE = "    scheme: Scheme = Field("
SETTING = "    walked: Annotated[int, Field(ge=1, le=9)] = Field(5{description})\n"
#: Other tests that hold documents to the code: none of them speaks, so the list need not name what they are about.
SILENT = ("tests/test_docs.py", "tests/test_translations.py", "tests/test_translations_behind.py")
OPTIONS = ("-p", "no:xdist", "--tb=no", "-rf", "-k", "not README.md and not demo.md")
#: What `make readme` does, without the parts for which it plays the demo.
RENEW = "from ops.readme import REFERENCE, renewed; REFERENCE.write_text(renewed(REFERENCE), encoding='utf-8')"
DESCRIBED = ', description="A number from 1 to 9."'


def places() -> dict[str, str]:
    """Of each place in the list: the test that speaks when it is forgotten, where there is one."""
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("### A new setting\n")[2]
    rows = re.findall(r"^\| `([^`]+)`[^|]* \|[^|]*\| `(tests/[^`]+)` \|$", section.partition("\n### ")[0], re.MULTILINE)
    return dict(rows)


def run(copy: Path, *arguments: str) -> str:
    """What a Python program of the copy prints."""
    # What is compiled is kept from run to run, unlike in `make test`.
    environment = {"PATH": os.environ["PATH"], "HYPOTHESIS_PROFILE": "few"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - nothing from outside
    return done.stdout + done.stderr


def speaking(copy: Path) -> set[str]:
    """The tests that fail there, by file."""
    said = run(copy, "-m", "pytest", *OPTIONS, *SILENT, *places().values())
    assert re.search(r"^\d+ (passed|failed)", said, re.MULTILINE), said
    return set(re.findall(r"^FAILED (tests/[\w/]+\.py)::", said, re.MULTILINE))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_each_place_speaks_when_it_is_forgotten_and_all_are_silent_once_the_list_was_followed(tmp_path: Path) -> None:
    copy = copy_checkout(tmp_path / "copy")
    settings, bare = copy / "shared" / "settings.py", SETTING.format(description="")
    change(settings, BEFORE, bare + BEFORE)

    assert set(places()) == {"shared/settings.py", ".env.example", "docs/reference.md"}
    assert speaking(copy) == set(places().values())

    change(settings, bare, SETTING.format(description=DESCRIBED))
    with (copy / ".env.example").open("a", encoding="utf-8") as example:
        example.write("# WATERMARK_WALKED=5\n")
    assert run(copy, "-c", RENEW) == ""
    assert speaking(copy) == set()
