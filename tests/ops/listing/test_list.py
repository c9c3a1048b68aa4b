"""`list`: uploads by what came of them, the newest first, from an index that is brought up to date."""

from __future__ import annotations

import csv
import errno
import io
import json
import re
import shlex
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from rich.cells import cell_len

from ops.index.fresh import index_file
from ops.index.index import Index, Row, open_index
from ops.listing.command import list_
from ops.policies import Deployment, operator_policy
from shared.domain.claim import Attempt, Held
from shared.domain.outcome import Reason
from shared.domain.result import Result, Verdict
from tests.asking import ask
from tests.ops.at_work import AtWork, at_work
from tests.ops.ledgers import BEGIN, access_of, claim, keep, record_of, upload_of
from tests.ops.screens import shows
from tests.world import BUCKET, LEDGER, REGION, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

DEPLOYMENT = Deployment(region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER)
SECOND = "films-1250000000"


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[AtWork]:
    with at_work(tmp_path) as stand:
        yield stand


def run(stand: AtWork, *arguments: str) -> tuple[int, str, str]:
    return stand.operator.hear(list_, "--utc", *arguments)


def listed(stand: AtWork, *arguments: str) -> list[list[str]]:
    code, data, talk = run(stand, *arguments)
    assert code == 0, talk
    return [line.split("\t") for line in data.splitlines()]


def keys(stand: AtWork, *arguments: str) -> list[str]:
    return [row[2] for row in listed(stand, *arguments)]


def on_a_terminal(stand: AtWork, *arguments: str, columns: int = 60) -> str:
    stand.operator.columns = columns
    with patch("ops.table.is_terminal", return_value=True), patch("ops.listing.command.is_terminal", return_value=True):
        code, data, talk = run(stand, *arguments)
    assert code == 0, talk
    return data + talk


def keep_one_of_each(stand: AtWork) -> None:
    keep(
        stand.world.cloud,
        record_of("found.mp4", Verdict.FOUND, 10, text="Hello_1"),
        record_of("none.mp4", Verdict.NONE, 20),
        record_of("failed.mp4", Verdict.FAILED, 30, code="InternalError", message="a message"),
        record_of("archived.mp4", Verdict.SKIPPED, 40, reason=Reason.ARCHIVED),
        record_of("replaced.mp4", Verdict.FOUND, 50, text="Old_1", applied=False, reason=Reason.REPLACED),
    )


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


def test_json_is_the_record_one_a_line(stand: AtWork) -> None:
    records = [
        record_of("a\nb\x1b[2J\u2028😀'\".mp4", Verdict.FOUND, 5, text="=x", jobs=("j1", "j2"), unattributed=""),
        record_of("c.mp4", Verdict.SKIPPED, 1, reason=Reason.ARCHIVED),
    ]
    keep(stand.world.cloud, *records)

    _, data, _ = run(stand, "--json")

    expected = [json.loads(record.model_dump_json(exclude_none=True)) for record in records]
    assert [{**json.loads(line)} for line in data.splitlines()] == expected
    assert data.isascii()


def test_csv_has_names_quotes_new_lines_and_has_no_formula(stand: AtWork) -> None:
    formulas = ["=1+1", "+1", "-1", "@a", "\t=1", "＝1"]
    keep(stand.world.cloud, *(record_of(key, Verdict.FOUND, text='a\n"b",水\x1b') for key in formulas))

    _, data, _ = run(stand, "--csv")

    rows = list(csv.DictReader(io.StringIO(data)))
    assert sorted(row["key"] for row in rows) == sorted(f"'{key}" for key in formulas)
    assert {row["text"] for row in rows} == {'a\n"b",水 '}
    assert {(row["applied"], row["size"], row["code"]) for row in rows} == {("true", "1", "")}
    assert data.startswith("upload,region,bucket,key,")


def test_a_negative_looking_number_of_ours_is_no_formula(stand: AtWork) -> None:
    keep(stand.world.cloud, record_of("a.mp4", jobs=("j1", "j2")))
    _, data, _ = run(stand, "--csv")
    assert next(csv.DictReader(io.StringIO(data)))["jobs"] == "j1 j2"


def test_in_a_pipe_each_row_is_one_line_whatever_a_key_holds(stand: AtWork) -> None:
    keep(stand.world.cloud, record_of("a\tb\nc\x1b[2Jd.mp4", Verdict.FOUND, text="[red]x[/]\r"))
    assert listed(stand) == [["2026-01-01 00:00:00Z", "found", "a b c [2Jd.mp4", "[red]x[/] "]]


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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--in-flight", "--failed"], "--in-flight is a list of its own"),
        (["--waiting", "--never"], "--waiting is a list of its own"),
        (["--never", "--not-applied"], "ask for --not-applied by another command"),
        (["--json", "--csv"], "--json or --csv"),
        (["--since", "2026-01-02", "--until", "2026-01-01"], "--since is not before --until"),
        (["--since", "yesterday"], "'yesterday' is no time"),
        (["--after", "5"], "nothing to go on from"),
        (["--after", "2026-01-01T00:00:00Z/x' OR 1"], "nothing to go on from"),
        (["--bucket", "other-1250000000"], "none of the video buckets"),
        (["--prefix", "\udcff"], "another encoding"),
    ],
)
def test_nonsense_is_refused_in_a_line(stand: AtWork, arguments: list[str], said: str) -> None:
    code, data, talk = run(stand, *arguments)

    assert (code, data) == (2, "")
    assert said in talk
    assert len(talk.splitlines()) == 1
    assert stand.world.cloud.operations() == []


