"""`logs` as somebody uses it: what it takes, what it says, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from faketencent.faults import Fault
from ops import waiting
from ops.configuration.env_file import EnvFile
from ops.policies import Deployment, operator_policy
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ops.logs.conftest import Log

#: Says the same on every Python.
pytestmark = pytest.mark.once


def messages(log: Log, *arguments: str) -> list[object]:
    return [line["fields"]["message"] for line in log.found(*arguments)]


def test_the_last_hour_is_shown_the_newest_last(log: Log) -> None:
    for minutes in (61, 5, 59, 0):
        log.write(log.now - 60 * minutes, message=str(minutes))

    assert messages(log) == ["59", "5", "0"]
    assert messages(log, "--since", "2h", "--until", "10m") == ["61", "59"]
    assert messages(log, "--utc", "--since", "2025-12-31T23:00", "--until", "2026-01-01") == ["59", "5"]


def test_the_newest_are_shown_where_there_are_more(log: Log) -> None:
    for number in range(4):
        log.write(log.now - 10 + number, message=str(number))

    code, output = log.run("--limit", "2", "--utc")

    assert (code, output.splitlines()) == (
        0,
        [
            "2025-12-31 23:59:52Z INFO    submit   2",
            "2025-12-31 23:59:53Z INFO    submit   3",
            "only the newest 2 are shown: --limit 20 shows more, --until earlier ones",
        ],
    )
    assert messages(log, "--limit", "4") == ["0", "1", "2", "3"]
    assert log.run("--limit", "4", "--json")[1].count("\n") == 4


def test_no_limit_is_advised_that_would_be_refused(log: Log) -> None:
    for number in range(4):
        log.write(log.now - 10 + number, message=str(number))

    with patch("ops.logs.command._LARGEST", 3):
        assert log.run("--limit", "2")[1].splitlines()[-1] == (
            "only the newest 2 are shown: --limit 3 shows more, --until earlier ones"
        )
        assert log.run("--limit", "3")[1].splitlines()[-1] == "only the newest 3 are shown: --until shows earlier ones"


def test_that_nothing_is_found_is_said(log: Log) -> None:
    code, output = log.run("--utc")

    assert (code, output.partition(":00Z: ")[0]) == (0, "no such line since 2025-12-31 23:00")
    assert "--since 7d" in output
    assert log.run("--quiet") == (0, "")


def test_a_clock_that_is_behind_misses_no_line(log: Log) -> None:
    log.write(log.now + 200, message="ahead")

    assert messages(log) == ["ahead"]


def test_a_key_and_a_level_go_together(log: Log) -> None:
    for key in ("a.mp4", "b.mp4"):
        for level in ("INFO", "ERROR"):
            log.write(level=level, key=key, message=f"{key} {level}")

    assert messages(log, "--about", "a.mp4", "--level", "error") == ["a.mp4 ERROR"]
    assert log.cloud.operations() == ["SearchLog"]


def follows(log: Log, *happenings: Callable[[], object]) -> tuple[int, str]:
    """Follow until all of this has happened, then press Ctrl-C."""
    left = iter(happenings)

    def pause(seconds: float) -> None:
        log.cloud.clock.sleep(seconds)
        try:
            next(left)()
        except StopIteration:
            raise KeyboardInterrupt from None

    with patch.object(waiting, "pause", pause):
        return log.run("--follow", "--utc")


def test_following_shows_what_comes_and_ends_with_ctrl_c_without_a_word(log: Log) -> None:
    log.write(message="1")

    code, output = follows(log, lambda: log.write(message="2"), lambda: None)

    assert (code, output.splitlines()) == (
        130,
        ["2026-01-01 00:00:00Z INFO    submit   1", "2026-01-01 00:00:05Z INFO    submit   2"],
    )


def test_following_says_once_that_it_goes_on(log: Log) -> None:
    log.cloud.faults.on("SearchLog", Fault.RESET, times=3)

    code, output = follows(log, *[lambda: None] * 5)

    assert (code, output.count("\n")) == (130, 1)
    assert output.endswith("the call is repeated every 5 s, and no line is lost\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--follow", "--until", "1h"),
        ("--follow", "--limit", "5"),
        ("--since", "soon"),
        ("--since", "1h", "--until", "2h"),
        ("--since", "999999w"),
        ("--about", ""),
        ("--about", "x" * 2000),
        ("--level", "LOUD"),
        ("--limit", "0"),
        ("--topic", "x"),
        ("--topic", "../../x"),
    ],
    ids=lambda arguments: " ".join(arguments)[:20],
)
def test_wrong_use_is_said_before_anything_is_asked(log: Log, arguments: tuple[str, ...]) -> None:
    code, output = log.run(*arguments)

    assert (code, log.cloud.operations()) == (2, [])
    assert output


def test_where_scf_has_no_topic_or_several_somebody_has_to_say_which(log: Log) -> None:
    log.operator.configure()
    backend = log.cloud.cls.backend
    code, output = log.run()
    assert (code, "SCF has no log topic in ap-beijing: give --topic" in output) == (2, True)

    topics = [backend.function_topic(REGION)]
    assert log.run("--quiet") == (0, "")
    topics.append(backend.create_topic(backend.create_logset("SCF_logset_2", REGION), "SCF_LogTopic_2"))

    code, output = log.run()
    assert (code, [topic.id in output for topic in topics]) == (2, [True, True])


def test_a_topic_that_somebody_names_is_searched_as_one_that_nobody_knows(log: Log) -> None:
    log.operator.configure()
    log.write(key="a.mp4", message="a")
    log.write(key="b.mp4", message="b")

    assert messages(log, "--about", "a.mp4", "--topic", log.topic.id) == ["a"]


def test_a_topic_that_is_gone_is_named(log: Log) -> None:
    log.cloud.cls.backend.delete_topic(log.topic)

    code, output = log.run()

    assert (code, "DEPLOY_TOPIC_ID" in output) == (3, True)


@pytest.mark.parametrize("own", [True, False])
def test_an_operators_policy_is_enough_and_no_secret_is_needed(log: Log, own: bool) -> None:
    if not own:
        log.topic = log.cloud.cls.backend.function_topic(REGION)
    topic = log.topic.id if own else None
    log.operator.configure(DEPLOY_TOPIC_ID=topic, WATERMARK_SECRET=None)
    assert "WATERMARK_SECRET" not in EnvFile.read(log.operator.folder / ".env").values
    log.write(key="a.mp4", message="a")
    cam = log.cloud.cam
    deployment = Deployment(region=REGION, uin=cam.uin, buckets=(BUCKET,), ledger_bucket=LEDGER, topic=topic)

    log.operator.who = cam.create_user("operator", operator_policy(deployment, logs=True))
    assert messages(log, "--about", "a.mp4") == ["a"]

    log.operator.who = cam.create_user("plain", operator_policy(deployment))
    code, output = log.run()
    assert (code, "./cos-watermark policy" in output) == (3, True)
