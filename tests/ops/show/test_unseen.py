"""What `show` says where something may not be seen, of the log, and of wrong use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from ops.policies import operator_policy
from tests.ops.logs.conftest import RULE
from tests.ops.show.shows import DEPLOYMENT, run, said, upload
from tests.world import BUCKET, REGION

if TYPE_CHECKING:
    from faketencent.cam import Policy
    from faketencent.cls import Topic
    from tests.ops.at_work import AtWork

#: Says the same on every Python.
pytestmark = pytest.mark.once


def log_of(stand: AtWork) -> Topic:
    """A log topic that `.env` names."""
    backend = stand.world.cloud.cls.backend
    backend.open()
    topic = backend.create_topic(backend.create_logset("cos-watermark", REGION), "cos-watermark")
    backend.set_index(topic, active=True, rule=RULE)
    stand.configure(DEPLOY_TOPIC_ID=topic.id)
    return topic


def test_with_a_topic_what_the_functions_said_of_it_is_shown(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    topic, now = log_of(stand), stand.world.cloud.clock.now()
    for key, outcome in (("a.mp4", "submitted"), ("b.mp4", "skipped"), ("a.mp4", "written")):
        said_of = {"event": "submit", "outcome": outcome, "bucket": BUCKET, "key": key, "message": "x\x1b[2J"}
        fields = {"SCF_FunctionName": "cos-watermark-submit", "SCF_Type": "Custom", "SCF_StatusCode": "202"}
        stand.world.cloud.cls.backend.write(
            topic.id, {**fields, "SCF_Message": json.dumps(said_of), "level": "INFO", **said_of}, now
        )
    stand.world.cloud.advance(60)

    data = said(stand, "a.mp4")

    lines = [line for line in data.splitlines() if line.startswith("log ")]
    assert lines == [
        "log       2026-01-01 00:00:00Z submit submitted x [2J",
        "log       2026-01-01 00:00:00Z submit written x [2J",
    ]
    told = json.loads(run(stand, "a.mp4", "--json")[1])
    assert [line["fields"]["outcome"] for line in told["log"]] == ["submitted", "written"]


def test_a_log_that_may_not_be_searched_is_said_in_its_place(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    log_of(stand)
    stand.become(operator_policy(DEPLOYMENT))

    code, data, _ = run(stand, "a.mp4")

    assert code == 3
    assert "log       could not be read: " in data
    assert "next      Nothing: it has its result" in data


def without(action: str) -> Policy:
    policy = operator_policy(DEPLOYMENT)
    denied = {"effect": "deny", "action": [action], "resource": ["*"]}
    return {**policy, "statement": [*policy["statement"], denied]}


@pytest.mark.parametrize(
    ("action", "part", "shown"),
    [
        ("ci:DescribeMediaJob", "job ", "record "),
        ("cos:HeadObject", "object ", "record "),
        ("cos:GetBucket", "ledger ", "result "),
        ("cos:GetObject", "ledger ", "result "),
    ],
)
def test_what_may_not_be_seen_is_said_in_its_place_and_the_rest_is_shown(
    stand: AtWork, action: str, part: str, shown: str
) -> None:
    upload(stand, "a.mp4", "Hello_1")
    stand.become(without(action))

    code, data, talk = run(stand, "a.mp4")

    assert (code, talk) == (3, "")
    (line,) = [line for line in data.splitlines() if "could not be read: " in line]
    assert line.startswith(part)
    assert f"The right {action} is missing" in line
    assert any(row.startswith(shown) for row in data.splitlines())
    told = json.loads(run(stand, "a.mp4", "--json")[1])
    assert [*told["unseen"]] == [{"job ": "jobs"}.get(part, part.strip())]


def test_it_can_do_with_the_rights_of_an_operator(stand: AtWork) -> None:
    upload(stand, "a.mp4", "Hello_1")
    stand.become(operator_policy(DEPLOYMENT))
    assert "next      Nothing: it has its result" in said(stand, "a.mp4")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["", "--bucket", BUCKET], "an object without a key"),
        (["a.mp4", "--bucket", "other-1250000000"], "none of the video buckets"),
        (["cos://other-1250000000/a.mp4"], "none of the video buckets"),
        (["\udcff.mp4"], "keys are UTF-8"),
    ],
)
def test_wrong_use_is_said_in_a_line(stand: AtWork, arguments: list[str], message: str) -> None:
    code, data, talk = run(stand, *arguments)

    assert (code, data) == (2, "")
    assert message in talk
    assert len(talk.splitlines()) == 1
    assert stand.world.cloud.operations() == []


def test_without_a_file_or_a_key_pair_nothing_is_shown(stand: AtWork) -> None:
    with patch("tests.ops.account.Operator.key", {}):
        assert run(stand, "a.mp4")[0] == 2
    (stand.operator.folder / ".env").unlink()
    assert run(stand, "a.mp4")[0] == 2
