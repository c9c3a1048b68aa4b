"""The sets of requirements: each holds the one before it, and has what its part of the code imports, and no more."""

from __future__ import annotations

import ast
import json
import re
import sys
from functools import cache
from importlib.metadata import distributions
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT
from ops.install import locks
from tests.checkout.measure import SETS, packages, pins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.once

#: The folders of ours that may import what a set has; those of a larger set may import the smaller set's folders.
IMPORTERS = {"deploy": ("functions", "shared", "docs/samples"), "run": ("ops", "faketencent")}
#: What only the tests ask of the fakes.
ONLY_TESTS = {("faketencent/tls.py", "trustme")}
OURS = {"functions", "shared", "ops", "faketencent", "docs", "tests"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(folder: str, files: str = "*.py") -> Iterator[tuple[str, str]]:
    """Every import of the folder's modules that is neither ours nor Python's: file, name of the top package."""
    for path in (ROOT / folder).rglob(files):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for top in {name.partition(".")[0] for name in names} - OURS - sys.stdlib_module_names:
                yield str(path.relative_to(ROOT)), top


@cache
def providers() -> dict[str, set[str]]:
    """The packages that each module comes from, as they are installed here."""
    found: dict[str, set[str]] = {}
    for package in distributions():
        for top in {path.parts[0] for path in package.files or ()}:
            found.setdefault(top.removesuffix(".py"), set()).add(normal(package.metadata["Name"]))
    return found


def asked_for(name: str) -> set[str]:
    text = (locks.REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8")
    return {normal(line) for line in text.splitlines() if re.match("[a-z]", line)}


@pytest.mark.parametrize(("smaller", "larger"), list(pairwise(("deploy", *SETS))))
def test_a_set_holds_the_one_before_it_at_the_same_versions_and_hashes(smaller: str, larger: str) -> None:
    inner, outer = pins(smaller), pins(larger)

    assert [str(pin) for pin in inner if inner[pin] != outer.get(pin)] == []
    assert len(inner) < len(outer)


@pytest.mark.parametrize("name", IMPORTERS)
def test_nothing_is_imported_that_the_set_has_not(name: str) -> None:
    there = {normal(pin.name) for pin in pins(name)}

    missing = [use for folder in IMPORTERS[name] for use in imported(folder) if not providers()[use[1]] & there]
    missing = [use for use in missing if use not in ONLY_TESTS]

    assert missing == []


def test_nothing_is_in_the_sets_that_nobody_imports() -> None:
    used = {name for folders in IMPORTERS.values() for folder in folders for _, name in imported(folder)}

    assert asked_for("deploy") | asked_for("run") <= {package for module in used for package in providers()[module]}


def test_what_installs_needs_nothing_installed() -> None:
    assert list(imported("ops/install")) == []
    assert list(imported("tests", "outlook.py")) == []


@pytest.mark.parametrize("name", SETS)
def test_what_the_first_run_says_was_measured_of_this_lock(name: str) -> None:
    measured = json.loads(locks.SIZES.read_text(encoding="utf-8"))[name]

    assert measured["lock"] == locks.digest(name), "run `python -m tests.checkout.measure`, which `make lock` does"
    assert measured["packages"] == packages(name)


def test_the_lock_command_renews_every_lock() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (renewed,) = re.findall(r"for set in (.*); do", makefile)

    assert set(renewed.split()) == stems("*.in") == stems("*.txt")


def stems(pattern: str) -> set[str]:
    paths: list[Path] = list(locks.REQUIREMENTS.glob(pattern))
    return {path.stem for path in paths}
