"""`cos-watermark policy`: what it prints, and what it says when it cannot."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.policies import Deployment, Queue, callback_policy, deploy_policy, submit_policy
from shared.settings import MqRegion

OPTIONS = ["--bucket", "videos-1250000000", "--region", "ap-beijing", "--uin", "100000000001"]
DEPLOYMENT = Deployment(region="ap-beijing", uin="100000000001", buckets=("videos-1250000000",))


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


def test_claims_apart_get_rights_of_their_own_and_only_under_their_prefix() -> None:
    code, output = run("submit", *OPTIONS, "--claims-bucket", "claims-1250000000", "--claims-prefix", "work/")

    assert code == 0
    assert {
        "effect": "allow",
        "action": ["cos:DeleteObject", "cos:GetBucket", "cos:GetObject", "cos:PutObject"],
        "resource": ["qcs::cos:ap-beijing:uid/1250000000:claims-1250000000/work/*"],
    } in json.loads(output)["statement"]


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
            ["submit", "--bucket", "videos", *OPTIONS[2:]],
            "'--bucket': 'videos' must be <name>-<APPID>, like videos-1250000000",
        ),
        (["submit", *OPTIONS, "--claims-bucket", "claims"], "'--claims-bucket': 'claims' must be <name>-<APPID>"),
        (["submit", *OPTIONS, "--bucket", "videos-1250000001"], "same APPID"),
        (["submit", *OPTIONS, "--claims-bucket", "claims-1250000001"], "same APPID"),
        (["submit", *OPTIONS[:4], "--uin", "me"], "'--uin': 'me' must be"),
        (["submit", *OPTIONS[:4], "--uin", "1250000000"], "uin is the APPID"),
        (["submit", *OPTIONS[:2], "--region", "bj", *OPTIONS[4:]], "'--region': 'bj' must be"),
        (["callback", *OPTIONS, "--mq-name", "results"], "belong together"),
        (["everything", *OPTIONS], "everything"),
    ],
)
def test_a_mistake_is_named(arguments: list[str], complaint: str) -> None:
    code, output = run(*arguments)

    assert code == 2
    assert complaint in " ".join(output.split())


@pytest.mark.parametrize("prefix", ["", "/", "/x*", "x*/", "x?/", "x"])
def test_no_prefix_widens_the_rights_to_more_than_claims(prefix: str) -> None:
    code, output = run("submit", *OPTIONS, "--claims-prefix", prefix)

    assert code == 2
    assert "'--claims-prefix': " in output


@pytest.mark.parametrize("name", ["", "*", "a b*", "results?"])
def test_no_name_widens_the_rights_to_more_than_one_queue(name: str) -> None:
    code, output = run("callback", *OPTIONS, "--mq-name", name, "--mq-region", "bj")

    assert code == 2
    assert "'--mq-name': " in output
