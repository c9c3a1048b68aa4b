"""`.env` as `setup` finds it, asks for it, and writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
import typer

from faketencent.faults import Fault
from ops.configuration.configuration import read_configuration
from ops.configuration.env_file import EnvFile
from ops.setup.command import setup
from tests.ops.setup.newcomer import FIRST, again, agree, set_up, signs, writes
from tests.world import BUCKET, REGION

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ops.account import Operator

#: Says the same on every Python.
pytestmark = pytest.mark.once

UIN = "100000000001"


@pytest.fixture
def file(newcomer: Operator) -> Path:
    return newcomer.folder / ".env"


def values(file: Path) -> dict[str, str]:
    return dict(EnvFile.read(file).values)


def test_a_first_file_is_the_example_filled_in_for_nobody_else_to_read(newcomer: Operator, file: Path) -> None:
    set_up(newcomer)

    text = file.read_text(encoding="utf-8")
    assert text.startswith("# One deployment.")
    assert "# WATERMARK_MIN_AGE=0" in text
    assert file.stat().st_mode & 0o777 == 0o600
    configuration = read_configuration(file, {})
    assert (configuration.laptop.region, configuration.laptop.buckets) == (REGION, (BUCKET,))
    assert (configuration.laptop.uin, configuration.settings.max_jobs_per_day) == (UIN, 100)


def test_what_it_cannot_know_is_asked_for_and_a_wrong_answer_again(newcomer: Operator, file: Path) -> None:
    answers = ["bj", REGION, "videos", f"{BUCKET}, more-1250000000", "", "0", "50", "y"]

    code, output = newcomer.run(setup, answers="".join(f"{line}\n" for line in answers))

    assert "must be a region's full name" in output
    assert "must be <name>-<APPID>" in output
    assert "must be 1 to 9999999" in output
    assert "850.00 USD" in output
    wanted = {
        "DEPLOY_REGION": REGION,
        "DEPLOY_BUCKETS": f"{BUCKET},more-1250000000",
        "WATERMARK_LEDGER_BUCKET": "cos-watermark-ledger-1250000000",
        "WATERMARK_MAX_JOBS_PER_DAY": "50",
    }
    assert wanted.items() <= values(file).items()
    assert code == 1


@pytest.mark.parametrize(
    ("known", "option"),
    [((), "--region"), (("--region", REGION), "--bucket")],
)
def test_with_nobody_to_answer_it_says_which_option_to_give(
    newcomer: Operator, known: tuple[str, ...], option: str
) -> None:
    for arguments in (known, (*known, "--yes")):
        code, output = newcomer.run(setup, *arguments)

        assert code == 2
        assert f"Give it with {option}" in output
        assert writes(newcomer.cloud) == []


def test_ctrl_c_at_a_question_is_no_answer(newcomer: Operator) -> None:
    def press(*_: object, **__: object) -> str:
        # As a prompt ends then.
        end = typer.Abort()
        end.__context__ = KeyboardInterrupt()
        raise end

    with patch("typer.prompt", press):
        assert newcomer.run(setup)[0] == 130


def test_what_the_file_says_is_kept_and_only_the_rest_is_added(newcomer: Operator, file: Path) -> None:
    file.write_text(f"# mine\nWATERMARK_MAX_JOBS_PER_DAY=7\nDEPLOY_REGION='{REGION}'  # here\n", encoding="utf-8")

    agree(newcomer.cloud)
    code, output = newcomer.run(setup, "--bucket", BUCKET, "--yes")

    assert code == 0
    assert signs(output)[".env"] == "~"
    assert "DEPLOY_REGION" not in output
    assert file.read_text(encoding="utf-8").startswith(
        f"# mine\nWATERMARK_MAX_JOBS_PER_DAY=7\nDEPLOY_REGION='{REGION}'  # here\nDEPLOY_BUCKETS="
    )
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_option_replaces_what_the_file_says(newcomer: Operator, file: Path) -> None:
    set_up(newcomer)

    code, output = again(newcomer, "--max-jobs-per-day", "9")

    assert (code, signs(output)[".env"]) == (0, "~")
    assert values(file)["WATERMARK_MAX_JOBS_PER_DAY"] == "9"
    assert "at most 9 jobs a day" in output


def test_a_file_that_others_may_read_is_closed(newcomer: Operator, file: Path) -> None:
    set_up(newcomer)
    file.chmod(0o644)

    assert signs(newcomer.run(setup, "--dry-run")[1])[".env"] == "~"
    again(newcomer)

    assert file.stat().st_mode & 0o777 == 0o600


def test_a_key_pair_in_the_file_stays_there_and_is_not_shown(newcomer: Operator, file: Path) -> None:
    account = newcomer.cloud.cam.account
    pair = f"TENCENTCLOUD_SECRET_ID={account.secret_id}\nTENCENTCLOUD_SECRET_KEY={account.secret_key}\n"
    file.write_text(pair, encoding="utf-8")

    output = set_up(newcomer)

    assert file.read_text(encoding="utf-8").startswith(pair)
    assert account.secret_id not in output


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("DEPLOY_REGION=ap-beijing".encode("utf-16"), ".env is not UTF-8"),
        (b"DEPLOY_NAME=\xff\xfe", ".env is not UTF-8"),
        ("# 视频".encode("gbk"), ".env is not UTF-8"),
        (b"WATERMARK_SECRET abc", ".env, line 1: not of the form NAME=value"),
        (b"DEPLOY_REGION=a\nDEPLOY_REGION=b", ".env, line 2: DEPLOY_REGION is set twice"),
        (b"DEPLOY_SITE=mars", ".env: DEPLOY_SITE: input should be 'china' or 'international'"),
        (b"WATERMARK_SECRET=short", ".env: WATERMARK_SECRET"),
        (
            b"WATERMARK_LEDGR_BUCKET=l-1250000000",
            "WATERMARK_LEDGR_BUCKET is not a setting; is WATERMARK_LEDGER_BUCKET meant?",
        ),
        (b"DEPLOY_UIN=100000000002", ".env: DEPLOY_UIN is 100000000002, and the key pair is of account 100000000001"),
        (b"DEPLOY_BUCKETS=videos-1250000001", ".env: videos-1250000001 is another account's: names of this account's"),
    ],
)
def test_a_wrong_file_is_named_and_left_as_it_is(
    newcomer: Operator, file: Path, content: bytes, complaint: str
) -> None:
    file.write_bytes(content)

    code, output = newcomer.run(
        setup, "--region", REGION, "--yes", *(() if b"BUCKETS" in content else ("--bucket", BUCKET))
    )

    assert code == 2
    assert complaint in output
    assert "abc" not in output
    assert file.read_bytes() == content
    assert writes(newcomer.cloud) == []


def test_a_file_with_a_mark_of_its_encoding_is_read(newcomer: Operator, file: Path) -> None:
    file.write_text(f"DEPLOY_REGION={REGION}\n", encoding="utf-8-sig")
    agree(newcomer.cloud)

    assert newcomer.run(setup, "--bucket", BUCKET, "--yes")[0] == 0
    assert values(file)["DEPLOY_REGION"] == REGION


def test_without_a_key_there_is_one_clear_line(newcomer: Operator) -> None:
    with patch("ops.configuration.configuration.KEY_PAIRS", (("NO_ID", "NO_KEY", "NO_TOKEN"),)):
        code, output = newcomer.run(setup, *FIRST)

    assert (code, output.count("\n")) == (2, 1)
    assert output.startswith("no key pair: set ")


def test_a_key_that_is_not_known_is_told_what_to_do(newcomer: Operator) -> None:
    newcomer.cloud.faults.on("GetCallerIdentity", Fault.RESET)

    code, output = newcomer.run(setup, *FIRST)

    assert (code, output.count("\n")) == (3, 1)
    assert "Check this machine's network and proxy" in output


def test_a_user_of_the_account_is_named(newcomer: Operator) -> None:
    newcomer.who = newcomer.cloud.cam.create_user("admin", newcomer.who.policies[0])

    assert f"account {UIN}, APPID 1250000000, china site, as {newcomer.who.id}" in set_up(newcomer)
