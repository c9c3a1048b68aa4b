"""Several buckets, files of keys, and what an estimate says."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING
from unittest.mock import patch
from urllib.parse import quote, quote_plus

import pytest

from faketencent.faults import Fault
from ops.policies import Deployment, operator_policy
from ops.submit.command import submit
from tests.ops.operating import Desk, operating
from tests.ops.submit.asked import asked, entries, journals
from tests.ops.submit.test_keys_file import row
from tests.world import BUCKET, LEDGER, REGION, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

OTHER = "more-1250000000"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with operating(tmp_path, estimate=True) as desk:
        desk.store("a.mp4", "假期/b c+d.mp4")
        yield desk


@pytest.fixture
def two(desk: Desk) -> Desk:
    """With a second video bucket, in which lies another a.mp4."""
    desk.cloud.cos.backend.create_bucket(OTHER, REGION)
    desk.cloud.cos.backend.put(OTHER, "a.mp4", marked_video("other"))
    uin = desk.cloud.cam.uin
    deployment = Deployment(region=REGION, uin=uin, buckets=(BUCKET, OTHER), ledger_bucket=LEDGER)
    desk.who = desk.cloud.cam.create_user("of two", operator_policy(deployment))
    desk.write_env(DEPLOY_BUCKETS=f"{BUCKET},{OTHER}")
    return desk


def places(desk: Desk) -> list[tuple[str, str]]:
    return sorted((entry.bucket, entry.key) for entry in entries(desk))


class TestTwoBuckets:
    def test_a_key_alone_is_not_enough(self, two: Desk) -> None:
        code, said = two.run(submit, "a.mp4", "--yes")
        assert (code, said) == (2, f"which bucket? Say --bucket with one of {BUCKET}, {OTHER}\n")

    def test_a_bucket_can_be_said_with_the_key_or_for_all(self, two: Desk) -> None:
        assert two.run(submit, f"cos://{OTHER}/a.mp4", "--yes")[0] == 0
        assert places(two) == [(OTHER, "a.mp4")]
        assert two.run(submit, "a.mp4", "--bucket", BUCKET, "--yes")[0] == 0
        assert places(two) == [(OTHER, "a.mp4"), (BUCKET, "a.mp4")]

    def test_all_is_in_both_and_named_with_its_bucket(self, two: Desk) -> None:
        code, data, _ = two.hear(submit, "--all", "--dry-run")
        assert (code, data.splitlines()) == (0, [f"cos://{bucket}/{key}" for bucket, key in EACH])
        assert two.hear(submit, "--all", "--bucket", OTHER, "--dry-run")[1] == f"cos://{OTHER}/a.mp4\n"

    def test_a_list_of_keys_alone_is_refused_with_the_line(self, two: Desk) -> None:
        (two.folder / "list").write_text(f"cos://{OTHER}/a.mp4\n\na.mp4\n")
        code, said = two.run(submit, "--keys-from", str(two.folder / "list"), "--yes")
        assert (code, said.startswith("line 3 of the keys: which bucket?")) == (2, True)
        assert (places(two), journals(two)) == ([], [])

    def test_an_inventory_names_buckets_and_one_of_them_can_be_chosen(self, two: Desk) -> None:
        rows = row("1250000000", "videos", "a.mp4", "1") + row("1250000000", OTHER, "a.mp4", "1")
        (two.folder / "inventory.csv").write_bytes(rows)
        file = str(two.folder / "inventory.csv")
        assert two.run(submit, "--keys-from", file, "--yes", "--bucket", OTHER)[0] == 0
        assert places(two) == [(OTHER, "a.mp4")]
        assert two.run(submit, "--keys-from", file, "--yes")[0] == 0
        assert places(two) == [(OTHER, "a.mp4"), (BUCKET, "a.mp4")]


EACH = [(OTHER, "a.mp4"), (BUCKET, "a.mp4"), (BUCKET, "假期/b c+d.mp4")]


class TestFiles:
    @pytest.mark.parametrize("encode", [quote, quote_plus])
    def test_an_inventory_with_versions_asks_once_for_each_object(self, desk: Desk, encode: object) -> None:
        assert callable(encode)
        rows = b"".join(
            row("1250000000", "videos", encode(key), version, "189")
            for key in ("a.mp4", "假期/b c+d.mp4", "notes.txt", "deleted.mp4")
            for version in ("v2", "v1")
        )
        (desk.folder / "inventory.csv.gz").write_bytes(gzip.compress(rows))

        code, data, _ = desk.hear(submit, "--keys-from", str(desk.folder / "inventory.csv.gz"), "--yes", "--json")

        assert (code, asked(desk)) == (1, ["a.mp4", "假期/b c+d.mp4"])
        assert json.loads(data.splitlines()[-1])["left_out"] == {"gone": 1, "not_a_video": 1}

    def test_a_list_that_changes_is_another_run(self, desk: Desk) -> None:
        file = desk.folder / "list"
        file.write_text("a.mp4\n")
        with patch("ops.submit.run.Writing.run", side_effect=KeyboardInterrupt):
            assert desk.run(submit, "--keys-from", str(file), "--yes")[0] == 130
        file.write_text("假期/b c+d.mp4\n")
        assert desk.run(submit, "--keys-from", str(file), "--yes")[0] == 0
        assert asked(desk) == ["假期/b c+d.mp4"]

    def test_standard_input_is_a_list_too_but_nobody_can_be_asked_then(self, desk: Desk) -> None:
        assert desk.run(submit, "--keys-from", "-", "--yes", answers="a.mp4\n")[0] == 0
        assert asked(desk) == ["a.mp4"]
        code, said = desk.run(submit, "--keys-from", "-", answers="假期/b c+d.mp4\ny\n")
        assert (code, "Say --yes" in said, asked(desk)) == (2, True, ["a.mp4"])

    def test_an_empty_list_has_nothing_to_submit(self, desk: Desk) -> None:
        assert desk.run(submit, "--keys-from", "-", "--yes", answers="\n\n")[0] == 0
        assert asked(desk) == []

    @pytest.mark.parametrize("contents", [b"a.mp4\n\xff.mp4\n", gzip.compress(b"a.mp4\n", mtime=0)[:-3]])
    def test_one_that_cannot_be_read_whole_asks_for_nothing(self, desk: Desk, contents: bytes) -> None:
        (desk.folder / "list").write_bytes(contents)
        code, said = desk.run(submit, "--keys-from", str(desk.folder / "list"), "--yes")
        assert (code, said.count("\n"), asked(desk), journals(desk)) == (2, 1, [], [])


class TestEstimate:
    def said(self, desk: Desk, *arguments: str) -> list[str]:
        code, _, talk = desk.hear(submit, "--dry-run", "--estimate", *arguments)
        assert code == 0
        return talk.splitlines()

    def test_of_few_is_exact(self, desk: Desk) -> None:
        said = self.said(desk, "--all")
        assert "asking Cloud Infinite how long 2 of them are: one paid call each" in said
        (line,) = (line for line in said if line.startswith("Price:"))
        assert line.endswith("measured for each")

    def test_of_one_is_exact_too(self, desk: Desk) -> None:
        said = self.said(desk, "a.mp4")
        assert "asking Cloud Infinite how long 1 of them is: one paid call each" in said
        assert next(line for line in said if line.startswith("Price:")).endswith("measured for each")

    def test_says_how_many_did_not_say(self, desk: Desk) -> None:
        desk.store(*(f"{number}.mp4" for number in range(5)))
        desk.cloud.faults.on("GetMediaInfo", Fault.ERROR_500, times=2)
        (line,) = (line for line in self.said(desk, "--all") if line.startswith("Price:"))
        assert "for 5 of 7; 2 without a length" in line

    def test_of_too_few_answers_says_nothing(self, desk: Desk) -> None:
        desk.cloud.faults.on("GetMediaInfo", Fault.TIMEOUT_AFTER, times=None)
        assert "Price:          not known: too few of them have a known length" in self.said(desk, "--all")
        assert desk.cloud.operations().count("GetMediaInfo") == 2

    def test_is_data_too(self, desk: Desk) -> None:
        _, data, _ = desk.hear(submit, "--dry-run", "--estimate", "--all", "--json")
        said = json.loads(data.splitlines()[-1])
        assert (said["measured"], said["minutes_low"] <= said["minutes"] <= said["minutes_high"]) == (2, True)

    def test_takes_a_right_that_is_named(self, desk: Desk) -> None:
        uin = desk.cloud.cam.uin
        deployment = Deployment(region=REGION, uin=uin, buckets=(BUCKET,), ledger_bucket=LEDGER)
        desk.who = desk.cloud.cam.create_user("without", operator_policy(deployment))
        code, said = desk.run(submit, "--all", "--dry-run", "--estimate")
        assert (code, "The right cos:GetObject is missing" in said, journals(desk)) == (3, True, [])
