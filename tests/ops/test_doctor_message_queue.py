"""The doctor on the queue or topic that carries callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.tdmq.exceptions import ThrottledError
from ops.doctor import message_queue
from ops.doctor.finding import Verdict
from ops.policies import Deployment, Queue, callback_policy, deploy_policy
from shared.settings import MqRegion
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.policies import Policy
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def polling(clinic: Clinic) -> Clinic:
    clinic.world.cloud.tdmq.backend.create_queue("results", "bj")
    clinic.configure(CALLBACK_TYPE="TDMQ", MQ_REGION="bj", MQ_NAME="results")
    return clinic


def test_without_one_there_is_nothing_to_say(clinic: Clinic) -> None:
    assert clinic.ask(message_queue.message_queue) == []


def test_a_queue_that_is_there_passes_and_keeps_its_messages(polling: Clinic) -> None:
    backend = polling.world.cloud.tdmq.backend
    backend.send("results", "bj", "a callback")
    before = backend.queue("results", "bj").counts()

    assert polling.ask_once(message_queue.message_queue).verdict is Verdict.PASS
    assert backend.queue("results", "bj").counts() == before
    assert backend.receive("results", "bj")[0].dequeue_count == 1


@pytest.mark.parametrize("policy", [callback_policy, deploy_policy])
def test_the_policies_that_we_print_are_enough(polling: Clinic, policy: Callable[[Deployment], Policy]) -> None:
    queue = Queue(region=MqRegion.BEIJING, name="results")
    uin = polling.world.cloud.cam.uin
    deployment = Deployment(region=REGION, uin=uin, buckets=(BUCKET,), ledger_bucket=LEDGER, queue=queue)
    polling.use_role(policy(deployment))

    assert polling.ask_once(message_queue.message_queue).verdict is Verdict.PASS


def test_a_queue_that_is_not_there_fails(polling: Clinic) -> None:
    polling.configure(MQ_NAME="lost")

    finding = polling.ask_once(message_queue.message_queue)

    assert finding.verdict is Verdict.FAIL
    assert "lost" in finding.message


def test_a_queue_that_cannot_be_asked_is_left_open(polling: Clinic) -> None:
    polling.world.cloud.tdmq.backend.refuse_next(ThrottledError, times=2)

    assert polling.ask_once(message_queue.message_queue).verdict is Verdict.UNSEEN


def test_a_topic_is_left_open(polling: Clinic) -> None:
    polling.configure(MQ_MODE="Topic")

    assert polling.ask_once(message_queue.message_queue).verdict is Verdict.WARN
