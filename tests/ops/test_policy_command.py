"""`cos-watermark policy`: what it prints, and what it says when it cannot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from faketencent.faults import Fault
from ops.policies import (
    Deployment,
    Queue,
    callback_policy,
    deploy_policy,
    operator_policy,
    setup_policy,
    submit_policy,
)
from ops.policy import policy
from shared.settings import MqRegion
from tests.ops.account import Operator, an_operator
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

UIN = "100000000001"
DEPLOYMENT = Deployment(region=REGION, uin=UIN, buckets=(BUCKET,), ledger_bucket=LEDGER)
PRINTED: dict[str, Callable[[Deployment], Any]] = {
    "submit": submit_policy,
    "callback": callback_policy,
    "deploy": deploy_policy,
    "operator": operator_policy,
    "setup": setup_policy,
}


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with an_operator(tmp_path) as operator:
        operator.configure(DEPLOY_UIN=UIN)
        yield operator


def printed(operator: Operator, *arguments: str) -> dict[str, Any]:
    code, output = operator.run(policy, *arguments)
    assert code == 0, output
    # What is not for the policy editor goes to standard error, which the runner shows too.
    document: dict[str, Any] = json.loads(output[output.index("{") :])
    return document


@pytest.mark.parametrize("subject", PRINTED)
def test_the_policy_is_printed_as_json_by_the_values_of_env(operator: Operator, subject: str) -> None:
    assert printed(operator, subject) == PRINTED[subject](DEPLOYMENT)


@pytest.mark.parametrize("subject", PRINTED)
def test_cam_takes_it(operator: Operator, subject: str) -> None:
    from faketencent.cam.documents import read_policy  # noqa: PLC0415 - no part of what the package offers

    text = json.dumps(printed(operator, subject), separators=(",", ":"))
    read_policy(text, operator.cloud.cam.document_limit)


def test_a_deployment_with_a_name_of_its_own_has_roles_and_functions_of_its_own(operator: Operator) -> None:
    operator.configure(DEPLOY_UIN=UIN, DEPLOY_NAME="second")

    text = json.dumps(printed(operator, "deploy"))

    assert f"qcs::cam::uin/{UIN}:roleName/second-submit" in text
    assert "namespace/default/function/second-callback" in text
    assert "cos-watermark-" not in text


def test_rights_in_the_ledger_are_given_only_under_its_prefix(operator: Operator) -> None:
    operator.configure(DEPLOY_UIN=UIN, WATERMARK_LEDGER_PREFIX="prod/")

    statements = printed(operator, "submit")["statement"]

    ledger = f"qcs::cos:{REGION}:uid/1250000000:{LEDGER}/"
    assert {
        "effect": "allow",
        "action": ["cos:DeleteObject", "cos:GetBucket", "cos:PutObject"],
        "resource": [f"{ledger}prod/claims/*"],
    } in statements
    assert f"{ledger}claims/" not in json.dumps(statements)


def test_rights_on_a_queue_are_given_in_queue_mode_only(operator: Operator) -> None:
    queue = {"WATERMARK_CALLBACK_TYPE": "TDMQ", "WATERMARK_MQ_REGION": "bj", "WATERMARK_MQ_NAME": "results"}
    assert "tdmq" not in json.dumps(printed(operator, "callback"))

    operator.configure(DEPLOY_UIN=UIN, **queue)
    polled = Queue(region=MqRegion.BEIJING, name="results")
    assert printed(operator, "callback") == callback_policy(DEPLOYMENT.model_copy(update={"queue": polled}))

    operator.configure(DEPLOY_UIN=UIN, WATERMARK_MQ_MODE="Topic", **queue)
    assert "tdmq" not in json.dumps(printed(operator, "callback"))


def test_estimates_and_logs_add_their_rights(operator: Operator) -> None:
    assert printed(operator, "operator", "--estimate") == operator_policy(DEPLOYMENT, estimate=True)
    assert printed(operator, "operator", "--logs") == operator_policy(DEPLOYMENT, logs=True)
    assert printed(operator, "setup", "--logs") == setup_policy(DEPLOYMENT, logs=True)


def test_logs_are_searched_in_the_deployments_own_topic_where_it_has_one(operator: Operator) -> None:
    topic = "a3b039f5-0000-0000-0000-000000000000"
    operator.configure(DEPLOY_UIN=UIN, DEPLOY_TOPIC_ID=topic)

    searching = printed(operator, "operator", "--logs")["statement"][-1]

    assert searching["resource"] == [f"qcs::cls:{REGION}:uin/{UIN}:topic/{topic}"]


def test_that_setup_amounts_to_an_administrator_is_said(operator: Operator) -> None:
    assert "has the power of an administrator" in operator.run(policy, "setup")[1]
    assert "administrator" not in operator.run(policy, "deploy")[1]


def test_the_accounts_number_is_asked_of_the_account_where_env_does_not_say(operator: Operator) -> None:
    assert printed(operator, "deploy") == deploy_policy(DEPLOYMENT)
    assert operator.cloud.operations() == []

    operator.configure()
    assert printed(operator, "deploy") == deploy_policy(DEPLOYMENT)
    assert operator.cloud.operations() == ["GetCallerIdentity"]


def test_an_option_goes_before_env(operator: Operator) -> None:
    assert "uin/100000000002" in json.dumps(printed(operator, "submit", "--uin", "100000000002"))


def test_without_a_number_and_without_an_answer_there_is_one_clear_line(operator: Operator) -> None:
    operator.configure()
    operator.cloud.faults.on("GetCallerIdentity", Fault.RESET)

    code, output = operator.run(policy, "deploy")

    assert code == 2
    assert output.startswith("the account's number is not known: set DEPLOY_UIN or give --uin")
    assert output.count("\n") == 1


def test_without_a_key_too(operator: Operator) -> None:
    operator.configure()
    with patch("ops.configuration.configuration.KEY_PAIRS", (("NO_ID", "NO_KEY", "NO_TOKEN"),)):
        code, output = operator.run(policy, "deploy")

    assert code == 2
    assert "set DEPLOY_UIN" in output


@pytest.mark.parametrize(
    ("changes", "arguments", "complaint"),
    [
        ({"DEPLOY_BUCKETS": "videos"}, ["submit"], ".env: DEPLOY_BUCKETS: must be <name>-<APPID>"),
        ({"DEPLOY_BUCKETS": "videos-1250000001"}, ["submit"], ".env: the buckets must be one account's"),
        ({"DEPLOY_UIN": "1250000000"}, ["submit"], ".env: uin is the APPID"),
        ({"DEPLOY_REGION": None}, ["submit"], ".env: DEPLOY_REGION is not set"),
        ({"WATERMARK_LEDGER_BUCKET": None}, ["submit"], "WATERMARK_LEDGER_BUCKET"),
        ({}, ["submit", "--uin", "me"], "'--uin': 'me' must be"),
        ({}, ["everything"], "everything"),
        ({}, ["deploy", "--logs"], "--logs is for operator and setup"),
        ({}, ["submit", "--estimate"], "--estimate is for operator"),
    ],
)
def test_a_mistake_is_named(
    operator: Operator, changes: dict[str, str | None], arguments: list[str], complaint: str
) -> None:
    operator.configure(**{"DEPLOY_UIN": UIN, **changes})

    code, output = operator.run(policy, *arguments)

    assert code == 2
    assert complaint in " ".join(output.split())


@pytest.mark.parametrize("prefix", ["/", "/x*", "x*/", "x?/", "x"])
def test_no_prefix_widens_the_rights_to_other_ledgers(operator: Operator, prefix: str) -> None:
    operator.configure(DEPLOY_UIN=UIN, WATERMARK_LEDGER_PREFIX=prefix)

    code, output = operator.run(policy, "submit")

    assert (code, "WATERMARK_LEDGER_PREFIX" in output) == (2, True)


@pytest.mark.parametrize("name", ["*", "a b*", "results?"])
def test_no_name_widens_the_rights_to_more_than_one_queue(operator: Operator, name: str) -> None:
    operator.configure(DEPLOY_UIN=UIN, WATERMARK_CALLBACK_TYPE="TDMQ", WATERMARK_MQ_REGION="bj", WATERMARK_MQ_NAME=name)

    code, output = operator.run(policy, "callback")

    assert (code, "WATERMARK_MQ_NAME" in output) == (2, True)
