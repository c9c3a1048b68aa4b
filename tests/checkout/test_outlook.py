"""What `make test` says of itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests import outlook as module
from tests.outlook import Outlook, minutes

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once

FOUR = ("3.10", "3.11", "3.12", "3.13")


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def outlook(tmp_path: Path, versions: tuple[str, ...] = FOUR, cores: int = 2) -> Outlook:
    return Outlook(versions, cores, tmp_path / "build" / "test-run.json")


def test_it_says_what_it_will_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".venv" / "3.11").mkdir(parents=True)
    (tmp_path / ".venv" / "3.11" / "ready").touch()

    outlook(tmp_path).plan()

    said = capsys.readouterr().out
    assert "Lint, types, and the tests on Python 3.10, 3.11, 3.12 and 3.13, all at once." in said
    assert "3.10 runs all tests, 3.11, 3.12 and 3.13 those in which a version may matter." in said
    assert "First it installs into .venv/main, .venv/3.12 and .venv/3.13." in said
    assert max(map(len, said.splitlines())) <= 80


def test_with_one_python_and_all_installed_it_says_less(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".venv" / "main").mkdir(parents=True)
    (tmp_path / ".venv" / "main" / "tools").touch()

    outlook(tmp_path, ("3.12",)).plan()

    said = capsys.readouterr().out
    assert said.startswith("Lint, types, and the tests on Python 3.12, all at once.\nThe tests take about ")
    assert "install" not in said


def test_the_next_run_knows_how_long_the_last_one_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter((1000.0, 1341.2))
    monkeypatch.setattr(time, "time", lambda: next(times))

    outlook(tmp_path).begin()
    outlook(tmp_path).end()

    assert capsys.readouterr().out == "Tested on Python 3.10, 3.11, 3.12 and 3.13, in 5 min 41 s.\n"
    assert outlook(tmp_path).duration() == "The tests took 5 min 41 s here the last time"
    for other in (outlook(tmp_path, FOUR[:2]), outlook(tmp_path, cores=4)):
        assert other.duration().startswith("The tests take about ")


def test_a_run_that_failed_says_nothing_of_the_next(tmp_path: Path) -> None:
    outlook(tmp_path).begin()

    assert outlook(tmp_path).duration().startswith("The tests take about ")


@pytest.mark.parametrize("kept", ["{", "[]", "{}", '{"began": "x"}', '{"began": 99999999999.0}'])
def test_what_was_kept_and_makes_no_sense_fails_no_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: str
) -> None:
    run = outlook(tmp_path)
    run.begin()
    run.kept.write_text(kept)

    assert run.duration().startswith("The tests take about ")
    run.end()

    assert capsys.readouterr().out == "Tested on Python 3.10, 3.11, 3.12 and 3.13.\n"


def test_more_cores_help_until_the_longest_part_is_all_that_is_left(tmp_path: Path) -> None:
    seconds = [outlook(tmp_path, cores=cores).estimate() for cores in (1, 2, 4, 64)]

    assert seconds[0] == 2 * seconds[1]
    assert seconds[1] > seconds[2] == seconds[3]
    assert seconds[3] == outlook(tmp_path, FOUR[:1], cores=64).estimate()


def test_more_pythons_take_longer(tmp_path: Path) -> None:
    assert outlook(tmp_path, FOUR).estimate() > outlook(tmp_path, FOUR[:3]).estimate()


@pytest.mark.parametrize(("seconds", "rough", "exact"), [(20, "1 minute", "20 s"), (341.2, "6 minutes", "5 min 41 s")])
def test_times_in_words(seconds: float, rough: str, exact: str) -> None:
    assert minutes(seconds, rough=True) == rough
    assert minutes(seconds) == exact
