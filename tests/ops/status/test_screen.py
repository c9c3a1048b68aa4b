"""What the screen says of the facts, and how it looks."""

from __future__ import annotations

import io
import json
import shlex
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.main import get_command

from ops.cli import app
from ops.status.estimate import Estimate
from ops.status.facts import Answered, Facts, Jobs, Oldest
from ops.status.report import as_json, show
from ops.status.screen import Shown, screen
from ops.status.tick import State, Tick
from shared.domain.pause import Pause
from shared.domain.status import Status
from shared.settings import read_settings
from tests.ops.deployment import STRONG_SECRET
from tests.ops.screens import shows

if TYPE_CHECKING:
    from ops.status.screen import Screen

#: Says the same on every Python.
pytestmark = pytest.mark.once

NOW = 1_793_000_000
TICK = Status(
    at="2026-10-26T07:33:00Z",
    code="c",
    settings="s",
    in_flight=0,
    oldest=0,
    held={},
    looked_at=0,
    complete=True,
    waiting=0,
)
WELL = Facts(
    now=NOW,
    ever=Answered(800, 390, 10, 2, 2),
    week=Answered(100, 20),
    in_flight=2,
    oldest=Oldest("videos-1250000000", "new.mp4", 40),
    waiting=0,
    jobs=Jobs(37, 812, by_slots=True, limit=100),
    tick=Tick(State.WELL, TICK, 40),
)
NEW = replace(WELL, ever=Answered(), week=Answered(), in_flight=0, oldest=None, jobs=Jobs(0, 0), tick=Tick(State.NEVER))
ILL = replace(
    WELL,
    week=Answered(failed=3, not_applied=1),
    in_flight=1_234,
    oldest=Oldest("videos-1250000000", "假期/海.mp4", 3 * 86_400),
    stuck=Oldest("videos-1250000000", "假期/海.mp4", 3 * 86_400),
    held={"refused": 7, "limit": 1_200, "unsettled": 1},
    waiting=40_000,
    jobs=Jobs(100, 2_000, by_slots=True, limit=100),
    tick=Tick(State.LATE, TICK, 7_200),
    pause=Pause("ada", "2026-10-26T07:00:00Z", "budget"),
    refusal="400 InvalidArgument: the callback address is wrong",
)
UTC = Shown(utc=True)
WIDTH = 60


def seen(facts: Facts, how: Shown = UTC) -> Screen:
    return screen(facts, estimated(facts), how)


def estimated(facts: Facts, minutes: int = 10, price: str = "0.85") -> Estimate:
    settings = read_settings({"WATERMARK_SECRET": STRONG_SECRET, "WATERMARK_LEDGER_BUCKET": "ledger-1250000000"})
    return Estimate.of(facts.jobs, settings, Decimal(price), minutes)


def row(facts: Facts, label: str) -> str:
    return next(one.text for one in seen(facts).rows if one.label == label)


def commands(facts: Facts, how: Shown = UTC) -> list[str]:
    return [one.command for one in seen(facts, how).to_do]


def printed(facts: Facts, *, terminal: bool, colours: bool = False) -> str:
    file = io.StringIO()
    if terminal:
        system: Literal["standard"] | None = "standard" if colours else None
        console = Console(file=file, width=WIDTH, force_terminal=True, color_system=system, highlight=False)
    else:
        console = Console(file=file, width=WIDTH, highlight=False, soft_wrap=True)
    show(seen(facts), console)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


@pytest.mark.parametrize(("name", "facts"), [("well", WELL), ("new", NEW), ("ill", ILL)])
def test_a_narrow_terminal_shows_all_of_it(name: str, facts: Facts) -> None:
    text = printed(facts, terminal=True)

    assert [line for line in text.splitlines() if cell_len(line) > WIDTH and "./cos-watermark" not in line] == []
    assert len(text.splitlines()) < 50
    shows(f"status-{name}", text)


def test_a_pipe_has_a_line_for_each_row() -> None:
    text = printed(ILL, terminal=False)

    assert "\x1b" not in text
    shows("status-pipe", text)


def test_colours_change_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = printed(ILL, terminal=True, colours=True)
    monkeypatch.setenv("NO_COLOR", "1")

    plain = printed(ILL, terminal=True, colours=True)

    assert "\x1b[1;31m" in coloured
    assert "\x1b[1;31m" not in plain
    assert "\x1b[33m" not in plain


def test_of_nothing_it_says_so() -> None:
    assert [row(NEW, label) for label in ("results", "in flight", "waiting")] == ["nothing"] * 3
    assert row(NEW, "timer") == "no tick has ended yet"
    assert "last 7 days" not in [one.label for one in seen(NEW).rows]


def test_where_all_is_well_there_is_nothing_to_do() -> None:
    assert commands(WELL) == []
    assert printed(WELL, terminal=False).endswith("\nNothing to do.\n")


def test_each_trouble_has_its_command() -> None:
    assert commands(ILL) == [
        "./cos-watermark doctor",
        "./cos-watermark resume",
        "./cos-watermark logs --level ERROR",
        "./cos-watermark show '假期/海.mp4'",
        "./cos-watermark list --failed --since 7d",
        "./cos-watermark list --not-applied --since 7d",
    ]


