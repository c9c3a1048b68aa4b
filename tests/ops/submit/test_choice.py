"""Which objects `submit` asks for: by where they are named, what they are, and what is known of them."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from faketencent.ci import Progression
from faketencent.cos.storage import Tier
from faketencent.cos.store import Cause
from ops.submit.command import submit
from shared.domain.result import stamp
from tests.ops.operating import Desk, operating
from tests.ops.submit.asked import asked, entries, fail, jobs, journals, unseen, work_off
from tests.world import BUCKET, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.cos.objects import StoredObject

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("short_way")]

ODD = [
    "假期/视频.mp4",
    "😀.mp4",
    "a'\"$`\\.mp4",
    "-first.mp4",
    "a\nb.mp4",
    " a  b .mp4",
    "a+b.mp4",
    "a%2Bb.mp4",
    "a//b/./c.mp4",
]
CUSTOMER = "x-cos-server-side-encryption-customer"
KEY = b"k" * 32
SSE_C = {
    f"{CUSTOMER}-algorithm": "AES256",
    f"{CUSTOMER}-key": base64.b64encode(KEY).decode(),
    f"{CUSTOMER}-key-md5": base64.b64encode(hashlib.md5(KEY, usedforsecurity=False).digest()).decode(),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with operating(tmp_path, EXCLUDE="private/**", MAX_SIZE="1MB") as desk:
        yield desk


def heard(desk: Desk, *arguments: str) -> tuple[int, list[dict[str, object]]]:
    """The exit code and what is said as data."""
    code, data, _ = desk.hear(submit, "--yes", "--json", *arguments)
    return code, [json.loads(line) for line in data.splitlines()]


def left_out(desk: Desk, *arguments: str) -> dict[str, int]:
    """What a dry run leaves out, by reason."""
    _, said = heard(desk, "--dry-run", *arguments)
    found = said[-1]["left_out"]
    assert isinstance(found, dict)
    return found


def restored(desk: Desk, archived: StoredObject) -> None:
    """Somebody restores the object, and no event tells of it."""
    desk.cloud.cos.backend.restore(archived, Tier.EXPEDITED, 7, Cause("Post"))
    unseen(desk)
    desk.cloud.clock.sleep(3600)


class TestKeys:
    @pytest.mark.parametrize("key", ODD)
    def test_any_key_is_taken_as_it_is(self, desk: Desk, key: str) -> None:
        desk.store(key, "other.mp4")

        code, said = heard(desk, "--", key)

        assert (code, asked(desk)) == (0, [key])
        assert (said[-1]["objects"], said[-1]["v"]) == (1, 1)

    def test_a_key_can_be_written_with_its_bucket(self, desk: Desk) -> None:
        desk.store("a/b.mp4")
        assert heard(desk, f"cos://{BUCKET}/a/b.mp4")[0] == 0
        assert asked(desk) == ["a/b.mp4"]

    def test_a_key_that_is_named_twice_is_asked_for_once(self, desk: Desk) -> None:
        desk.store("a.mp4")
        code, said = heard(desk, "a.mp4", "a.mp4", f"cos://{BUCKET}/a.mp4")
        assert (code, said[-1]["objects"], asked(desk)) == (0, 1, ["a.mp4"])

    @pytest.mark.parametrize("key", ["none.mp4", "k" * 900 + ".mp4", "k" * 4092 + ".mp4"])
    def test_one_that_is_not_there_is_refused_and_the_others_are_asked_for(self, desk: Desk, key: str) -> None:
        desk.store("a.mp4")

        code, said = heard(desk, "a.mp4", key)

        assert (code, asked(desk)) == (1, ["a.mp4"])
        assert {"v": 1, "bucket": BUCKET, "key": key, "left_out": "gone"} in said

    def test_what_is_no_video_by_its_name_is_refused_without_a_look(self, desk: Desk) -> None:
        desk.calls()
        code, _ = heard(desk, "a.txt", "folder/", "private/a.mp4")
        assert (code, asked(desk)) == (1, [])
        assert "HeadObject" not in desk.calls()

    def test_of_very_many_refused_the_first_are_named(self, desk: Desk) -> None:
        code, _, talk = desk.hear(submit, "--yes", *(f"{number:03}.mp4" for number in range(25)))
        assert code == 1
        assert talk.count(": no such object") == 20
        assert "! and 5 more; --json has all of them" in talk


class TestWhatObjectsAre:
    def test_what_cannot_be_checked_is_left_out_with_its_reason(self, desk: Desk) -> None:
        store = desk.cloud.cos.backend
        desk.store("a.mp4", "archived.mp4", "private/b.mp4", "notes.txt")
        desk.world.archive("archived.mp4")
        desk.world.upload("secret.mp4", marked_video("x"), SSE_C)
        desk.world.upload("empty.mp4", b"")
        desk.world.upload("large.mp4", bytes(1024**2 + 1))
        desk.world.upload("folder/", b"")
        store.append(BUCKET, "growing.mp4", marked_video("y"))
        store.symlink(BUCKET, "link.mp4", "a.mp4")
        unseen(desk)

        reasons = ("archived", "unreadable", "empty", "too_large", "excluded", "not_a_video", "folder", "appendable")
        assert left_out(desk, "--all") == {**dict.fromkeys(reasons, 1), "symlink": 1}
        assert heard(desk, "--all")[0] == 0
        assert asked(desk) == ["a.mp4"]

    @pytest.mark.parametrize("options", [("--all",), ("secret.mp4",)])
    def test_what_is_encrypted_with_a_customers_key_is_named_so(self, desk: Desk, options: tuple[str, ...]) -> None:
        desk.world.upload("secret.mp4", marked_video("x"), SSE_C)
        unseen(desk)

        for _ in range(2):
            assert left_out(desk, *options) == {"unreadable": 1}

    def test_what_was_restored_is_asked_for(self, desk: Desk) -> None:
        desk.store("a.mp4")
        archived = desk.world.archive("a.mp4")
        assert left_out(desk, "--all") == {"archived": 1}
        restored(desk, archived)

        assert heard(desk, "--all")[0] == 0
        assert asked(desk) == ["a.mp4"]

    def test_an_object_that_is_replaced_meanwhile_is_checked_as_it_is_then(self, desk: Desk) -> None:
        desk.store("a.mp4", text="old")
        heard(desk, "--all")
        desk.store("a.mp4", text="new")

        work_off(desk)

        assert jobs(desk) == ["a.mp4"]
        assert desk.world.answer("a.mp4") == ("found", "new")


class TestFilters:
    def test_all_of_them_narrow(self, desk: Desk) -> None:
        desk.store("a/1.mp4", "a/2.mp4", "b/1.mp4", "a/no/1.mp4")
        heard(
            desk,
            "--prefix",
            "a/",
            "--include",
            "**/1.mp4",
            "--exclude",
            "a/no/**",
            "--min-size",
            "1",
            "--max-size",
            "1MB",
        )
        assert asked(desk) == ["a/1.mp4"]

    def test_sizes_and_times_are_those_of_the_object(self, desk: Desk) -> None:
        desk.store("old.mp4")
        desk.cloud.advance(3 * 3600)
        desk.store("new.mp4")
        size = str(len(marked_video("new.mp4", "new.mp4")))

        assert left_out(desk, "--all", "--min-size", str(int(size) + 1)) == {"filtered": 2}
        heard(desk, "--all", "--newer-than", "2h", "--max-size", size)
        assert asked(desk) == ["new.mp4"]

    def test_the_command_that_deploy_prints_is_about_that_time_alone(self, desk: Desk) -> None:
        # Given an upload before, one at the beginning, one within, one at the end and one after a gap
        moments = []
        for name in ("before", "first", "within", "last", "after"):
            desk.store(f"{name}.mp4")
            moments.append(desk.cloud.clock.now())
            desk.cloud.advance(60)
        first, last = (stamp(int(moments[index])) for index in (1, 3))

        assert heard(desk, "--all", "--newer-than", first, "--older-than", last)[0] == 0
        assert asked(desk) == ["first.mp4", "last.mp4", "within.mp4"]

    def test_the_first_so_many_are_taken_and_the_rest_the_next_time(self, desk: Desk) -> None:
        desk.store(*(f"{number}.mp4" for number in range(5)))
        code, said = heard(desk, "--all", "--limit", "2")
        assert (code, said[-1]["left_out"], asked(desk)) == (0, {"limit": 3}, ["0.mp4", "1.mp4"])
        heard(desk, "--all", "--limit", "2")
        assert asked(desk) == ["0.mp4", "1.mp4", "2.mp4", "3.mp4"]


class TestWhatIsKnown:
    def test_what_has_an_answer_is_left_out_unless_it_is_asked_for_again(self, desk: Desk) -> None:
        desk.upload("a.mp4")
        desk.cloud.advance(10)

        assert left_out(desk, "--all") == left_out(desk, "a.mp4") == {"answered": 1}
        assert heard(desk, "a.mp4")[0] == 0
        assert heard(desk, "a.mp4", "--again")[0] == 0
        assert [(entry.key, entry.again) for entry in entries(desk)] == [("a.mp4", True)]
        # And what waits so already is not asked for twice
        assert left_out(desk, "a.mp4", "--again") == {"waiting": 1}
        work_off(desk)
        assert jobs(desk) == ["a.mp4"] * 2

    def test_what_is_being_worked_on_is_left_out(self, desk: Desk) -> None:
        desk.cloud.ci.backend.progression = Progression.MANUAL
        desk.upload("a.mp4")
        assert left_out(desk, "--all", "--again") == left_out(desk, "a.mp4") == {"in_flight": 1}
        assert heard(desk, "a.mp4")[0] == 0

    def test_what_waits_is_left_out_but_not_if_it_would_do_nothing(self, desk: Desk) -> None:
        # Given an object that waits for its first check, and has it meanwhile by an event
        desk.store("a.mp4")
        heard(desk, "--all")
        assert left_out(desk, "--all") == left_out(desk, "--all", "--again") == {"waiting": 1}
        desk.cloud.advance(10)
        desk.upload("a.mp4")
        desk.cloud.advance(10)

        # Then the entry, which is no `--again`, does not stand in the way of one that is
        heard(desk, "--all", "--again")
        assert sorted(entry.again for entry in entries(desk)) == [False, True]
        work_off(desk)
        assert jobs(desk) == ["a.mp4"] * 2

    def test_failures_are_asked_for_again_but_not_what_was_answered_since(self, desk: Desk) -> None:
        fail(desk, "a/1.mp4", "a/2.mp4", "b/1.mp4", "gone.mp4")
        desk.cloud.cos.backend.delete(BUCKET, "gone.mp4")
        desk.cloud.advance(10)
        desk.upload("a/2.mp4", "fine.mp4")

        code, _ = heard(desk, "--failed", "--prefix", "a/")
        assert (code, asked(desk)) == (0, ["a/1.mp4"])
        code, said = heard(desk, "--failed")
        assert (code, said[-1]["left_out"]) == (0, {"gone": 1, "waiting": 1})
        assert asked(desk) == ["a/1.mp4", "b/1.mp4"]
        assert all(entry.again for entry in entries(desk))

    def test_never_leaves_out_what_has_a_record_and_all_does_not(self, desk: Desk) -> None:
        # Given one that was skipped, for it was archived then, one that is answered, and one that nobody saw
        desk.world.upload("skipped.mp4", marked_video("x"))
        archived = desk.world.archive("skipped.mp4")
        desk.cloud.settle()
        assert desk.world.record("skipped.mp4").reason
        restored(desk, archived)
        desk.upload("done.mp4")
        desk.store("a/new.mp4", "b/new.mp4")

        assert left_out(desk, "--never") == {"answered": 1, "recorded": 1}
        heard(desk, "--never", "--prefix", "a/")
        assert asked(desk) == ["a/new.mp4"]
        heard(desk, "--all")
        assert asked(desk) == ["a/new.mp4", "b/new.mp4", "skipped.mp4"]


@pytest.mark.parametrize("options", [("--all",), ("--never",), ("--failed",), ("--prefix", "x")])
def test_an_empty_bucket_and_an_empty_ledger_have_nothing_to_submit(desk: Desk, options: tuple[str, ...]) -> None:
    assert heard(desk, *options) == (0, [{"v": 1, "run": None, "objects": 0, "bytes": 0, "left_out": {}}])
    assert desk.run(submit, *options)[0] == 0
    assert journals(desk) == []
