"""Waiting entries as operators write them; anything else is reported and left alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.metadata import Sealed
from shared.domain.objects import RUN, ObjectRef
from shared.domain.result import Result, Verdict
from shared.domain.waiting import WaitingEntry, decode, waiting_name
from shared.errors import ClaimError
from tests.shared.samples import VIDEO, any_text, json_values, targets

#: Says the same on every Python.
pytestmark = pytest.mark.once

RAN = "20260101T080000Z-4f2a"
AT = "2026-01-01T08:00:00Z"
NAME = f"waiting/{RAN}/{VIDEO.id}"
ENTRY = {"v": 1, "region": VIDEO.region, "bucket": VIDEO.bucket, "key": VIDEO.key, "again": False, "by": "me", "at": AT}
BARE = {name: ENTRY[name] for name in ("region", "bucket", "key", "at")}


def stored(**changed: Any) -> bytes:  # noqa: ANN401 - any JSON value
    return json.dumps({**ENTRY, **changed}).encode()


def is_refused(name: str, body: bytes) -> bool:
    try:
        decode(name, body)
    except ClaimError:
        return True
    return False


class TestWhatIsRead:
    def test_says_which_object_who_asked_for_it_when_and_whether_to_check_it_again(self) -> None:
        entry = decode(NAME, stored(again=True))

        assert (entry.target, entry.run, entry.again, entry.by) == (VIDEO, RAN, True, "me")
        assert (entry.at, entry.time) == (AT, 1_767_254_400)

    def test_needs_no_more_than_the_object_and_the_time(self) -> None:
        entry = decode(NAME, json.dumps(BARE).encode())

        assert (entry.target, entry.again, entry.by) == (VIDEO, False, "")

    def test_may_say_more_than_is_known_here(self) -> None:
        assert decode(NAME, stored(note="from the audit of May")) == decode(NAME, stored())

    @given(targets, st.from_regex(RUN, fullmatch=True), st.booleans(), st.text(max_size=20))
    def test_is_what_a_command_writes_for_any_key(self, target: ObjectRef, run: str, again: bool, by: str) -> None:
        written = WaitingEntry(region=target.region, bucket=target.bucket, key=target.key, again=again, by=by, at=AT)

        read = decode(waiting_name(run, target), written.model_dump_json().encode())

        assert (read.target, read.run, read.again, read.by) == (target, run, again, by)


class TestWhatIsLeftAlone:
    @pytest.mark.parametrize("name", BARE)
    def test_without_what_it_is_about_it_is_none(self, name: str) -> None:
        body = json.dumps({other: value for other, value in ENTRY.items() if other != name}).encode()

        assert is_refused(NAME, body)

    @pytest.mark.parametrize(
        "changed",
        [
            {"v": 2},
            {"v": "1"},
            {"again": "yes"},
            {"again": 1},
            {"key": ""},
            {"key": 7},
            {"region": ""},
            {"region": "AP-BEIJING"},
            {"region": "ap beijing"},
            {"region": "ap-beijing.example.com/"},
            {"bucket": ""},
            {"bucket": "videos"},
            {"bucket": "example.com/videos-1250000000"},
            {"bucket": "videos-1250000000 "},
            {"at": ""},
            {"at": "2026-01-01"},
            {"at": "2026-01-01T08:00:00"},
            {"at": "2026-01-01T08:00:00+00:00"},
            {"at": "2026-1-1T8:0:0Z"},
            {"at": "2026-02-30T08:00:00Z"},
            {"at": "yesterday"},
            {"at": 1_767_254_400},
        ],
        ids=str,
    )
    def test_what_says_it_in_another_way_is_none(self, changed: dict[str, object]) -> None:
        # With a name that fits, or it would be refused for that.
        said = {**ENTRY, **changed}
        target = ObjectRef(*(str(said[part]) for part in ("region", "bucket", "key")))

        assert is_refused(waiting_name(RAN, target), json.dumps(said).encode())

    @pytest.mark.parametrize(
        "name",
        [
            f"waiting/{RAN}/{'0' * 64}",
            f"waiting/{RAN}/{VIDEO.id}.json",
            f"waiting/{RAN}/{VIDEO.id.upper()}",
            f"waiting/{RAN}/sub/{VIDEO.id}",
            f"waiting/{RAN}x/{VIDEO.id}",
            f"waiting/today/{VIDEO.id}",
            f"waiting/{VIDEO.id}",
            f"waiting/{RAN}/",
            "waiting/",
        ],
    )
    def test_an_entry_under_another_name_is_none(self, name: str) -> None:
        assert is_refused(name, stored())

    @given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
    def test_anything_else_is_none(self, body: bytes) -> None:
        assert is_refused(NAME, body)

    @given(st.sampled_from(sorted(ENTRY)), json_values)
    def test_anything_else_in_one_place_is_none_or_the_same_object(self, place: str, value: Any) -> None:  # noqa: ANN401
        body = stored(**{place: value})

        assert is_refused(NAME, body) or decode(NAME, body).target.id == VIDEO.id

    @given(any_text)
    def test_any_other_name_is_none(self, name: str) -> None:
        assert is_refused(name, stored())
        assert is_refused(f"waiting/{name}/{VIDEO.id}", stored())


def entry(*, again: bool) -> WaitingEntry:
    return decode(NAME, stored(again=again))


def sealed(at: str) -> Sealed:
    return Sealed(Result(Verdict.FOUND, at, "j1", "team-42"), "s1." + "0" * 64)


class TestWhatFulfilsIt:
    @pytest.mark.parametrize("at", ["2025-01-01T00:00:00Z", AT, "2026-01-01T08:00:01Z", ""])
    def test_any_answer_unless_it_is_to_be_checked_again(self, at: str) -> None:
        assert entry(again=False).is_fulfilled_by(sealed(at), written=0)

    @pytest.mark.parametrize(
        ("at", "fulfils"), [("2026-01-01T07:59:59Z", False), (AT, False), ("2026-01-01T08:00:01Z", True)]
    )
    def test_again_only_one_whose_job_ended_after_the_run_began(self, at: str, fulfils: bool) -> None:
        assert entry(again=True).is_fulfilled_by(sealed(at), written=2_000_000_000) is fulfils

    @pytest.mark.parametrize(("written", "fulfils"), [(-1, False), (0, False), (1, True)])
    def test_again_one_with_no_room_to_say_when_if_it_was_written_after_the_run_began(
        self, written: int, fulfils: bool
    ) -> None:
        begun = entry(again=True).time

        assert entry(again=True).is_fulfilled_by(sealed(""), written=begun + written) is fulfils
