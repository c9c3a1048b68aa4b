"""`setup --print`: the same by hand, without an account and without a key."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from faketencent.cam.documents import read_trust
from ops.setup.command import setup
from tests.ops.setup.newcomer import FIRST, set_up

if TYPE_CHECKING:
    from tests.ops.account import Operator

#: Says the same on every Python.
pytestmark = pytest.mark.once


def printed(newcomer: Operator, *arguments: str) -> str:
    code, output = newcomer.run(setup, "--print", *arguments)
    assert code == 0, output
    return output


def lines_of_tccli(output: str) -> list[list[str]]:
    return [shlex.split(line.strip()[2:]) for line in output.splitlines() if line.strip().startswith("$ tccli")]


def test_nothing_is_asked_called_or_written(newcomer: Operator) -> None:
    output = printed(newcomer)

    assert output.startswith("1. Settings. Copy .env.example to .env")
    assert "<region>" in output
    assert newcomer.cloud.operations() == []
    assert not (newcomer.folder / ".env").exists()


def test_it_has_the_names_of_the_deployment_and_not_its_secret(newcomer: Operator) -> None:
    set_up(newcomer, "--name", "second")
    secret = re.findall("[0-9a-f]{64}", (newcomer.folder / ".env").read_text(encoding="utf-8"))[0]

    output = printed(newcomer)

    assert "second-submit" in output
    assert "second-ledger-1250000000, in ap-beijing" in output
    assert "<" not in output
    assert secret not in output


def test_each_line_for_tccli_is_a_call_that_set_up_makes(newcomer: Operator) -> None:
    set_up(newcomer, "--logs")
    made = set(newcomer.cloud.operations())

    lines = lines_of_tccli(printed(newcomer, "--logs"))

    assert {action for _, _, action, *_ in lines} <= made
    for _, _, action, *options in lines:
        if action == "CreateRole":
            document = options[options.index("--PolicyDocument") + 1]
            assert read_trust(document, 6144) == json.loads(document)


def test_the_other_site_has_other_links_and_other_hosts(newcomer: Operator) -> None:
    output = printed(newcomer, *FIRST, "--site", "international")

    assert "console.cloud.tencent.com" not in output
    assert all(line[-1].endswith(".intl.tencentcloudapi.com") for line in lines_of_tccli(output))


@pytest.mark.parametrize("name", ["second.env", "two words.env", "second/.env"])
def test_another_file_is_named_in_its_commands_as_a_shell_takes_it(newcomer: Operator, name: str) -> None:
    file = str(newcomer.folder / name)

    assert f"policy submit --env-file {shlex.quote(file)}`" in printed(newcomer, "--env-file", file)
