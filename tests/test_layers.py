"""The layers of `shared/`: each part imports only from those above it, so that the domain never does I/O."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

SHARED = ROOT / "shared"
#: From the ground up. What lies in `shared/` itself is ground, but for the wiring.
LAYERS = ("ground", "domain", "events", "cloud", "use_cases", "wiring")
WIRING = ("invocation",)
#: The standard library's ways out; the domain has none of them.
INPUT_AND_OUTPUT = {"http", "io", "os", "pathlib", "random", "requests", "secrets", "socket", "subprocess", "time"}


def layer_of(parts: tuple[str, ...]) -> int:
    """The layer of a module, by its dotted name below `shared`."""
    if parts[0] in LAYERS:
        return LAYERS.index(parts[0])
    return LAYERS.index("wiring" if parts[0] in WIRING else "ground")


def imported(module: Path) -> Iterator[tuple[str, ...]]:
    """Every module that it imports, type-checking imports included."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (tuple(name.name.split(".")) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((*node.module.split("."), name.name) for name in node.names)


MODULES = sorted(SHARED.rglob("*.py"))
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SHARED)))


@every_module
def test_a_module_imports_only_from_its_own_layer_and_those_below(module: Path) -> None:
    own = layer_of(module.relative_to(SHARED).with_suffix("").parts)

    ours = [name[1:] for name in imported(module) if name[0] == "shared" and len(name) > 1]

    assert [".".join(name) for name in ours if layer_of(name) > own] == []


@every_module
def test_nothing_that_is_deployed_imports_what_is_not(module: Path) -> None:
    assert {name[0] for name in imported(module)} & {"faketencent", "ops", "tests", "functions"} == set()


@pytest.mark.parametrize("module", sorted((SHARED / "domain").rglob("*.py")), ids=lambda path: path.name)
def test_the_domain_does_no_input_or_output(module: Path) -> None:
    assert {name[0] for name in imported(module)} & INPUT_AND_OUTPUT == set()