def test_the_commands_and_their_options_exist() -> None:
    known: Any = get_command(app)
    for typed in [*commands(ILL), *commands(NEW)]:
        name, *arguments = shlex.split(typed)[1:]
        if name in known.commands:
            options = {option for parameter in known.commands[name].params for option in parameter.opts}
            assert {argument for argument in arguments if argument.startswith("--")} <= options, typed
    assert {"deploy", "doctor", "resume"} <= {*known.commands}


def test_commands_name_the_file_of_settings_as_a_shell_takes_it() -> None:
    how = replace(UTC, naming=" --env-file 'my prod.env'")

    assert commands(ILL, how)[0] == "./cos-watermark doctor --env-file 'my prod.env'"
    assert commands(ILL, how)[3] == "./cos-watermark show --env-file 'my prod.env' '假期/海.mp4'"


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("a.mp4", " a.mp4"),
        ("-rf.mp4", " -- -rf.mp4"),
        ("it's $HOME.mp4", """ 'it'"'"'s $HOME.mp4'"""),
        ("a\n\x1b]0;'\\.mp4", r" $'a\x0a\x1b]0;\'\\.mp4'"),
        ("\u202egnp.mp4", r" $'\xe2\x80\xaegnp.mp4'"),
    ],
)
def test_a_key_is_shown_as_a_shell_takes_it(key: str, typed: str) -> None:
    stuck = replace(ILL, stuck=Oldest("videos-1250000000", key, 90_000))

    assert f"./cos-watermark show{typed}" in commands(stuck)


def test_with_several_buckets_the_key_says_in_which() -> None:
    assert "./cos-watermark show 'cos://videos-1250000000/假期/海.mp4'" in commands(ILL, replace(UTC, one_bucket=False))


def test_what_waits_by_the_operators_own_will_is_not_stuck() -> None:
    waits = replace(WELL, oldest=Oldest("videos-1250000000", "a.mp4", 200_000), held={"limit": 2})

    assert row(waits, "in flight") == "2, the oldest 2 days old"
    assert commands(waits) == []


def test_a_status_that_is_rubbish_is_no_tick() -> None:
    rubbish = replace(WELL, tick=Tick(State.UNREADABLE))

    assert row(rubbish, "timer") == "status.json in the ledger was not written by it"
    assert commands(rubbish) == ["./cos-watermark doctor"]


def test_a_tick_that_ran_out_of_time_is_pointed_out() -> None:
    short = replace(WELL, tick=Tick(State.WELL, TICK.model_copy(update={"complete": False}), 20))

    assert row(short, "timer") == "last tick 20 s ago; it had no time for every claim that was due"


def test_without_a_limit_the_first_thing_is_to_set_one() -> None:
    free = replace(WELL, jobs=Jobs(3, 4))

    assert row(free, "jobs") == "3 today and 4 this month, by records and claims; no limit"
    assert row(free, "largest bill").startswith("there is no limit on the cost: set WATERMARK_MAX_JOBS_PER_DAY.")
    assert commands(free) == ["./cos-watermark deploy"]


def test_the_estimate_says_how_it_is_made() -> None:
    estimate = estimated(WELL, minutes=5, price="0.2")

    text = next(one.text for one in screen(WELL, estimate, UTC).rows if one.label == "spending")

    assert text == (
        "about 37.00 USD today, 812.00 USD this month; an estimate: jobs x 5 minutes (--minutes) x 0.20 USD "
        "(OPS_PRICE_PER_MINUTE)"
    )
    assert "a video of 5 minutes costs 1.00 USD, and 100 of them 100.00 USD" in estimate.largest


@pytest.mark.parametrize("text", ["x" * 4096, "\x1b[2J\r\n" * 600, "😀" * 2000, "[bold]</bold>[/]"])
def test_what_others_wrote_neither_fills_nor_steers_the_terminal(text: str) -> None:
    hostile = replace(ILL, pause=Pause(text, text, text), refusal=text)

    for terminal in (True, False):
        shown = printed(hostile, terminal=terminal)
        assert "\x1b[2J" not in shown
        assert len(shown) < 4000
    assert "[bold]</bold>[/]" in printed(replace(ILL, refusal="[bold]</bold>[/]"), terminal=False)


def test_a_pause_that_says_nothing_is_shown_as_one() -> None:
    assert row(replace(WELL, pause=Pause()), "paused") == "by an unknown person: no reason was given"


@pytest.mark.parametrize("facts", [WELL, NEW, ILL])
def test_json_is_one_line_of_ascii_with_a_version(facts: Facts) -> None:
    text = as_json(facts, estimated(facts), seen(facts).to_do)

    assert text.isascii()
    assert "\n" not in text
    said = json.loads(text)
    assert (said["v"], said["in_flight"], said["tick"]["state"]) == (1, facts.in_flight, facts.tick.state.value)
    assert len(said["to_do"]) == len(commands(facts))
