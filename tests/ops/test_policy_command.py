"""`cos-watermark policy`: what it prints, and what it says when it cannot."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.policies import Deployment, Queue, callback_policy, deploy_policy, submit_policy
from shared.settings import MqRegion

#: Says the same on every Python.
pytestmark = pytest.mark.once

LEDGER = ["--ledger-bucket", "ledger-1250000000"]
OPTIONS = [*LEDGER, "--bucket", "videos-1250000000", "--region", "ap-beijing", "--uin", "100000000001"]
DEPLOYMENT = Deployment(
    region="ap-beijing", uin="100000000001", buckets=("videos-1250000000",), ledger_bucket="ledger-1250000000"
)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["policy", *arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("subject", "policy"), [("submit", submit_policy), ("callback", callback_policy), ("deploy", deploy_policy)]
)
def test_the_policy_is_printed_as_json(subject: str, policy: object) -> None:
    code, output = run(subject, *OPTIONS)

    assert callable(policy)
    assert (code, json.loads(output)) == (0, policy(DEPLOYMENT))


def test_rights_in_the_ledger_are_given_only_under_its_prefix() -> None:
    code, output = run("submit", *OPTIONS, "--ledger-prefix", "prod/")

    ledger = "qcs::cos:ap-beijing:uid/1250000000:ledger-1250000000/"
    assert code == 0
    assert {
        "effect": "allow",
        "action": ["cos:DeleteObject", "cos:GetBucket", "cos:PutObject"],
        "resource": [f"{ledger}prod/claims/*"],
    } in json.loads(output)["statement"]
    assert f"{ledger}claims/" not in output


def test_without_a_ledger_bucket_there_is_no_policy() -> None:
    code, output = run("submit", *OPTIONS[2:])

    assert code == 2
    assert "'--ledger-bucket'" in output


def test_rights_on_a_queue_are_given_in_queue_mode_only() -> None:
    _, without = run("callback", *OPTIONS)
    _, polling = run("callback", *OPTIONS, "--mq-name", "results", "--mq-region", "bj")

    queue = Queue(region=MqRegion.BEIJING, name="results")
    assert "tdmq" not in without
    assert json.loads(polling) == callback_policy(DEPLOYMENT.model_copy(update={"queue": queue}))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ["submit", *LEDGER, "--bucket", "videos", *OPTIONS[4:]],
            "'--bucket': 'videos' must be <name>-<APPID>, like videos-1250000000",
        ),
        (["submit", *OPTIONS, "--ledger-bucket", "ledger"], "'--ledger-bucket': 'ledger' must be <name>-<APPID>"),
        (["submit", *OPTIONS, "--bucket", "videos-1250000001"], "same APPID"),
        (["submit", *OPTIONS, "--ledger-bucket", "ledger-1250000001"], "same APPID"),
        (["submit", *OPTIONS[:6], "--uin", "me"], "'--uin': 'me' must be"),
        (["submit", *OPTIONS[:6], "--uin", "1250000000"], "uin is the APPID"),
        (["submit", *OPTIONS[:4], "--region", "bj", *OPTIONS[6:]], "'--region': 'bj' must be"),
        (["callback", *OPTIONS, "--mq-name", "results"], "belong together"),
        (["everything", *OPTIONS], "everything"),
    ],
)
def test_a_mistake_is_named(arguments: list[str], complaint: str) -> None:
    code, output = run(*arguments)

    assert code == 2
    assert complaint in " ".join(output.split())


@pytest.mark.parametrize("prefix", ["/", "/x*", "x*/", "x?/", "x"])
def test_no_prefix_widens_the_rights_to_other_ledgers(prefix: str) -> None:
    code, output = run("submit", *OPTIONS, "--ledger-prefix", prefix)

    assert code == 2
    assert "'--ledger-prefix': " in output


@pytest.mark.parametrize("name", ["", "*", "a b*", "results?"])
def test_no_name_widens_the_rights_to_more_than_one_queue(name: str) -> None:
    code, output = run("callback", *OPTIONS, "--mq-name", name, "--mq-region", "bj")

    assert code == 2
    assert "'--mq-name': " in output