def test_an_empty_ledger_is_said_and_no_fault(stand: AtWork) -> None:
    assert run(stand) == (0, "", "Nothing to list\n")
    assert run(stand, "--csv", "-q")[1].startswith("upload,")
    assert run(stand, "--json", "-q") == (0, "", "")


def test_without_a_file_or_a_key_pair_nothing_is_listed(stand: AtWork) -> None:
    with patch("tests.ops.account.Operator.key", {}):
        code, _, talk = run(stand)
        assert (code, "no key pair" in talk) == (2, True)
    (stand.operator.folder / ".env").unlink()
    code, _, talk = run(stand)
    assert (code, "./cos-watermark setup" in talk) == (2, True)


def test_a_right_that_is_missing_is_named(stand: AtWork) -> None:
    policy = operator_policy(DEPLOYMENT)
    policy["statement"] = [one for one in policy["statement"] if "cos:GetBucket" not in one["action"]]
    stand.become(policy)

    code, data, talk = run(stand)

    assert (code, data) == (3, "")
    assert "The right cos:GetBucket is missing" in talk


def test_it_can_do_with_the_rights_of_an_operator(stand: AtWork) -> None:
    keep_one_of_each(stand)
    stand.become(operator_policy(DEPLOYMENT))
    assert len(keys(stand)) == 5
    assert run(stand, "--never")[0] == 0


def test_what_is_not_a_record_is_named_and_left_out(stand: AtWork) -> None:
    stand.world.cloud.cos.backend.put(LEDGER, "results/2026-01-01/x\x1b.json", b"{}")
    keep_one_of_each(stand)

    code, data, talk = run(stand)

    assert (code, len(data.splitlines())) == (0, 5)
    assert talk == "! Not what its name says, and left out: results/2026-01-01/x .json in the ledger\n"
    assert run(stand, "-q")[2] == ""


CHINESE = "家庭录像/2026年/除夕夜的烟花和全家人的笑声_最终版本_第三次修改.mp4"


def test_screen_of_results(stand: AtWork) -> None:
    keep_one_of_each(stand)
    keep(
        stand.world.cloud,
        record_of(CHINESE, Verdict.FOUND, 90, text="水印" * 16),
        record_of("e\u0301moji/😀👍🏽.mp4", Verdict.FOUND, 91, text="x" * 64),
        record_of("\x1b[31m[red]/a\nb.mp4", Verdict.FAILED, 92, code="[bold]Oops"),
    )
    screen = on_a_terminal(stand, "--limit", "7")
    shows("list", re.sub(r"--env-file \S+", "--env-file FILE", screen))
    assert max(map(cell_len, screen.splitlines()[:-1])) <= 60


def test_screen_of_what_is_in_flight(stand: AtWork) -> None:
    refusal = "POST ci videos-1250000000/jobs: 403 AccessDenied the account is in arrears. Pay what it owes"
    claim(
        stand.world.cloud,
        Attempt(upload_of("a.mp4"), 1, BEGIN, job="j" + "0" * 32),
        Attempt(upload_of(CHINESE), 1, BEGIN + 1, held=Held.REFUSED, refusal=refusal),
        Attempt(upload_of("b.mp4"), 1, BEGIN + 2, held=Held.LIMIT),
    )
    shows("list_in_flight", on_a_terminal(stand, "--in-flight"))


def test_on_a_terminal_fifty_rows_are_a_screen(stand: AtWork) -> None:
    keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n) for n in range(52)))

    assert len(on_a_terminal(stand).splitlines()) == 1 + 50 + 1
    assert len(on_a_terminal(stand, "--limit", "0").splitlines()) == 1 + 52


def test_a_long_text_does_not_fill_a_terminal_and_is_whole_elsewhere(stand: AtWork) -> None:
    keep(stand.world.cloud, record_of("a.mp4", Verdict.FOUND, text="y" * 4096))

    assert on_a_terminal(stand).count("y") == 100
    assert listed(stand)[0][3] == "y" * 4096


def test_without_colours_nothing_but_text_is_printed(stand: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_one_of_each(stand)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in on_a_terminal(stand)


def test_thousands_of_rows_go_through_one_by_one(stand: AtWork) -> None:
    keep(stand.world.cloud, record_of("0.mp4"))
    keys(stand)
    with open_index(index_file(access_of(stand.operator))) as index:
        (row,) = index.rows("SELECT * FROM records")
        index.put("records", [{**row, "name": f"results/{n}", "upload": f"{n:064}"} for n in range(5000)])
        index.save()
    taken, most = 0, 0
    rows = Index.rows

    def take(index: Index, sql: str, *values: object) -> Iterator[Row]:
        nonlocal taken, most
        for row in rows(index, sql, *values):
            taken += " AS cursor " in sql
            most = max(most, taken)
            yield row

    def write(_: str) -> None:
        nonlocal taken
        taken -= 1

    # Nobody lists the folder again: the rows that were put in stay.
    with (
        patch.object(Index, "rows", take),
        patch("ops.listing.exports.typer.echo", write),
        patch("ops.index.ledger.synchronise", return_value=BEGIN),
    ):
        assert stand.operator.run(list_, "--json", "-q")[0] == 0
    assert (taken, most) == (0, 1)


def test_a_reader_that_goes_away_is_no_fault(stand: AtWork) -> None:
    keep(stand.world.cloud, *(record_of(f"{n}.mp4", at=n) for n in range(3)))
    closed = BrokenPipeError(errno.EPIPE, "Broken pipe")
    with patch("ops.listing.exports.typer.echo", side_effect=closed):
        assert stand.operator.run(list_, "--json") == (1, "")
