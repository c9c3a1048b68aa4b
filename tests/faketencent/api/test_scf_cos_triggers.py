"""COS triggers made through the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from faketencent.scf.exceptions import InvalidValueError
from faketencent.scf.invocation import Source
from tests.faketencent.api.scf_triggers import BUCKET, DOMAIN, PUT, cos, listed, named

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud
    from tests.faketencent.api.scf_client import Scf

#: Says the same on every Python.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("bucket")]


def test_it_is_called_like_the_bucket_and_lets_events_through(cloud: FakeCloud, submit: Scf) -> None:
    submit.ask("CreateTrigger", **cos(suffix=".mp4"))

    cloud.cos.backend.put(BUCKET, "a.mp4", b"x")
    cloud.settle()

    (it,) = listed(submit)
    assert it["TriggerName"] == DOMAIN
    assert json.loads(it["TriggerDesc"]) == {
        "bucketUrl": DOMAIN, "event": PUT, "filter": {"Prefix": "", "Suffix": ".mp4"}}  # fmt: skip
    assert [run.source for run in cloud.scf.backend.invocations] == [Source.COS]


def test_several_have_one_name_and_are_told_apart_by_event_and_filter(submit: Scf) -> None:
    for prefix in ("a/", "b/"):
        submit.ask("CreateTrigger", **cos(prefix=prefix))
    submit.ask("CreateTrigger", **cos("cos:ObjectCreated:Post"))
    event_alone = json.dumps({"event": PUT})
    it = {"Type": "cos", "TriggerName": DOMAIN}

    assert submit.refused("DeleteTrigger", **it, TriggerDesc=event_alone) == "InvalidParameterValue.TriggerDesc"
    for entry in listed(submit):
        submit.ask("DeleteTrigger", **named(entry))

    assert listed(submit) == []
    assert submit.refused("DeleteTrigger", **it, TriggerDesc=event_alone) == "ResourceNotFound.Trigger"


def test_it_may_take_a_while_until_it_works(cloud: FakeCloud, submit: Scf) -> None:
    cloud.scf.backend.habits.cos_trigger_delay = 180
    submit.ask("CreateTrigger", **cos())

    cloud.cos.backend.put(BUCKET, "early", b"x")
    cloud.advance(180)
    cloud.cos.backend.put(BUCKET, "late", b"x")
    cloud.settle()

    (run,) = cloud.scf.backend.invocations
    assert run.event["Records"][0]["cos"]["cosObject"]["key"].endswith("/late")


def test_closing_it_stops_it(cloud: FakeCloud, submit: Scf) -> None:
    submit.ask("CreateTrigger", **cos())
    it = {"Type": "cos", "TriggerName": DOMAIN, "TriggerDesc": json.dumps({"event": PUT})}

    submit.ask("UpdateTriggerStatus", **it, Enable="CLOSE")

    cloud.cos.backend.put(BUCKET, "a", b"x")
    cloud.settle()
    assert cloud.scf.backend.invocations == []
    assert submit.refused("UpdateTriggerStatus", **it, Enable="CLOSE") == "FailedOperation.UpdateTriggerStatus"


def test_it_cannot_be_updated(submit: Scf) -> None:
    submit.ask("CreateTrigger", **cos())

    assert submit.refused("UpdateTrigger", **cos()) == "InvalidParameterValue.Type"


def test_what_is_bound_already_is_refused(cloud: FakeCloud, submit: Scf) -> None:
    submit.ask("CreateTrigger", **cos("cos:ObjectCreated:*"))

    assert submit.refused("CreateTrigger", **cos()) == "InvalidParameterValue.CosNotifyRuleConflict"
    assert submit.refused("CreateTrigger", **cos("cos:ObjectCreated:*")) == "ResourceInUse.Cos"
    with pytest.raises(InvalidValueError, match="CosNotifyRuleConflict"):
        cloud.scf.backend.add_cos_trigger("submit", BUCKET)


def test_the_bucket_has_to_be_there_and_in_the_region(cloud: FakeCloud, submit: Scf) -> None:
    cloud.cos.backend.create_bucket("far-1250000000", "ap-shanghai")
    far = "far-1250000000.cos.ap-shanghai.myqcloud.com"
    missing = "none-1250000000.cos.ap-beijing.myqcloud.com"

    assert submit.refused("CreateTrigger", **cos(TriggerName=far)) == "InvalidParameterValue.Cos"
    assert submit.refused("CreateTrigger", **cos(TriggerName=missing)) == "ResourceNotFound.Cos"
    assert submit.refused("CreateTrigger", **cos(TriggerName=BUCKET)) == "InvalidParameterValue.TriggerName"
