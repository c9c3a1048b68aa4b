"""Function URLs made through the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import requests

from tests.faketencent.api.scf_triggers import http, listed, named

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud
    from tests.faketencent.api.scf_client import Scf

#: Says the same on every Python.
pytestmark = pytest.mark.once


def test_its_name_is_replaced_and_its_address_late(cloud: FakeCloud, submit: Scf) -> None:
    made = submit.ask("CreateTrigger", **http())["TriggerInfo"]
    assert made["TriggerName"] != "url-trigger"
    assert json.loads(made["TriggerDesc"])["NetConfig"]["ExtranetUrl"] == ""

    cloud.clock.sleep(2)

    (it,) = listed(submit)
    network = json.loads(it["TriggerDesc"])["NetConfig"]
    url = f"https://1250000000-{it['TriggerName']}.ap-beijing.tencentscf.com"
    assert (network["ExtranetUrl"], network["IntranetUrl"]) == (url, "")
    assert network["ExtranetHTTPUrl"] == url.replace("https", "http")
    assert requests.post(url, data="x", timeout=10).json()["echo"]["body"] == "x"
    assert cloud.scf.backend.function_url("submit") == url


def test_there_is_one_a_qualifier(submit: Scf) -> None:
    submit.ask("CreateTrigger", **http())

    assert submit.refused("CreateTrigger", **http()) == "ResourceInUse.Trigger"
    submit.ask("CreateTrigger", **http(Qualifier="$DEFAULT"))


def test_it_is_found_by_its_listed_name_alone(submit: Scf) -> None:
    submit.ask("CreateTrigger", **http())

    assert submit.refused("DeleteTrigger", Type="http", TriggerName="url-trigger") == "ResourceNotFound.Trigger"
    submit.ask("DeleteTrigger", **named(listed(submit)[0]))


def test_made_again_it_has_another_address(cloud: FakeCloud, submit: Scf) -> None:
    old = submit.ask("CreateTrigger", **http())["TriggerInfo"]
    submit.ask("DeleteTrigger", **named(old))

    new = submit.ask("CreateTrigger", **http())["TriggerInfo"]

    cloud.clock.sleep(2)
    assert new["TriggerName"] != old["TriggerName"]
    gone = f"https://1250000000-{old['TriggerName']}.ap-beijing.tencentscf.com"
    assert requests.post(gone, timeout=10).status_code == 404


def test_it_can_be_closed_by_an_update_only(cloud: FakeCloud, submit: Scf) -> None:
    made = submit.ask("CreateTrigger", **http())["TriggerInfo"]
    it = {"Type": "http", "TriggerName": made["TriggerName"]}
    cloud.clock.sleep(2)
    url = cloud.scf.backend.function_url("submit")

    assert submit.refused("UpdateTriggerStatus", **it, Enable="CLOSE") == "InvalidParameterValue.Type"
    submit.ask("UpdateTrigger", **it, Enable="CLOSE")

    assert requests.post(url, timeout=10).status_code == 404


def test_what_was_listed_may_be_sent_again(cloud: FakeCloud, submit: Scf) -> None:
    submit.ask("CreateTrigger", **http(outside=False))
    cloud.clock.sleep(2)
    (it,) = listed(submit)
    wanted = json.loads(it["TriggerDesc"])
    wanted["NetConfig"]["EnableExtranet"] = True

    submit.ask("UpdateTrigger", Type="http", TriggerName=it["TriggerName"], TriggerDesc=json.dumps(wanted))

    assert json.loads(listed(submit)[0]["TriggerDesc"])["NetConfig"]["ExtranetUrl"].startswith("https://")


def test_a_signed_one_refuses_whoever_does_not_sign(cloud: FakeCloud, submit: Scf) -> None:
    text = json.dumps({"AuthType": "CAM", "NetConfig": {"EnableExtranet": True}})
    submit.ask("CreateTrigger", **http(TriggerDesc=text))
    cloud.clock.sleep(2)

    assert requests.post(cloud.scf.backend.function_url("submit"), timeout=10).status_code == 401


def test_it_stays_while_a_domain_of_ones_own_leads_to_it(cloud: FakeCloud, submit: Scf) -> None:
    submit.ask("CreateTrigger", **http())
    cloud.scf.backend.add_custom_domain("callback.example.com", "submit")

    assert submit.refused("DeleteTrigger", **named(listed(submit)[0])) == "FailedOperation.DeleteTrigger.UrlUsed"
