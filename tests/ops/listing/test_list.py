"""`list`: uploads by what came of them, the newest first, from an index that is brought up to date."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from ops.listing.command import list_
from shared.domain.claim import Attempt, Held
from shared.domain.result import Result, Verdict
from tests.asking import ask
from tests.ops.ledgers import BEGIN, claim, keep, record_of, upload_of
from tests.ops.listing.lists import SECOND, keep_one_of_each, keys, listed, run
from tests.world import BUCKET, REGION, marked_video

if TYPE_CHECKING:
    from tests.ops.at_work import AtWork

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_what_the_functions_did_is_listed_the_newest_first(stand: AtWork) -> None:
    stand.world.upload("found.mp4", marked_video("Hello_1"))
    stand.world.cloud.settle()
    stand.world.cloud.advance(60)
    stand.world.upload("none.mp4", marked_video(""))
    stand.world.cloud.settle()

    assert listed(stand) == [
        ["2026-01-01 00:01:00Z", "none", "none.mp4", ""],
        ["2026-01-01 00:00:00Z", "found", "found.mp4", "Hello_1"],
    ]


def test_each_row_says_in_a_few_words_what_came_of_it(stand: AtWork) -> None:
    keep_one_of_each(stand)

    assert [row[1:] for row in listed(stand)] == [
        ["found", "replaced.mp4", "[replaced] Old_1"],
        ["skipped", "archived.mp4", "archived"],
        ["failed", "failed.mp4", "InternalError"],
        ["none", "none.mp4", ""],
        ["found", "found.mp4", "Hello_1"],
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--failed"], ["failed"]),
        (["--found"], ["replaced", "found"]),
        (["--none"], ["none"]),
        (["--skipped"], ["archived"]),
        (["--not-applied"], ["replaced"]),
        (["--failed", "--none"], ["failed", "none"]),
        (["--skipped", "--not-applied"], ["replaced", "archived"]),
        (["--since", "2026-01-01T00:00:30"], ["replaced", "archived", "failed"]),
        (["--until", "2026-01-01T00:00:30"], ["none", "found"]),
        (["--since", "10s"], ["replaced"]),
        (["--since", "2026-01-01T00:00:10Z", "--until", "2026-01-01T00:00:11Z"], ["found"]),
        (["--since", "999999d", "--until", "9999-12-31T23:59:59-12:00", "--none"], ["none"]),
        (["--prefix", "f"], ["failed", "found"]),
        (["--prefix", "f%"], []),
        (["--bucket", BUCKET, "--limit", "1"], ["replaced"]),
        (["--limit", "0"], ["replaced", "archived", "failed", "none", "found"]),
    ],
)
def test_options_narrow_it_and_kinds_of_results_add_up(stand: AtWork, options: list[str], expected: list[str]) -> None:
    keep_one_of_each(stand)
    stand.world.cloud.advance(60)

    assert keys(stand, *options) == [f"{name}.mp4" for name in expected]


def test_nothing_new_in_the_ledger_nothing_is_read(stand: AtWork) -> None:
    keep_one_of_each(stand)
    keys(stand)
    stand.world.cloud.journal.clear()

    assert len(keys(stand)) == 5
    assert stand.world.cloud.operations() == ["GetBucket"] * 3


def test_a_list_that_is_cut_says_the_command_that_goes_on(stand: AtWork) -> None:
    # Several in one second, so that the time alone does not say where it was cut.
    keep(stand.world.cloud, *(record_of(f"水 {n}.mp4", Verdict.FAILED, n // 3) for n in range(8)))
    whole, parts = keys(stand), list[str]()
    arguments = ["--failed", "--prefix", "水 ", "--limit", "3"]

    for _ in range(3):
        code, data, talk = stand.operator.hear(list_, *arguments)
        assert code == 0
        parts += [line.split("\t")[2] for line in data.splitlines()]
        # What comes meanwhile is newer than all that follows.
        keep(stand.world.cloud, record_of(f"水 {talk}.mp4", Verdict.FAILED, 100))
        if talk:
            assert talk.startswith("... and more: ./cos-watermark list --env-file ")
            arguments = shlex.split(talk.partition(" list ")[2])

    assert parts == whole
    assert not talk


def test_going_on_keeps_times_where_they_were(stand: AtWork) -> None:
    keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n) for n in range(3)))

    _, _, talk = run(stand, "--since", "1h", "--json", "--limit", "1", "-q")

    assert " --since 2025-12-31T23:00:00Z --limit 1 --json --utc --after 2026-01-01T00:00:02Z/" in talk


def test_with_several_buckets_each_key_says_its_own(stand: AtWork) -> None:
    stand.configure(DEPLOY_BUCKETS=f"{BUCKET},{SECOND}")
    keep(stand.world.cloud, record_of("a.mp4"), record_of("a.mp4", at=1, bucket=SECOND))

    assert keys(stand) == [f"cos://{SECOND}/a.mp4", f"cos://{BUCKET}/a.mp4"]
    assert keys(stand, "--bucket", SECOND) == [f"cos://{SECOND}/a.mp4"]


def test_claims_say_how_far_they_are(stand: AtWork) -> None:
    found = Result(Verdict.FOUND, "2026-01-01T00:00:00Z", "j9", "Hello_1")
    claim(
        stand.world.cloud,
        Attempt(upload_of("job.mp4"), 1, BEGIN, held=Held.REFUSED, refusal="no"),
        Attempt(upload_of("job.mp4"), 2, BEGIN, job="j1"),
        Attempt(upload_of("limit.mp4"), 1, BEGIN + 1, held=Held.LIMIT),
        Attempt(upload_of("refused.mp4"), 1, BEGIN + 2, held=Held.REFUSED, refusal="arrears"),
        Attempt(upload_of("unwritten.mp4"), 1, BEGIN + 3, job="j9", result=found, problem="no room"),
        Attempt(upload_of("unknown.mp4"), 1, BEGIN + 4),
    )

    assert [row[1:] for row in listed(stand, "--in-flight")] == [
        ["pending", "unknown.mp4", ""],
        ["unwritten", "unwritten.mp4", "no room"],
        ["refused", "refused.mp4", "arrears"],
        ["held", "limit.mp4", "limit"],
        ["submitted", "job.mp4", "j1"],
    ]
    assert keys(stand, "--in-flight", "--since", "2026-01-01T00:00:03Z") == ["unknown.mp4", "unwritten.mp4"]
    _, data, _ = run(stand, "--in-flight", "--json", "--prefix", "refused")
    assert json.loads(data)["refusal"] == "arrears"


def test_what_was_asked_for_says_by_whom(stand: AtWork) -> None:
    ask(stand.world, "a.mp4")
    ask(stand.world, "b.mp4", run="20260101T000000Z-0002", again=True)

    assert [row[1:] for row in listed(stand, "--waiting")] == [
        ["again", "b.mp4", "operator"],
        ["waiting", "a.mp4", "operator"],
    ]
    _, data, talk = run(stand, "--waiting", "--limit", "1", "--json")
    assert json.loads(data) == {
        "v": 1,
        "run": "20260101T000000Z-0002",
        "region": "ap-beijing",
        "bucket": BUCKET,
        "key": "b.mp4",
        "again": True,
        "by": "operator",
        "at": "2026-01-01T00:00:00Z",
    }
    rest = shlex.split(talk.partition(" list ")[2])
    assert json.loads(stand.operator.hear(list_, *rest)[1])["key"] == "a.mp4"


def test_videos_that_nobody_looked_at_are_found_by_one_look_at_each(stand: AtWork) -> None:
    cos = stand.world.cloud.cos.backend
    for key in ("old/a.mp4", "old/b.mp4", "new.mp4", "asked.mp4", "text.txt"):
        cos.put(BUCKET, key, marked_video("", key))
    stand.world.cloud.clock._due.clear()
    ask(stand.world, "asked.mp4")
    stand.world.upload("done.mp4", marked_video("x"))
    stand.world.cloud.settle()
    stand.world.archive("old/b.mp4")

    assert sorted(row[1:] for row in listed(stand, "--never")) == [
        ["never", "new.mp4", ""],
        ["never", "old/a.mp4", ""],
        ["never", "old/b.mp4", "archived"],
    ]
    stand.world.cloud.journal.clear()
    assert sorted(keys(stand, "--never", "--prefix", "old/")) == ["old/a.mp4", "old/b.mp4"]
    assert {*stand.world.cloud.operations()} == {"GetBucket"}


def test_videos_of_a_bucket_that_is_looked_after_no_more_are_not_listed(stand: AtWork) -> None:
    cos = stand.world.cloud.cos.backend
    cos.create_bucket(SECOND, REGION)
    for bucket in (BUCKET, SECOND):
        cos.put(bucket, "a.mp4", marked_video(""))
    stand.world.cloud.clock._due.clear()
    stand.configure(DEPLOY_BUCKETS=f"{BUCKET},{SECOND}")
    assert len(keys(stand, "--never")) == 2

    stand.configure()

    assert keys(stand, "--never") == ["a.mp4"]
