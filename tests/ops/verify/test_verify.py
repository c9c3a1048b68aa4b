"""`verify`: a seal is ours if one of the secrets made it, over these fields and these very bytes."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from rich.console import Console

from faketencent.refusals import BareReply
from ops import parallel
from ops.access import Access
from ops.policies import Deployment, operator_policy
from ops.verify import command
from ops.verify.command import verify
from ops.verify.report import Report
from ops.verify.seal import Checked, Seals, State, Which
from shared.domain.head import Head
from shared.domain.objects import ObjectRef
from shared.domain.result import Result, Verdict
from shared.signing import Secrets
from tests.ops.at_work import AtWork, at_work
from tests.ops.deployment import STRONG_SECRET
from tests.ops.exactness import without
from tests.ops.screens import shows
from tests.ops.troubles import each_call
from tests.world import BUCKET, LEDGER, REGION, marked_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.cos.objects import StoredObject
    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

OTHER_SECRET = "d1c9b2085f8e37469de2f18c8075b3e46f928d01cc57f4e3"
POLICY = operator_policy(Deployment(region=REGION, uin="100000000001", buckets=(BUCKET,), ledger_bucket=LEDGER))
SSE_C = {
    "x-cos-server-side-encryption-customer-algorithm": "AES256",
    "x-cos-server-side-encryption-customer-key": "MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=",
    "x-cos-server-side-encryption-customer-key-MD5": "U5L61r7jcwdNvT7frmUG8g==",
}


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[AtWork]:
    with at_work(tmp_path) as stand:
        yield stand


def upload(stand: AtWork, key: str, text: str = "", salt: str = "") -> None:
    stand.world.upload(key, marked_video(text, salt or key))
    stand.world.cloud.settle()


def fields(stored: StoredObject) -> dict[str, str]:
    return {name: value for name, value in stored.headers.items() if name.startswith("x-cos-meta-")}


def said(stand: AtWork, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    code, data, _ = stand.operator.hear(verify, "--json", *arguments)
    return code, [json.loads(line) for line in data.splitlines()]


def states(stand: AtWork, *arguments: str) -> tuple[int, dict[str, str]]:
    code, lines = said(stand, *arguments)
    return code, {line["key"]: line["state"] for line in lines}


def test_of_a_seal_of_ours_it_says_what_is_sealed(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    upload(stand, "b.mp4")

    code, lines = said(stand, "a.mp4", f"cos://{BUCKET}/b.mp4")

    assert code == 0
    jobs = [job.id for job in stand.world.jobs]
    ours = {"v": 1, "bucket": BUCKET, "state": "ours", "secret": "current", "at": "2026-01-01T00:00:00Z"}
    assert lines == [
        {**ours, "key": "a.mp4", "verdict": "found", "text": "Hello_1", "job": jobs[0]},
        {**ours, "key": "b.mp4", "verdict": "none", "job": jobs[1]},
    ]


def test_a_copy_with_its_fields_is_sealed_too(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    stored = stand.world.get("a.mp4")
    stand.world.upload("copy.mp4", stored.body, fields(stored))

    assert states(stand, "copy.mp4") == (0, {"copy.mp4": "ours"})


def test_one_of_the_previous_secret_is_ours_and_told_apart(stand: AtWork) -> None:
    upload(stand, "old.mp4", "Hello_1")
    stand.world.configure(SECRET=OTHER_SECRET, SECRET_PREVIOUS=STRONG_SECRET)
    upload(stand, "new.mp4", "Hello_2")
    stand.configure()

    code, lines = said(stand, "old.mp4", "new.mp4")
    _, _, talk = stand.operator.hear(verify, "--all")

    assert (code, [line["secret"] for line in lines]) == (0, ["previous", "current"])
    assert talk == "2 ours (1 by the previous secret)\n"


class TestASealThatIsNotOurs:
    def test_over_other_bytes(self, stand: AtWork) -> None:
        upload(stand, "a.mp4", "Hello_1")
        stand.world.upload("b.mp4", marked_video("Hello_2"), fields(stand.world.get("a.mp4")))

        assert states(stand, "b.mp4") == (1, {"b.mp4": "not_ours"})

    @pytest.mark.parametrize("field", ["", "-text", "-at", "-job"])
    def test_over_other_fields(self, stand: AtWork, field: str) -> None:
        upload(stand, "a.mp4", "Hello_1")
        stored = stand.world.get("a.mp4")
        stand.world.upload("a.mp4", stored.body, {**fields(stored), f"x-cos-meta-watermark{field}": "none"})

        assert states(stand, "a.mp4") == (1, {"a.mp4": "not_ours"})

    def test_of_another_secret(self, stand: AtWork) -> None:
        upload(stand, "a.mp4", "Hello_1")
        stand.configure(WATERMARK_SECRET=OTHER_SECRET)

        code, output = stand.operator.run(verify, "a.mp4")

        assert code == 1
        assert "Is WATERMARK_SECRET in .env the one that is deployed?" in output

    @pytest.mark.parametrize("seal", ["s1.", "s1.%00", "x", "s2." + "0" * 64, "%F0%9F%98%80", "s1." + "f" * 64])
    def test_of_any_text(self, stand: AtWork, seal: str) -> None:
        stand.world.upload("a.mp4", marked_video(""), {"x-cos-meta-watermark-seal": seal})

        assert states(stand, "a.mp4") == (1, {"a.mp4": "not_ours"})

    def test_where_coss_checksum_is_missing(self, stand: AtWork) -> None:
        upload(stand, "a.mp4", "Hello_1")
        with patch.dict(os.environ, stand.operator.key):
            access = Access.by(stand.operator.folder / ".env")
            head = access.videos.head(access.target("a.mp4"))
        assert head
        bare = {name: value for name, value in head.headers.items() if name != "x-cos-hash-crc64ecma"}

        seals = Seals(access, Secrets(STRONG_SECRET.encode()))

        assert seals.judge(head).state is State.OURS
        assert seals.judge(Head.read(head.upload.target, bare)).state is State.NOT_OURS

    def test_is_the_only_thing_that_all_complains_about(self, stand: AtWork) -> None:
        upload(stand, "a.mp4", "Hello_1")
        stand.world.upload("bare.mp4", marked_video(""), {"x-cos-meta-watermark": "found"})
        assert states(stand, "--all") == (0, {"a.mp4": "ours", "bare.mp4": "no_seal"})

        stand.world.upload("forged.mp4", marked_video(""), {"x-cos-meta-watermark-seal": "s1.0"})

        assert states(stand, "--all")[0] == 1


def test_a_key_without_a_seal_or_an_object_ends_with_1(stand: AtWork) -> None:
    stand.world.upload("bare.mp4", marked_video(""), {"x-cos-meta-watermark": "found"})

    assert states(stand, "bare.mp4") == (1, {"bare.mp4": "no_seal"})
    assert states(stand, "gone.mp4") == (1, {"gone.mp4": "gone"})


def test_what_only_its_owner_can_look_at_is_told(stand: AtWork) -> None:
    stand.world.upload("closed.mp4", marked_video(""), SSE_C)

    assert states(stand, "closed.mp4") == (3, {"closed.mp4": "unseen"})
    # Nobody checks it ever, so it spoils no round of all.
    assert states(stand, "--all") == (0, {"closed.mp4": "unseen"})


def test_all_are_those_that_may_be_checked(stand: AtWork) -> None:
    for key in ("a.mp4", "folder/", "note.txt", "tmp/b.mp4", "假期/海.mp4"):
        stand.world.upload(key, b"" if key.endswith("/") else marked_video("", key))
    stand.world.configure(EXCLUDE="tmp/**")
    stand.configure()

    assert [*states(stand, "--all")[1]] == ["a.mp4", "假期/海.mp4"]
    assert [*states(stand, "--all", "--prefix", "假期/")[1]] == ["假期/海.mp4"]
    assert [*states(stand, "--all", "--bucket", BUCKET)[1]] == ["a.mp4", "假期/海.mp4"]


def test_all_of_several_buckets(stand: AtWork) -> None:
    stand.world.cloud.cos.backend.create_bucket("more-1250000000", REGION)
    stand.world.cloud.cos.backend.put("more-1250000000", "b.mp4", marked_video(""))
    stand.world.upload("a.mp4", marked_video(""))
    stand.configure(DEPLOY_BUCKETS=f"{BUCKET},more-1250000000")

    assert [*states(stand, "--all")[1]] == ["a.mp4", "b.mp4"]
    assert [*states(stand, "--all", "--bucket", "more-1250000000")[1]] == ["b.mp4"]
    code, output = stand.operator.run(verify, "a.mp4")
    assert (code, output) == (2, f"which bucket? Give --bucket with one of {BUCKET}, more-1250000000\n")


def test_of_nothing_it_says_so(stand: AtWork) -> None:
    assert stand.operator.hear(verify, "--all") == (0, "", "nothing to check\n")


@pytest.mark.parametrize(
    "key", ["假期/海 水.mp4", "-x.mp4", "/a//b/../c.mp4", "😀%2e.mp4", "a\tb\x7f.mp4", "+ &?#.mp4"]
)
def test_any_key(stand: AtWork, key: str) -> None:
    upload(stand, key, "Hello_1")

    assert states(stand, "--", key) == (0, {key: "ours"})
    code, data, _ = stand.operator.hear(verify, "--utc", "--", f"cos://{BUCKET}/{key}")
    shown = key.replace("\t", " ").replace("\x7f", " ")
    assert (code, data) == (0, f"ours\tcurrent\tfound\tHello_1\t2026-01-01 00:00:00Z\t{BUCKET}\t{shown}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "which objects? Give either KEY..., or --all"),
        (("a.mp4", "--all"), "which objects? Give either KEY..., or --all"),
        (("a.mp4", "--prefix", "a"), "--prefix can only be used with --all"),
        (("a.mp4", "--bucket", "other-1250000000"), "other-1250000000 is not one of the video buckets"),
        (("--all", "--bucket", "other-1250000000"), "other-1250000000 is not one of the video buckets"),
        (("cos://other-1250000000/a.mp4",), "other-1250000000 is not one of the video buckets"),
        (("a.mp4", f"cos://{BUCKET}/"), "an object without a key"),
        (("",), "an object without a key"),
        (("\udcff.mp4",), "is not a key: keys are UTF-8"),
    ],
)
def test_wrong_use_asks_the_cloud_nothing(stand: AtWork, arguments: tuple[str, ...], said: str) -> None:
    code, output = stand.operator.run(verify, *arguments)

    assert (code, list(stand.world.cloud.journal)) == (2, [])
    assert said in output


def test_without_the_secret_nothing_can_be_said(stand: AtWork) -> None:
    stand.configure(WATERMARK_SECRET=None)

    code, output = stand.operator.run(verify, "--all")

    assert (code, list(stand.world.cloud.journal)) == (2, [])
    assert output.startswith("seals can be checked only with the secret of the functions: put WATERMARK_SECRET into")


def test_it_takes_no_more_rights_than_an_operator_has(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    stand.become(POLICY)

    assert states(stand, "--all") == (0, {"a.mp4": "ours"})
    assert states(stand, "gone.mp4") == (1, {"gone.mp4": "gone"})


@pytest.mark.parametrize("action", ["cos:GetBucket", "cos:HeadObject"])
def test_without_the_right_it_names_it(stand: AtWork, action: str) -> None:
    upload(stand, "a.mp4", "Hello_1")
    stand.become(without(POLICY, (action, f"qcs::cos:{REGION}:uid/1250000000:{BUCKET}/*")))

    code, output = stand.operator.run(verify, "--all")

    assert code == 3
    assert f"The right {action} is missing" in output


def test_a_bucket_that_is_not_there_is_told(stand: AtWork) -> None:
    stand.configure(DEPLOY_BUCKETS="other-1250000000")

    for arguments in (("--all",), ("a.mp4",)):
        code, output = stand.operator.run(verify, *arguments)
        assert code == 3
        assert "NoSuchBucket" in output


@pytest.mark.parametrize("workers", [1, 4])
def test_ctrl_c_keeps_what_was_said_and_says_what_it_was(stand: AtWork, workers: int) -> None:
    for number in range(12):
        stand.world.upload(f"{number:02}.mp4", marked_video(""))

    def stop(call: Call) -> None:
        if (call.route.operation, call.key) == ("HeadObject", "05.mp4"):
            raise KeyboardInterrupt

    stand.world.cloud.watchers.append(stop)
    with patch.object(parallel, "WORKERS", workers):
        code, data, talk = stand.operator.hear(verify, "--all")

    assert code == 130
    assert [line.rpartition("\t")[2] for line in data.splitlines()] == [f"{number:02}.mp4" for number in range(5)]
    assert talk == "5 without a seal\nstopped; the same command begins again\n"


def test_one_head_an_object(stand: AtWork) -> None:
    for number in range(3):
        stand.world.upload(f"{number}.mp4", marked_video(""))

    stand.operator.run(verify, "--all")
    stand.operator.run(verify, "--all")

    assert stand.world.cloud.operations() == ["GetBucket", *["HeadObject"] * 3] * 2


def test_whatever_happens_to_a_call_nothing_is_said_that_was_not_seen(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    upload(stand, "b.mp4", "Hello_2")

    ended = list(each_call(stand.operator, verify, "--all"))

    assert {code for _, code, _, _ in ended} == {0, 3}
    for trouble, code, operation, output in ended:
        assert (code == 0) == ("2 ours\n" in output), (trouble, operation)
        assert "not_ours" not in output
        assert STRONG_SECRET not in output


def test_an_object_that_is_listed_is_not_said_to_be_gone(stand: AtWork) -> None:
    # Given something in between that answers for COS
    upload(stand, "a.mp4", "Hello_1")
    stand.world.cloud.faults.on("HeadObject", BareReply(404))

    code, output = stand.operator.run(verify, "a.mp4")

    assert (code, output.count("\n")) == (3, 1)
    assert "is listed, and yet not found; run the command again" in output


def test_quiet_leaves_the_answers_alone(stand: AtWork) -> None:
    upload(stand, "a.mp4")

    code, data, talk = stand.operator.hear(verify, "a.mp4", "-q")

    assert (code, data.count("\n"), talk) == (0, 1, "")


def checked() -> Iterator[Checked]:
    found = Result(Verdict.FOUND, "2026-01-01T08:00:00Z", "j1", "水印 [bold]")
    failed = Result(Verdict.FAILED, "2026-01-01T08:00:00Z", "j2", code="DecodeFailed", message="no")
    for name, state, result, secret in (
        ("假期/海.mp4", State.OURS, found, Which.CURRENT),
        ("a long name that does not fit into sixty columns with all the rest.mp4", State.OURS, failed, Which.PREVIOUS),
        ("\x1b[2J\n.mp4", State.NOT_OURS, None, None),
        ("bare.mp4", State.NO_SEAL, None, None),
        ("gone.mp4", State.GONE, None, None),
        ("closed.mp4", State.UNSEEN, None, None),
    ):
        yield Checked(ObjectRef(REGION, BUCKET, name), state, result, secret)


@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_shows_a_line_for_each(monkeypatch: pytest.MonkeyPatch, colour: bool) -> None:
    monkeypatch.setenv("NO_COLOR", "" if colour else "1")
    file = io.StringIO()
    console = Console(file=file, width=60, force_terminal=True, highlight=False)
    report = Report(console, json=False, utc=True, one_bucket=True)

    for one in checked():
        report.add(one)

    assert ("\x1b[32m" in file.getvalue()) == colour
    assert "\x1b[2J" not in file.getvalue()
    if not colour:
        # Bold is no colour.
        text = file.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "")
        shows("verify", f"{text}{report.summary}\n")


def test_the_secret_is_never_printed(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    stand.configure(WATERMARK_SECRET_PREVIOUS=OTHER_SECRET)

    for arguments in (("a.mp4",), ("--all", "--json"), ("--all", "--debug"), ("gone.mp4", "--debug")):
        output = stand.operator.run(verify, *arguments)[1]
        assert STRONG_SECRET not in output
        assert OTHER_SECRET not in output
        assert stand.world.fields("a.mp4")["seal"] not in output


def test_lines_come_as_objects_are_looked_at(stand: AtWork) -> None:
    for number in range(3):
        stand.world.upload(f"{number}.mp4", marked_video(""))
    seen: list[int] = []
    stand.world.cloud.watchers.append(
        lambda call: seen.append(len(lines)) if call.route.operation == "HeadObject" else None
    )
    lines: list[str] = []

    with patch.object(Report, "add", lambda _, one: lines.append(one.target.key)):
        stand.operator.run(command.verify, "--all", "-q")

    assert seen == [0, 1, 2]
