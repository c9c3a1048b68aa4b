"""One run of `submit`: what it asks, says, changes and leaves; and what ends it early."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ops.cancel.command import cancel
from ops.policies import Deployment, operator_policy
from ops.submit.command import submit
from shared.domain.pause import NAME, Pause, encode
from tests.ops.operating import Desk, operating
from tests.ops.screens import shows
from tests.ops.submit.asked import asked, entries, journals
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

OTHER = "more-1250000000"
DEPLOYMENT = Deployment(region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER)
EMPTY_RUN = "20261125T080000Z-1a2b"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with operating(tmp_path) as desk:
        desk.store("a.mp4", "假期/b.mp4")
        yield desk


class TestWrongUse:
    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("",),
            ("cos://",),
            ("cos://nowhere",),
            (f"cos://{OTHER}/a.mp4",),
            (f"cos://{BUCKET}/",),
            ("a\udcff.mp4",),
            ("a.mp4", "--all"),
            ("--all", "--never"),
            ("--all", "--prefix", "a"),
            ("--keys-from", "list", "--failed"),
            ("--keys-from", "/nowhere"),
            ("--keys-from", ""),
            ("--prefix", ""),
            ("--prefix", "a\udcff"),
            ("--all", "--bucket", ""),
            ("--all", "--bucket", OTHER),
            ("--all", "--min-size", "big"),
            ("--all", "--newer-than", "yesterday"),
            ("--all", "--include", "["),
            ("--all", "--exclude", ""),
            ("--resume", ""),
            ("--resume", "%"),
            ("--resume", EMPTY_RUN),
            ("--resume", EMPTY_RUN, "--all"),
            ("--resume", EMPTY_RUN, "--dry-run"),
            ("--resume", EMPTY_RUN, "--newer-than", "1d"),
        ],
    )
    def test_ends_in_a_line_before_the_cloud_is_asked(self, desk: Desk, arguments: tuple[str, ...]) -> None:
        desk.calls()
        code, data, talk = desk.hear(submit, *arguments)
        assert (code, data, talk.count("\n")) == (2, "", 1)
        assert (desk.calls(), journals(desk)) == ([], [])

    def test_what_is_no_number_is_refused(self, desk: Desk) -> None:
        for value in ("0", "-1", "all"):
            assert desk.run(submit, "--all", "--limit", value)[0] == 2

    @pytest.mark.parametrize("contents", ["", "NO_SUCH_SETTING=1\n"])
    def test_without_a_whole_env_it_says_so(self, desk: Desk, contents: str) -> None:
        (desk.folder / ".env").write_text(contents)
        code, said = desk.run(submit, "--all")
        assert code == 2
        assert ".env" in said

    def test_without_a_key_pair_it_says_so(self, desk: Desk) -> None:
        desk.who = replace(desk.who, secret_id="")
        code, _, said = desk.hear(submit, "--all")
        assert (code, "must both be set" in said) == (2, True)


class TestAsking:
    def test_nothing_is_written_before_somebody_agrees(self, desk: Desk) -> None:
        desk.calls()

        code, data, talk = desk.hear(submit, "--all", answers="n\n")
        assert (code, data, asked(desk), journals(desk)) == (0, "", [], [])
        assert "Submit 2 objects? [y/N]:" in talk
        assert talk.endswith("Nothing was submitted.\n")
        assert "PutObject" not in desk.calls()

        code, data, _ = desk.hear(submit, "--all", answers="y\n")
        assert (code, asked(desk)) == (0, ["a.mp4", "假期/b.mp4"])
        assert data.endswith(": 2 objects asked for\n")

    def test_nobody_there_to_ask_is_wrong_use(self, desk: Desk) -> None:
        code, _, talk = desk.hear(submit, "--all")
        assert (code, asked(desk), journals(desk)) == (2, [], [])
        assert talk.endswith("Use --yes to continue without questions\n")

    def test_a_dry_run_says_what_would_be_done_and_changes_nothing(self, desk: Desk) -> None:
        desk.calls()
        code, data, _ = desk.hear(submit, "--all", "--dry-run")
        assert (code, data) == (0, "a.mp4\n假期/b.mp4\n")
        assert {"PutObject", "DeleteObject"} & set(desk.calls()) == set()
        assert (asked(desk), journals(desk)) == ([], [])
        # And exactly that is done then
        desk.run(submit, "--all", "--yes")
        assert asked(desk) == data.splitlines()

    def test_a_dry_run_that_refuses_something_ends_with_1(self, desk: Desk) -> None:
        assert desk.run(submit, "a.mp4", "none.mp4", "--dry-run")[0] == 1

    def test_quiet_says_nothing_but_the_result(self, desk: Desk) -> None:
        code, data, talk = desk.hear(submit, "--all", "--yes", "-q")
        assert (code, talk) == (0, "")
        assert data.startswith("run 2")

    @pytest.mark.parametrize("options", [("--dry-run",), ("--yes",), ("--yes", "-q")])
    def test_json_is_alone_on_standard_output(self, desk: Desk, options: tuple[str, ...]) -> None:
        _, data, _ = desk.hear(submit, "--json", "a.mp4", "none.mp4", *options)
        said = [json.loads(line) for line in data.splitlines()]
        assert {line["v"] for line in said} == {1}
        assert {"left_out": "gone", "key": "none.mp4", "bucket": BUCKET, "v": 1} in said
        assert (said[-1]["objects"], bool(said[-1]["run"])) == (1, "--dry-run" not in options)


class TestScreens:
    def test_what_would_be_submitted(self, desk: Desk) -> None:
        desk.world.archive("假期/b.mp4")
        desk.upload("done.mp4", "also.mp4")
        desk.store(*(f"{number}.mp4" for number in range(12)))
        desk.write_env(WATERMARK_MAX_JOBS_PER_DAY="5")
        desk.world.sweep()
        _, said = desk.run(submit, "--all", "--dry-run")
        shows("submit_dry_run", said)

    def test_the_question_while_all_is_paused(self, desk: Desk) -> None:
        desk.cloud.cos.backend.put(LEDGER, NAME, encode(Pause("Li Na", "2026-11-25T08:00:00Z", "budget")))
        _, said = desk.run(submit, "--all", answers="n\n")
        shows("submit_question", said)

    def test_a_refused_key(self, desk: Desk) -> None:
        desk.world.sweep()
        _, said = desk.run(submit, "a.mp4", "假期/none.mp4", "notes.txt", answers="n\n")
        shows("submit_refused", said)

    def test_the_end(self, desk: Desk) -> None:
        desk.world.sweep()
        _, said = desk.run(submit, "--all", "--yes")
        (run,) = {entry.run for entry in entries(desk)}
        shows("submit_end", said.replace(run, EMPTY_RUN).replace(f" --env-file {desk.folder}/.env", ""))


class TestRights:
    def test_those_of_an_operator_are_enough(self, desk: Desk) -> None:
        assert desk.run(submit, "--all", "--yes")[0] == 0
        assert desk.run(submit, "a.mp4", "--again", "--yes", "--wait", "--dry-run")[0] == 0
        assert desk.run(cancel, "--all", "--yes")[0] == 0

    @pytest.mark.parametrize("action", ["cos:PutObject", "cos:GetBucket", "cos:HeadObject", "cos:GetObject"])
    def test_one_that_is_missing_is_named(self, desk: Desk, action: str) -> None:
        deny = {"version": "2.0", "statement": [{"effect": "deny", "action": [action], "resource": ["*"]}]}
        desk.who = desk.cloud.cam.create_user("somebody", operator_policy(DEPLOYMENT), deny)
        code, said = desk.run(submit, "--all", "--yes")
        assert code == 3
        assert f"The right {action} is missing" in said
        assert asked(desk) == []

    def test_a_ledger_that_is_not_there_is_named(self, desk: Desk) -> None:
        desk.write_env(WATERMARK_LEDGER_BUCKET="nowhere-1250000000")
        code, said = desk.run(submit, "--all", "--yes")
        assert code == 3
        assert "nowhere-1250000000" in said
