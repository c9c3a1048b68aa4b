"""`doctor` as one runs it: what it prints, and how it ends."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from faketencent.clock import WallClock
from faketencent.cloud import FakeCloud
from faketencent.server import serve
from ops.deploy.command import deploy
from ops.doctor.command import doctor
from ops.doctor.report import show
from tests.ops.account import Operator, an_operator, prepare
from tests.ops.deployment import STRONG_SECRET, env_file
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once

GROUPS = ["deployment", "settings", "key pair", "buckets", "Cloud Infinite", "callbacks", "work", "videos"]


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Operator]:
    """Somebody who has run `setup`, and nothing else."""
    with an_operator(tmp_path) as operator:
        prepare(operator.cloud)
        yield operator


@pytest.fixture
def operator(newcomer: Operator) -> Operator:
    """Somebody who has deployed."""
    code, output = newcomer.run(deploy, "--yes")
    assert code == 0, output
    newcomer.cloud.advance(60)
    return newcomer


def as_json(operator: Operator) -> tuple[int, Any]:
    code, output = operator.run(doctor, "--json")
    return code, json.loads(output)


def test_a_deployment_that_works_is_a_line_a_group_and_ends_with_0(operator: Operator) -> None:
    code, output = operator.run(doctor)

    lines = output.splitlines()
    assert code == 0
    assert [line.partition(":")[0] for line in lines[:-2]] == [f"✓ {group}" for group in GROUPS]
    assert lines[-1].endswith("✓  0 !  0 ✗  0 ?")


def test_on_request_each_finding_is_a_line(operator: Operator) -> None:
    code, output = operator.run(doctor, "--all")

    assert code == 0
    assert f"✓ bucket: {BUCKET} is in {REGION}" in output.splitlines()
    assert "✓ configuration: cos-watermark-submit is as .env and serverless.yml say" in output.splitlines()


def test_where_nothing_is_deployed_the_first_line_says_so_and_the_second_what_to_do(newcomer: Operator) -> None:
    code, output = newcomer.run(doctor)

    assert code == 1
    assert output.splitlines()[:2] == [
        f"✗ functions: not deployed: neither function is in {REGION}",
        "    → Run `./cos-watermark deploy`",
    ]


def test_right_after_a_deployment_all_is_well_but_the_tick(newcomer: Operator) -> None:
    code, output = newcomer.run(deploy, "--yes")

    assert code == 0
    assert "! tick: no tick of the timer has ended yet, but the deployment is new" in output.splitlines()


def test_what_can_be_better_is_said_with_what_to_do_and_ends_with_0(operator: Operator) -> None:
    operator.configure(WATERMARK_MAX_JOBS_PER_DAY=None)
    operator.run(deploy, "--yes")

    code, output = operator.run(doctor)

    lines = output.splitlines()
    (at,) = (number for number, line in enumerate(lines) if line.startswith("! bill: "))
    assert code == 0
    assert lines[at + 1] == "    → Videos above the limit wait for another day, and are not lost"


def test_programs_get_json(operator: Operator) -> None:
    operator.cloud.ci.backend.unbind_bucket(BUCKET)

    code, document = as_json(operator)

    (failed,) = [finding for finding in document["findings"] if finding["verdict"] == "fail"]
    assert code == 1
    assert failed == {
        "group": "Cloud Infinite",
        "name": "media processing",
        "verdict": "fail",
        "message": f"media processing is not on for {BUCKET}",
        "advice": "CI console, the bucket: bind it, then switch media processing on",
    }
    assert document["v"] == 1
    assert document["counts"].keys() == {"pass", "warn", "fail", "unseen"}
    assert document["counts"]["fail"] == 1


def test_somebody_without_rights_is_told_what_was_not_seen_and_ends_with_3(operator: Operator) -> None:
    operator.who = operator.cloud.cam.create_user("guest")

    code, output = operator.run(doctor)

    assert code == 3
    assert output.startswith("? functions: could not be checked: scf GetFunction cos-watermark-submit: ")


def test_a_wrong_key_is_one_finding_and_ends_with_3(operator: Operator) -> None:
    stranger = FakeCloud().cam.create_user("stranger")
    operator.who = stranger

    code, document = as_json(operator)

    wrong = [finding["name"] for finding in document["findings"] if finding["verdict"] != "pass"]
    assert (code, wrong) == (3, ["credentials"])


def test_a_terminal_that_knows_ascii_only_is_shown_ascii(clinic: Clinic) -> None:
    clinic.configure(CALLBACK_URL="no")
    clinic.deploy(lambda inputs: inputs["functions"]["submit"].update(timeout=300))
    clinic.world.cloud.cos.backend.put(LEDGER, "paused", '{"by": "李"}'.encode())
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")

    show(clinic.examine(), Console(file=screen))

    screen.seek(0)
    lines = screen.read().splitlines()
    assert any(line.startswith("ok settings: settings, secret") for line in lines)
    assert "! callback: CI sends no callbacks: results wait for the sweep" in lines
    assert any(line.startswith("FAIL time-out: ") for line in lines)
    assert "! pause: paused by ?" in lines
    assert any(line.startswith("    -> ") for line in lines)
    assert "FAIL configuration: submit: time-out 270 s -> 300 s" in lines


@pytest.mark.parametrize("arguments", [("--all",), ("--json",)])
def test_no_secret_is_ever_shown(operator: Operator, arguments: tuple[str, ...]) -> None:
    operator.configure(WATERMARK_SECRET=STRONG_SECRET[::-1])

    code, output = operator.run(doctor, *arguments)

    assert code == 1
    assert "WATERMARK_SECRET is replaced (not shown)" in output
    assert STRONG_SECRET not in output
    assert STRONG_SECRET[::-1] not in output


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"WATERMARK_SECRET": None}, ".env: WATERMARK_SECRET: is not set"),
        ({"WATERMARK_SECERT": "a"}, ".env: WATERMARK_SECERT is not a setting; is WATERMARK_SECRET meant?"),
        ({"DEPLOY_REGION": "beijing"}, ".env: DEPLOY_REGION: "),
        ({"WATERMARK_EXCLUDE": "a=b/**"}, ".env: WATERMARK_EXCLUDE contains `=` or `;`"),
    ],
)
def test_a_wrong_env_is_a_line_and_ends_with_2(newcomer: Operator, changes: dict[str, str | None], said: str) -> None:
    newcomer.configure(**changes)

    code, output = newcomer.run(doctor)

    assert code == 2
    assert said in output
    assert len(output.splitlines()) == 1
    assert newcomer.cloud.operations() == []


def test_without_an_env_it_is_said_who_writes_it(newcomer: Operator) -> None:
    (newcomer.folder / ".env").unlink()

    code, output = newcomer.run(doctor)

    assert code == 2
    assert "`./cos-watermark setup` writes it" in output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("app: x\ninputs: ]\n", "line 2: "),
        ("", "is empty"),
        ("component: multi-scf\n", "inputs is missing"),
    ],
)
def test_a_wrong_deployment_file_is_a_line_or_two_and_ends_with_2(newcomer: Operator, text: str, said: str) -> None:
    file = newcomer.folder / "serverless.yml"
    file.write_text(text, encoding="utf-8")

    code, output = newcomer.run(doctor, "--serverless-yml", str(file))

    assert code == 2
    assert said in output
    assert len(output.splitlines()) <= 2


def test_without_a_key_pair_there_is_nothing_to_look_with(newcomer: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Operator, "key", property(lambda _: {}))

    code, output = newcomer.run(doctor)

    assert code == 2
    assert "no key pair" in output


def test_over_a_real_network_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given the fake cloud behind a proxy, over plain HTTP, as `faketencent` is served to people
    cloud = FakeCloud(WallClock())
    prepare(cloud)
    env_file(tmp_path, WATERMARK_SCHEME="http")
    with serve(cloud) as server:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        monkeypatch.setenv("NO_PROXY", "localhost")

        code, output = Operator(cloud, tmp_path, cloud.cam.account).run(doctor)

    assert code == 1
    assert output.startswith("✗ functions: not deployed")
    assert "\n✓ buckets: bucket, versions, ledger bucket, lifecycle\n" in output
    assert "could not be checked" not in output
