"""Timers made through the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from faketencent.scf.invocation import Source
from tests.faketencent.api.scf_triggers import listed, timer

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud
    from tests.faketencent.api.scf_client import Scf

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_it_ticks_by_the_clock_on_the_wall(cloud: FakeCloud, submit: Scf) -> None:
    # given two seconds after midnight
    submit.ask("CreateTrigger", **timer("0 */5 * * * * *", CustomArgument="sweep"))

    cloud.advance(600)

    runs = cloud.scf.backend.invocations
    assert [run.event["Time"] for run in runs] == ["2026-01-01T00:05:00Z", "2026-01-01T00:10:00Z"]
    assert (runs[0].event["Message"], runs[0].source) == ("sweep", Source.TIMER)


def test_a_closed_one_does_not(cloud: FakeCloud, submit: Scf) -> None:
    submit.ask("CreateTrigger", **timer(Enable="CLOSE"))
    it = {"Type": "timer", "TriggerName": "tick"}
    assert submit.refused("UpdateTriggerStatus", **it, Enable="CLOSE") == "FailedOperation.UpdateTriggerStatus"
    cloud.advance(600)
    assert cloud.scf.backend.invocations == []

    submit.ask("UpdateTriggerStatus", **it, Enable="OPEN")
    cloud.advance(300)
    assert len(cloud.scf.backend.invocations) == 1

    submit.ask("UpdateTriggerStatus", **it, Enable="CLOSE")
    cloud.advance(300)
    assert len(cloud.scf.backend.invocations) == 1


def test_it_can_be_changed(cloud: FakeCloud, submit: Scf) -> None:
    submit.ask("CreateTrigger", **timer("0 0 3 * * * *", CustomArgument="old"))
    it = {"Type": "timer", "TriggerName": "tick"}

    submit.ask("UpdateTrigger", **it, TriggerDesc="0 * * * * * *", CustomArgument="new")

    cloud.advance(60)
    assert [run.event["Message"] for run in cloud.scf.backend.invocations] == ["new"]
    assert json.loads(listed(submit)[0]["TriggerDesc"]) == {"cron": "0 * * * * * *"}
    submit.ask("UpdateTrigger", **it, Enable="CLOSE")
    assert [entry["Enable"] for entry in listed(submit)] == [0]


def test_two_of_one_name_are_refused(submit: Scf) -> None:
    submit.ask("CreateTrigger", **timer())

    assert submit.refused("CreateTrigger", **timer()) == "ResourceInUse.TriggerName"


@pytest.mark.parametrize("cron", ["*/5 * * * *", "0 60 * * * * *", "0 */0 * * * * *", "each minute", '{"cron":"x"}'])
def test_what_is_no_time_is_refused(submit: Scf, cron: str) -> None:
    assert submit.refused("CreateTrigger", **timer(cron)) == "InvalidParameterValue.TriggerDesc"
