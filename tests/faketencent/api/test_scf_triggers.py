"""Triggers made, listed, changed and removed through the API, by Tencent's own SDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests

from faketencent.scf.exceptions import InvalidValueError
from faketencent.scf.invocation import Source

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud
    from tests.faketencent.api.scf_client import Scf

#: Says the same on every Python.
pytestmark = pytest.mark.once

BUCKET = "videos-1250000000"
DOMAIN = f"{BUCKET}.cos.ap-beijing.myqcloud.com"
PUT = "cos:ObjectCreated:Put"
#: What the official examples have in common.
SHOWN = {
    "AddTime", "AvailableStatus", "BindStatus", "CustomArgument", "Description", "Enable", "ModTime", "Qualifier",
    "ResourceId", "TriggerAttribute", "TriggerDesc", "TriggerName", "Type",
}  # fmt: skip


def timer(cron: str = "0 */5 * * * * *", **more: object) -> dict[str, Any]:
    return {"Type": "timer", "TriggerName": "tick", "TriggerDesc": cron, "Enable": "OPEN", **more}


def cos(event: str = PUT, prefix: str = "", suffix: str = "", **more: object) -> dict[str, Any]:
    text = json.dumps({"event": event, "filter": {"Prefix": prefix, "Suffix": suffix}})
    return {"Type": "cos", "TriggerName": DOMAIN, "TriggerDesc": text, "Enable": "OPEN", **more}


def http(*, outside: bool = True, **more: object) -> dict[str, Any]:
    text = json.dumps({"AuthType": "NONE", "NetConfig": {"EnableIntranet": False, "EnableExtranet": outside}})
    return {"Type": "http", "TriggerName": "url-trigger", "TriggerDesc": text, "Enable": "OPEN", **more}


def listed(scf: Scf, qualifier: str = "$LATEST") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = scf.ask("ListTriggers", Filters=[{"Name": "Qualifier", "Values": [qualifier]}])[
        "Triggers"
    ]
    return found


def named(trigger: dict[str, Any]) -> dict[str, Any]:
    """What a listed trigger is deleted by."""
    return {name: trigger[name] for name in ("Type", "TriggerName", "TriggerDesc", "Qualifier")}


@pytest.fixture
def bucket(cloud: FakeCloud) -> None:
    cloud.cos.backend.create_bucket(BUCKET, "ap-beijing")


def test_a_trigger_needs_an_active_function(scf: Scf) -> None:
    scf.create()

    assert scf.refused("CreateTrigger", **timer()) == "FailedOperation.CreateTrigger"


def test_the_reply_says_what_was_made_as_it_is_listed_later(submit: Scf) -> None:
    made = submit.ask("CreateTrigger", **timer(CustomArgument="sweep", Description="each five minutes"))["TriggerInfo"]

    there = submit.ask("ListTriggers")
    assert {name for name, value in made.items() if value is not None} == SHOWN
    assert there["TotalCount"] == 1
    assert {name: there["Triggers"][0][name] for name in made} == made


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


def test_triggers_are_listed_by_pages_of_twenty(submit: Scf) -> None:
    for n in range(25):
        submit.ask("CreateTrigger", **timer(TriggerName=f"tick-{n}"))

    pages = [submit.ask("ListTriggers", Offset=offset) for offset in (0, 20)]

    assert [(page["TotalCount"], len(page["Triggers"])) for page in pages] == [(25, 20), (25, 5)]


def test_what_was_made_in_the_cloud_itself_is_listed_too(cloud: FakeCloud, submit: Scf, bucket: None) -> None:  # noqa: ARG001
    scf = cloud.scf.backend
    scf.add_cos_trigger("submit", BUCKET, PUT, suffix=".mp4")
    scf.add_timer("submit", "tick", 300)
    url = scf.function_url("submit")

    kinds = {entry["Type"]: json.loads(entry["TriggerDesc"]) for entry in listed(submit, "$DEFAULT")}

    assert kinds["cos"] == {"bucketUrl": DOMAIN, "event": PUT, "filter": {"Prefix": "", "Suffix": ".mp4"}}
    assert kinds["timer"] == {"cron": "0 */5 * * * * *"}
    assert kinds["http"]["NetConfig"]["ExtranetUrl"] == url


class TestTimers:
    def test_it_ticks_by_the_clock_on_the_wall(self, cloud: FakeCloud, submit: Scf) -> None:
        # given two seconds after midnight
        submit.ask("CreateTrigger", **timer("0 */5 * * * * *", CustomArgument="sweep"))

        cloud.advance(600)

        runs = cloud.scf.backend.invocations
        assert [run.event["Time"] for run in runs] == ["2026-01-01T00:05:00Z", "2026-01-01T00:10:00Z"]
        assert (runs[0].event["Message"], runs[0].source) == ("sweep", Source.TIMER)

    def test_a_closed_one_does_not(self, cloud: FakeCloud, submit: Scf) -> None:
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

    def test_it_can_be_changed(self, cloud: FakeCloud, submit: Scf) -> None:
        submit.ask("CreateTrigger", **timer("0 0 3 * * * *", CustomArgument="old"))
        it = {"Type": "timer", "TriggerName": "tick"}

        submit.ask("UpdateTrigger", **it, TriggerDesc="0 * * * * * *", CustomArgument="new")

        cloud.advance(60)
        assert [run.event["Message"] for run in cloud.scf.backend.invocations] == ["new"]
        assert json.loads(listed(submit)[0]["TriggerDesc"]) == {"cron": "0 * * * * * *"}
        submit.ask("UpdateTrigger", **it, Enable="CLOSE")
        assert [entry["Enable"] for entry in listed(submit)] == [0]

    def test_two_of_one_name_are_refused(self, submit: Scf) -> None:
        submit.ask("CreateTrigger", **timer())

        assert submit.refused("CreateTrigger", **timer()) == "ResourceInUse.TriggerName"

    @pytest.mark.parametrize(
        "cron", ["*/5 * * * *", "0 60 * * * * *", "0 */0 * * * * *", "each minute", '{"cron":"x"}']
    )
    def test_what_is_no_time_is_refused(self, submit: Scf, cron: str) -> None:
        assert submit.refused("CreateTrigger", **timer(cron)) == "InvalidParameterValue.TriggerDesc"


@pytest.mark.usefixtures("bucket")
class TestCosTriggers:
    def test_it_is_called_like_the_bucket_and_lets_events_through(self, cloud: FakeCloud, submit: Scf) -> None:
        submit.ask("CreateTrigger", **cos(suffix=".mp4"))

        cloud.cos.backend.put(BUCKET, "a.mp4", b"x")
        cloud.settle()

        (it,) = listed(submit)
        assert it["TriggerName"] == DOMAIN
        assert json.loads(it["TriggerDesc"]) == {
            "bucketUrl": DOMAIN, "event": PUT, "filter": {"Prefix": "", "Suffix": ".mp4"}}  # fmt: skip
        assert [run.source for run in cloud.scf.backend.invocations] == [Source.COS]

    def test_several_have_one_name_and_are_told_apart_by_event_and_filter(self, submit: Scf) -> None:
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

    def test_it_may_take_a_while_until_it_works(self, cloud: FakeCloud, submit: Scf) -> None:
        cloud.scf.backend.habits.cos_trigger_delay = 180
        submit.ask("CreateTrigger", **cos())

        cloud.cos.backend.put(BUCKET, "early", b"x")
        cloud.advance(180)
        cloud.cos.backend.put(BUCKET, "late", b"x")
        cloud.settle()

        (run,) = cloud.scf.backend.invocations
        assert run.event["Records"][0]["cos"]["cosObject"]["key"].endswith("/late")

    def test_closing_it_stops_it(self, cloud: FakeCloud, submit: Scf) -> None:
        submit.ask("CreateTrigger", **cos())
        it = {"Type": "cos", "TriggerName": DOMAIN, "TriggerDesc": json.dumps({"event": PUT})}

        submit.ask("UpdateTriggerStatus", **it, Enable="CLOSE")

        cloud.cos.backend.put(BUCKET, "a", b"x")
        cloud.settle()
        assert cloud.scf.backend.invocations == []
        assert submit.refused("UpdateTriggerStatus", **it, Enable="CLOSE") == "FailedOperation.UpdateTriggerStatus"

    def test_it_cannot_be_updated(self, submit: Scf) -> None:
        submit.ask("CreateTrigger", **cos())

        assert submit.refused("UpdateTrigger", **cos()) == "InvalidParameterValue.Type"

    def test_what_is_bound_already_is_refused(self, cloud: FakeCloud, submit: Scf) -> None:
        submit.ask("CreateTrigger", **cos("cos:ObjectCreated:*"))

        assert submit.refused("CreateTrigger", **cos()) == "InvalidParameterValue.CosNotifyRuleConflict"
        assert submit.refused("CreateTrigger", **cos("cos:ObjectCreated:*")) == "ResourceInUse.Cos"
        with pytest.raises(InvalidValueError, match="CosNotifyRuleConflict"):
            cloud.scf.backend.add_cos_trigger("submit", BUCKET)

    def test_the_bucket_has_to_be_there_and_in_the_region(self, cloud: FakeCloud, submit: Scf) -> None:
        cloud.cos.backend.create_bucket("far-1250000000", "ap-shanghai")
        far = "far-1250000000.cos.ap-shanghai.myqcloud.com"
        missing = "none-1250000000.cos.ap-beijing.myqcloud.com"

        assert submit.refused("CreateTrigger", **cos(TriggerName=far)) == "InvalidParameterValue.Cos"
        assert submit.refused("CreateTrigger", **cos(TriggerName=missing)) == "ResourceNotFound.Cos"
        assert submit.refused("CreateTrigger", **cos(TriggerName=BUCKET)) == "InvalidParameterValue.TriggerName"


class TestHttpTriggers:
    def test_its_name_is_replaced_and_its_address_late(self, cloud: FakeCloud, submit: Scf) -> None:
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

    def test_there_is_one_a_qualifier(self, submit: Scf) -> None:
        submit.ask("CreateTrigger", **http())

        assert submit.refused("CreateTrigger", **http()) == "ResourceInUse.Trigger"
        submit.ask("CreateTrigger", **http(Qualifier="$DEFAULT"))

    def test_it_is_found_by_its_listed_name_alone(self, submit: Scf) -> None:
        submit.ask("CreateTrigger", **http())

        assert submit.refused("DeleteTrigger", Type="http", TriggerName="url-trigger") == "ResourceNotFound.Trigger"
        submit.ask("DeleteTrigger", **named(listed(submit)[0]))

    def test_made_again_it_has_another_address(self, cloud: FakeCloud, submit: Scf) -> None:
        old = submit.ask("CreateTrigger", **http())["TriggerInfo"]
        submit.ask("DeleteTrigger", **named(old))

        new = submit.ask("CreateTrigger", **http())["TriggerInfo"]

        cloud.clock.sleep(2)
        assert new["TriggerName"] != old["TriggerName"]
        gone = f"https://1250000000-{old['TriggerName']}.ap-beijing.tencentscf.com"
        assert requests.post(gone, timeout=10).status_code == 404

    def test_it_can_be_closed_by_an_update_only(self, cloud: FakeCloud, submit: Scf) -> None:
        made = submit.ask("CreateTrigger", **http())["TriggerInfo"]
        it = {"Type": "http", "TriggerName": made["TriggerName"]}
        cloud.clock.sleep(2)
        url = cloud.scf.backend.function_url("submit")

        assert submit.refused("UpdateTriggerStatus", **it, Enable="CLOSE") == "InvalidParameterValue.Type"
        submit.ask("UpdateTrigger", **it, Enable="CLOSE")

        assert requests.post(url, timeout=10).status_code == 404

    def test_what_was_listed_may_be_sent_again(self, cloud: FakeCloud, submit: Scf) -> None:
        submit.ask("CreateTrigger", **http(outside=False))
        cloud.clock.sleep(2)
        (it,) = listed(submit)
        wanted = json.loads(it["TriggerDesc"])
        wanted["NetConfig"]["EnableExtranet"] = True

        submit.ask("UpdateTrigger", Type="http", TriggerName=it["TriggerName"], TriggerDesc=json.dumps(wanted))

        assert json.loads(listed(submit)[0]["TriggerDesc"])["NetConfig"]["ExtranetUrl"].startswith("https://")

    def test_a_signed_one_refuses_whoever_does_not_sign(self, cloud: FakeCloud, submit: Scf) -> None:
        text = json.dumps({"AuthType": "CAM", "NetConfig": {"EnableExtranet": True}})
        submit.ask("CreateTrigger", **http(TriggerDesc=text))
        cloud.clock.sleep(2)

        assert requests.post(cloud.scf.backend.function_url("submit"), timeout=10).status_code == 401

    def test_it_stays_while_a_domain_of_ones_own_leads_to_it(self, cloud: FakeCloud, submit: Scf) -> None:
        submit.ask("CreateTrigger", **http())
        cloud.scf.backend.add_custom_domain("callback.example.com", "submit")

        assert submit.refused("DeleteTrigger", **named(listed(submit)[0])) == "FailedOperation.DeleteTrigger.UrlUsed"
