"""The doctor on the way back: whom CI calls, and whether that is our function."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.queues import NotifyConfig, NotifyEvent, Switch
from faketencent.ci.targets import MqMode, MqRegion, MqTarget, UrlTarget
from faketencent.faults import Fault
from ops.doctor import callback
from ops.doctor.finding import Verdict
from tests.ops.clinic import allow

if TYPE_CHECKING:
    from tests.ops.clinic import Clinic, Inputs

#: Says the same on every Python.
pytestmark = pytest.mark.once

WEB_SERVER = "web-server"


def tell(clinic: Clinic, to: UrlTarget | MqTarget) -> None:
    """Have the bucket's queue call back."""
    queues = clinic.world.cloud.ci.backend.queues
    notify = NotifyConfig(Switch.ON, (NotifyEvent.TASK_FINISH,), to=to)
    queues.update({name: replace(queue, notify=notify) for name, queue in queues.items()})


def without_url(inputs: Inputs) -> None:
    inputs["triggers"] = [trigger for trigger in inputs["triggers"] if trigger["type"] != "http"]


def test_our_function_is_recognised(clinic: Clinic) -> None:
    finding = clinic.ask_once(callback.url)

    assert finding.verdict is Verdict.PASS
    assert clinic.world.settings["CALLBACK_URL"] in finding.message


def test_asking_it_leads_to_nothing(clinic: Clinic) -> None:
    lines = len(clinic.world.log)

    clinic.ask_once(callback.url)

    assert clinic.world.cloud.journal[-1].request.method == "GET"
    assert len(clinic.world.log) == lines


@pytest.mark.parametrize("status", [200, 302, 403, 404, 405])
def test_another_web_server_fails_even_if_it_refuses_as_well(clinic: Clinic, status: int) -> None:
    scf = clinic.world.cloud.scf.backend
    scf.create_function(WEB_SERVER, lambda event, context: {"statusCode": status})  # noqa: ARG005 - a handler's signature
    clinic.configure(CALLBACK_URL=scf.function_url(WEB_SERVER))

    finding = clinic.ask_once(callback.url)

    assert finding.verdict is Verdict.FAIL
    assert f"replies {status}" in finding.message


def test_one_that_does_not_answer_fails(clinic: Clinic) -> None:
    clinic.world.cloud.faults.on("InvokeFunctionUrl", Fault.RESET)

    assert clinic.ask_once(callback.url).verdict is Verdict.FAIL


def test_an_address_that_others_can_listen_to_is_pointed_out(clinic: Clinic) -> None:
    clinic.configure(CALLBACK_URL=clinic.world.settings["CALLBACK_URL"].replace("https", "http"))

    assert [finding.verdict for finding in clinic.ask(callback.url)] == [Verdict.WARN, Verdict.PASS]


def test_an_address_too_long_for_older_queues_is_pointed_out(clinic: Clinic) -> None:
    clinic.configure(CALLBACK_URL=clinic.world.settings["CALLBACK_URL"] + "/" + "a" * 100)

    assert [finding.verdict for finding in clinic.ask(callback.url)] == [Verdict.WARN, Verdict.PASS]


def test_no_callback_means_waiting(clinic: Clinic) -> None:
    clinic.configure(CALLBACK_URL="no")

    finding = clinic.ask_once(callback.url)

    assert finding.verdict is Verdict.WARN
    assert "wait for the sweep" in finding.message


def test_a_queue_that_tells_nobody_means_waiting_too(clinic: Clinic) -> None:
    clinic.configure(CALLBACK_URL="queue")

    finding = clinic.ask_once(callback.url)

    assert finding.verdict is Verdict.WARN
    assert "wait for the sweep" in finding.message


def test_a_queue_that_calls_our_function_passes(clinic: Clinic) -> None:
    tell(clinic, UrlTarget(clinic.world.settings["CALLBACK_URL"]))
    clinic.configure(CALLBACK_URL="queue")

    assert clinic.ask_once(callback.url).verdict is Verdict.PASS


def test_a_queue_that_tells_a_message_queue_is_left_open(clinic: Clinic) -> None:
    tell(clinic, MqTarget(MqRegion.BEIJING, MqMode.QUEUE, "results"))
    clinic.configure(CALLBACK_URL="queue")

    assert clinic.ask_once(callback.url).verdict is Verdict.WARN


def test_where_env_says_nothing_the_functions_own_url_is_asked(clinic: Clinic) -> None:
    clinic.configure(CALLBACK_URL=None)

    finding = clinic.ask_once(callback.url)

    assert finding.verdict is Verdict.PASS
    assert clinic.scf.function_url("callback") in finding.message


def test_a_url_that_is_not_deployed_yet_is_left_to_the_triggers(clinic: Clinic) -> None:
    clinic.configure(CALLBACK_URL=None)
    clinic.scf.delete_triggers("callback")

    assert clinic.ask(callback.url) == []


def test_a_deployment_without_a_url_means_waiting(clinic: Clinic) -> None:
    clinic.change_env(CALLBACK_URL=None)
    clinic.deploy(without_url)

    finding = clinic.ask_once(callback.url)

    assert finding.verdict is Verdict.WARN
    assert "wait for the sweep" in finding.message


def test_whoever_may_not_see_the_url_is_told_so(clinic: Clinic) -> None:
    clinic.change_env(CALLBACK_URL=None)
    clinic.use_role(allow("cos:*"))

    assert clinic.ask_once(callback.url).verdict is Verdict.UNSEEN


def test_with_a_message_queue_no_address_is_looked_at(clinic: Clinic) -> None:
    clinic.configure(CALLBACK_TYPE="TDMQ", MQ_REGION="bj", MQ_NAME="results")

    assert clinic.ask(callback.url) == []
