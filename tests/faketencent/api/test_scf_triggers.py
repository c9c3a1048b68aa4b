"""Triggers of all kinds made, listed and found again through the API, by Tencent's own SDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.faketencent.api.scf_triggers import BUCKET, DOMAIN, PUT, cos, http, listed, timer

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud
    from tests.faketencent.api.scf_client import Scf

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_a_trigger_needs_an_active_function(scf: Scf) -> None:
    scf.create()

    assert scf.refused("CreateTrigger", **timer()) == "FailedOperation.CreateTrigger"


@pytest.mark.parametrize("wrong", ["$DEFAULT", "$LATEST"])
def test_a_qualifier_has_to_be_the_same_in_every_call(submit: Scf, wrong: str) -> None:
    right = "$LATEST" if wrong == "$DEFAULT" else "$DEFAULT"
    submit.ask("CreateTrigger", **timer(Qualifier=right))
    it = {"Type": "timer", "TriggerName": "tick", "Qualifier": wrong}

    assert [len(listed(submit, qualifier)) for qualifier in (right, wrong)] == [1, 0]
    assert submit.refused("DeleteTrigger", **it) == "ResourceNotFound.Trigger"
    assert submit.refused("UpdateTrigger", **it, TriggerDesc="0 * * * * * *") == "ResourceNotFound.Trigger"
    assert submit.refused("UpdateTriggerStatus", **it, Enable="CLOSE") == "ResourceNotFound.Trigger"
    submit.ask("DeleteTrigger", **{**it, "Qualifier": right})


def test_where_no_qualifier_is_named_it_is_the_latest_version(submit: Scf) -> None:
    submit.ask("CreateTrigger", **timer(Qualifier="$DEFAULT"))
    submit.ask("CreateTrigger", **timer(TriggerName="tock"))

    assert [entry["TriggerName"] for entry in submit.ask("ListTriggers")["Triggers"]] == ["tock"]


@pytest.mark.usefixtures("bucket")
def test_there_are_ten_of_a_kind_and_they_are_listed_by_pages_of_twenty(submit: Scf) -> None:
    for n in range(10):
        submit.ask("CreateTrigger", **timer(TriggerName=f"tick-{n}"))
        submit.ask("CreateTrigger", **cos(prefix=f"{n}/"))
    submit.ask("CreateTrigger", **http())

    pages = [submit.ask("ListTriggers", Offset=offset) for offset in (0, 20)]

    assert [(page["TotalCount"], len(page["Triggers"])) for page in pages] == [(21, 20), (21, 1)]
    assert submit.refused("CreateTrigger", **timer(TriggerName="tick-10")) == "LimitExceeded.Trigger"
    assert submit.refused("CreateTrigger", **cos(prefix="10/")) == "LimitExceeded.Trigger"


@pytest.mark.usefixtures("bucket")
def test_what_was_made_in_the_cloud_itself_is_listed_too(cloud: FakeCloud, submit: Scf) -> None:
    scf = cloud.scf.backend
    scf.add_cos_trigger("submit", BUCKET, PUT, suffix=".mp4")
    scf.add_timer("submit", "tick", 300)
    url = scf.function_url("submit")

    kinds = {entry["Type"]: json.loads(entry["TriggerDesc"]) for entry in listed(submit, "$DEFAULT")}

    assert kinds["cos"] == {"bucketUrl": DOMAIN, "event": PUT, "filter": {"Prefix": "", "Suffix": ".mp4"}}
    assert kinds["timer"] == {"cron": "0 */5 * * * * *"}
    assert kinds["http"]["NetConfig"]["ExtranetUrl"] == url
