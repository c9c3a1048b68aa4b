"""What GitHub runs is what a person runs: the same make targets and Pythons, with no action that can change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ops.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EVERY_JOB = [job for path in WORKFLOWS for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()]


def read(name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def made(command: str) -> set[str]:
    """The targets of a call of make, without options and variables."""
    filled_in = re.sub(r"\$\{\{.*?\}\}", "value", command)
    program, *words = filled_in.partition(" >>")[0].split()
    assert program == "make", command
    return {word for word in words if not word.startswith("-") and "=" not in word}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit_and_says_its_version(path: Path) -> None:
    used = re.findall(r"uses: *(.*)", path.read_text(encoding="utf-8"))

    assert used
    assert [line for line in used if not re.fullmatch(r"[\w-]+(/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_it_may_only_read(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert workflow["permissions"] == {"contents": "read"}
    assert all("permissions" not in job and job["timeout-minutes"] <= 30 for job in workflow["jobs"].values())


def test_it_runs_what_a_person_runs() -> None:
    commands = [step["run"] for job in EVERY_JOB for step in job["steps"] if "run" in step]

    assert "test" in {target for command in commands for target in made(command)}
    assert {target for command in commands for target in made(command)} <= targets()


def test_each_python_that_is_looked_for_has_a_job() -> None:
    (looked_for,) = re.findall(
        r"^ *for minor in ([\d ]+); do", (ROOT / ".ci/pythons").read_text(encoding="utf-8"), re.M
    )
    (job,) = EVERY_JOB

    assert job["strategy"]["matrix"]["python"] == [f"3.{minor}" for minor in looked_for.split()]


def test_hooks_run_make_and_pin_nothing() -> None:
    (repo,) = read(".pre-commit-config.yaml")["repos"]

    assert repo["repo"] == "local"
    assert {target for hook in repo["hooks"] for target in made(hook["entry"])} == {"lint", "types"}


def test_updates_are_looked_for_where_there_is_something() -> None:
    names = {"uv": "dev.in", "npm": "package.json", "github-actions": ".github/workflows"}

    for update in read(".github/dependabot.yml")["updates"]:
        assert (ROOT / update["directory"].strip("/") / names.pop(update["package-ecosystem"])).exists()
    assert names == {}


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.stem)
def test_what_is_locked_says_how_so_that_an_update_is_locked_in_the_same_way(path: Path) -> None:
    assert (
        path.read_text(encoding="utf-8").splitlines()[1]
        == "#    make lock: uv pip compile --universal --python-version 3.10"
    )
