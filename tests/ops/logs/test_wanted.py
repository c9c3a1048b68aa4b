"""Which lines are found: whatever a key holds, it steers no query, and finds exactly its own lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faketencent.cls import Line
from faketencent.cls.searching import Query
from faketencent.cls.topics import Index
from ops.logs.line import LogLine
from ops.logs.search import lines_about, newest
from ops.logs.wanted import About, Wanted, phrases
from ops.tencent.log_lines import LONGEST_QUERY
from shared.errors import ConfigurationError
from shared.log import Level
from tests.ops.logs.conftest import FUNCTIONS, RULE
from tests.world import BUCKET

if TYPE_CHECKING:
    from tests.ops.logs.conftest import Log

#: Says the same on every Python.
pytestmark = pytest.mark.once

UPLOAD = "0f" * 32
KEYS = (
    "uploads/a.mp4",
    'a" OR SCF_FunctionName:"other',
    "a AND b OR NOT c (d).mp4",
    "生日/海边 1.mp4",
    "back\\slash\\",
    "*",
    "a*b/c?.mp4",
    "a|b | select count(*)",
    '"""',
    "🎬.mp4",
    "line\nbreak\tand \x1b[31m",
    "a" * 850,
    "//a//",
)


def keys(log: Log, wanted: Wanted) -> list[object]:
    return [line.fields.get("key") for line in newest(log.place, wanted, 0, log.now + 1)]


def about(text: str) -> Wanted:
    return Wanted(about=About.read(text, (BUCKET,)))


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("indexed", [True, False])
def test_a_key_finds_its_own_lines_and_no_others(log: Log, key: str, indexed: bool) -> None:
    for other in ("other.mp4", f"{key}x", f"x/{key}", key.upper() if key.upper() != key else "y"):
        log.write(bucket=BUCKET, key=other)
    log.write(bucket=BUCKET, key=key)
    log.write(bucket="others-1250000000", key=key)
    log.place = replace(log.place, indexed=indexed)

    assert keys(log, about(key)) == [key, key]
    assert keys(log, about(f"{BUCKET}/{key}")) == keys(log, about(f"cos://{BUCKET}/{key}")) == [key]
    assert [line.fields["bucket"] for line in lines_about(log.place, BUCKET, key, 0, log.now + 1)] == [BUCKET]


@given(st.text(min_size=1, max_size=60))
def test_no_key_breaks_a_query_or_hides_its_line(key: str) -> None:
    fields = {"bucket": BUCKET, "key": key}
    line = Line(1, fields, 0, 0, Index(RULE, active=True, changed_at=0))
    asked = About.read(key, (BUCKET,))

    for query in (asked.query, About.object(BUCKET, key).query):
        assert Query.read(query).finds(line), query
    assert asked.is_met_by(LogLine(0, Level.INFO, "submit", fields))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("uploads/a b.mp4", ["uploads/a b.mp4"]),
        ('a/b"c', ["a/b", "c"]),
        ("a/b*c/d", ["a", "d"]),
        ("a\\b", []),
        (" /a/ ", ["a"]),
        ("a|b?c", ["a", "b", "c"]),
        ("a b\x00 c d", ["a", "c d"]),
        ("a/\udcff/b", ["a", "b"]),
    ],
)
def test_a_phrase_is_of_whole_words_that_mean_nothing_but_themselves(value: str, found: list[str]) -> None:
    assert phrases(value) == found


def test_an_upload_is_found_by_its_id_and_a_job_by_its_own(log: Log) -> None:
    log.write(key="a", correlation=UPLOAD, job="j1")
    log.write(key="b", correlation="1f" * 32, job="j2")

    assert keys(log, about(UPLOAD)) == keys(log, about(UPLOAD.upper())) == ["a"]
    assert keys(log, about("j2")) == ["b"]


@pytest.mark.parametrize("text", ["", "a" * 1001, "中" * 334])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="--about takes a key"):
        About.read(text, (BUCKET,))


def test_the_longest_query_is_one_that_cls_takes() -> None:
    wanted = Wanted(Level.ERROR, About.read(f"cos://{BUCKET}/{'a' * 970}"[:1000], (BUCKET,)))

    assert len(wanted.query(("f" * 60, "g" * 60), indexed=True).encode()) < LONGEST_QUERY


@pytest.mark.parametrize(
    ("level", "found"),
    [
        (Level.INFO, ["i", "w", "e", "print", "warned", "killed"]),
        (Level.WARNING, ["w", "e", "warned", "killed"]),
        (Level.ERROR, ["e", "killed"]),
    ],
)
@pytest.mark.parametrize("indexed", [True, False])
def test_a_level_is_that_and_all_above(log: Log, level: Level, found: list[str], indexed: bool) -> None:
    log.write(message="i")
    log.write(level="WARNING", message="w")
    log.write(level="ERROR", message="e")
    log.put(SCF_Message="print", SCF_Level="INFO")
    log.put(SCF_Message="warned", SCF_Level="WARN" if not indexed else "WARNING")
    log.put(SCF_Message="START RequestId: 1", SCF_Type="Platform", SCF_Level="INFO")
    log.put(SCF_Message="Report RequestId: 1", SCF_Type="Platform", SCF_StatusCode="200")
    log.put(SCF_Message="killed", SCF_Type="Platform", SCF_StatusCode="433")
    log.put(SCF_Message="END RequestId: 1", SCF_Type="Platform", SCF_StatusCode="433")
    log.write(function="somebody-else", level="ERROR", message="theirs")
    log.place = replace(log.place, indexed=indexed)

    lines = newest(log.place, Wanted(level), 0, log.now + 1)

    assert [line.fields["message"] for line in lines] == found


def test_only_lines_that_can_matter_are_asked_for(log: Log) -> None:
    log.put(SCF_Message="Report RequestId: 1", SCF_Type="Platform", SCF_StatusCode="200")
    query = Wanted().query(tuple(FUNCTIONS), indexed=False)

    assert not Query.read(query).finds(log.topic.lines[0])
