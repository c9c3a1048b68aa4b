"""What functions log is in the log service, where SCF puts it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.faketencent.api.sdk import REGION, cls_client
from tests.faketencent.api.test_cls import ask, rule, search

if TYPE_CHECKING:
    from faketencent.cloud import FakeCloud
    from tests.faketencent.api.scf_client import Scf

#: Says the same on every Python.
pytestmark = pytest.mark.once


def handler(event: dict[str, Any], _: object) -> dict[str, int]:
    print("plain text")  # noqa: T201 - what a function logs
    print(json.dumps({"event": "submit", "held": 2, "ok": True, "deep": {"a": 1}}))  # noqa: T201 - as above
    if event.get("fail"):
        raise ValueError("on purpose")
    return {"done": 1}


def lines(cloud: FakeCloud, topic: str, query: str = "*", **options: object) -> list[dict[str, str]]:
    found = search(cloud, cls_client(cloud.cam.account), topic, query, **{"Sort": "asc", **options})
    return [json.loads(line.LogJson) for line in found.Results]


def test_a_run_has_the_platforms_lines_and_its_own(cloud: FakeCloud) -> None:
    cloud.scf.backend.create_function("submit", handler, region=REGION)
    run = cloud.scf.backend.invoke("submit", {})

    topic = cloud.cls.backend.function_topic(REGION)
    found = lines(cloud, topic.id)

    assert [line["SCF_Message"].split()[0] for line in found] == [
        "START",
        "plain",
        '{"event":',
        "Response",
        "END",
        "Report",
    ]
    assert {line["SCF_FunctionName"] for line in found} == {"submit"}
    assert {line["SCF_RequestId"] for line in found} == {run.request_id}
    assert [(line["SCF_Type"], line["SCF_StatusCode"]) for line in found] == [
        ("Platform", "202"),
        ("Custom", "202"),
        ("Custom", "202"),
        *[("Platform", "200")] * 3,
    ]


def test_texts_and_numbers_of_a_line_of_json_are_fields(cloud: FakeCloud) -> None:
    cloud.scf.backend.create_function("submit", handler, region=REGION)
    cloud.cls.backend.message_kept = False
    cloud.scf.backend.invoke("submit", {})

    line = lines(cloud, cloud.cls.backend.function_topic(REGION).id)[2]

    assert (line["event"], line["held"], line["SCF_Message"]) == ("submit", "2", "")
    assert not {"ok", "deep"} & line.keys()


def test_in_the_topic_of_scf_they_are_not_indexed(cloud: FakeCloud) -> None:
    cloud.scf.backend.create_function("submit", handler, region=REGION)
    cloud.scf.backend.invoke("submit", {})
    topic = cloud.cls.backend.function_topic(REGION).id

    assert lines(cloud, topic, 'event:"submit"') == []
    assert len(lines(cloud, topic, 'SCF_FunctionName:"submit" AND SCF_Type:"Custom"')) == 2


def test_a_failed_run_says_why(cloud: FakeCloud) -> None:
    cloud.scf.backend.create_function("submit", handler, region=REGION)
    cloud.scf.backend.invoke("submit", {"fail": 1})

    failed = lines(cloud, cloud.cls.backend.function_topic(REGION).id, 'SCF_StatusCode:"430"')

    assert "ValueError: on purpose" in failed[0]["SCF_Message"]


def test_a_function_logs_into_the_topic_that_it_is_given(cloud: FakeCloud, submit: Scf) -> None:
    cls = cls_client(cloud.cam.account)
    logset = ask(cls, "CreateLogset", LogsetName="own").LogsetId
    topic = ask(cls, "CreateTopic", LogsetId=logset, TopicName="own").TopicId
    before = submit.ask("GetFunction")["ClsTopicId"]
    assert before == cloud.cls.backend.function_topic(REGION).id
    cloud.scf.backend.invoke("submit", {})

    cloud.cam.create_role("r")
    submit.ask("UpdateFunctionConfiguration", ClsLogsetId=logset, ClsTopicId=topic, Role="r")
    cloud.clock.sleep(2)
    cloud.scf.backend.invoke("submit", {})
    ask(cls, "CreateIndex", TopicId=topic, Rule=rule("SCF_FunctionName"), Status=True)
    cloud.scf.backend.invoke("submit", {})

    # An index holds what is written after it.
    assert len({line["SCF_RequestId"] for line in lines(cloud, topic)}) == 1
    assert len({line["SCF_RequestId"] for line in lines(cloud, before)}) == 1


def test_lines_are_found_late(cloud: FakeCloud) -> None:
    cloud.scf.backend.create_function("submit", handler, region=REGION)
    cloud.cls.backend.delay = 5
    cloud.scf.backend.invoke("submit", {})
    topic = cloud.cls.backend.function_topic(REGION).id

    assert lines(cloud, topic) == []
    cloud.clock.sleep(5)
    assert len(lines(cloud, topic)) == 6


def test_a_line_has_an_end(cloud: FakeCloud) -> None:
    cloud.scf.backend.create_function("submit", lambda event, _: print("中" * 5000), region=REGION)  # noqa: ARG005, T201 - as above
    cloud.scf.backend.invoke("submit", {})

    line = lines(cloud, cloud.cls.backend.function_topic(REGION).id)[1]

    assert len(line["SCF_Message"].encode()) in range(8190, 8193)


def test_nothing_is_read_before_somebody_asks(cloud: FakeCloud) -> None:
    cloud.scf.backend.create_function("submit", handler, region=REGION)
    cloud.scf.backend.invoke("submit", {})

    assert cloud.cls.backend.topics == {}
