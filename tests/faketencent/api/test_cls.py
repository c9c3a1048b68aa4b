"""Logs through CLS's API: a topic of one's own, an index, and what a search finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tencentcloud.cls.v20201016 import models

from tests.faketencent.api.sdk import REGION, cls_client, refused

if TYPE_CHECKING:
    from tencentcloud.cls.v20201016.cls_client import ClsClient

    from faketencent.cloud import FakeCloud

pytestmark = pytest.mark.once

SUBMIT = {"SCF_FunctionName": "cos-watermark-submit", "SCF_Message": "上传 1"}
CALLBACK = {"SCF_FunctionName": "cos-watermark-callback", "SCF_Message": "下载 2"}


def rule(*keys: str) -> dict[str, Any]:
    return {
        "FullText": {"CaseSensitive": False, "Tokenizer": " ", "ContainZH": False},
        "KeyValue": {"CaseSensitive": False, "KeyValues": [{"Key": key, "Value": {"Type": "text"}} for key in keys]},
    }


def ask(cls: ClsClient, action: str, **parameters: Any) -> Any:  # noqa: ANN401 - the SDK has no types
    request = getattr(models, f"{action}Request")()
    request._deserialize(parameters)
    return getattr(cls, action)(request)


@pytest.fixture
def cls(cloud: FakeCloud) -> ClsClient:
    return cls_client(cloud.cam.account)


@pytest.fixture
def topic(cls: ClsClient) -> str:
    logset = ask(cls, "CreateLogset", LogsetName="cos-watermark").LogsetId
    created: str = ask(cls, "CreateTopic", LogsetId=logset, TopicName="runs", Period=30, StorageType="hot").TopicId
    return created


def write(cloud: FakeCloud, topic: str, *lines: dict[str, str]) -> None:
    for fields in lines:
        cloud.cls.backend.write(topic, fields, cloud.clock.now())


def search(cloud: FakeCloud, cls: ClsClient, topic: str, query: str = "*", **options: Any) -> Any:  # noqa: ANN401 - the SDK has no types
    now = round(cloud.clock.now() * 1000)
    span = {"From": now - 3_600_000, "To": now + 1, "QuerySyntax": 1}
    return ask(cls, "SearchLog", TopicId=topic, QueryString=query, **{**span, **options})


def messages(found: Any) -> list[str]:  # noqa: ANN401 - the SDK has no types
    return [json.loads(line.LogJson)["SCF_Message"] for line in found.Results]


def test_an_account_that_never_used_it_opens_it_first(cloud: FakeCloud, cls: ClsClient) -> None:
    cloud.cls.backend.opened = False
    with refused("OperationDenied.AccountNotExists"):
        ask(cls, "CreateLogset", LogsetName="cos-watermark")

    ask(cls, "OpenClsService")

    ask(cls, "CreateLogset", LogsetName="cos-watermark")


def test_opening_may_need_a_person(cloud: FakeCloud, cls: ClsClient) -> None:
    cloud.cls.backend.opened = cloud.cls.backend.may_open = False

    with refused("OperationDenied"):
        ask(cls, "OpenClsService")


def test_logsets_and_topics_are_found_by_name_in_their_region(cloud: FakeCloud, cls: ClsClient, topic: str) -> None:
    logsets = ask(cls, "DescribeLogsets", Filters=[{"Key": "logsetName", "Values": ["cos-watermark"]}])
    by_name = ask(cls, "DescribeTopics", Filters=[{"Key": "topicName", "Values": ["run"]}])
    precisely = ask(cls, "DescribeTopics", Filters=[{"Key": "topicName", "Values": ["run"]}], PreciseSearch=1)
    elsewhere = cloud.cls.backend.create_logset("cos-watermark", "ap-shanghai")

    assert [(found.LogsetName, found.TopicCount) for found in logsets.Logsets] == [("cos-watermark", 1)]
    assert [(found.TopicId, found.Period, found.Index) for found in by_name.Topics] == [(topic, 30, False)]
    assert precisely.TotalCount == 0
    with refused("ResourceNotFound.LogsetNotExist"):
        ask(cls, "CreateTopic", LogsetId=elsewhere.id, TopicName="runs")


def test_names_are_given_once(cls: ClsClient, topic: str) -> None:
    logset = ask(cls, "DescribeTopics", Filters=[{"Key": "topicId", "Values": [topic]}]).Topics[0].LogsetId

    with refused("InvalidParameter.LogsetConflict"):
        ask(cls, "CreateLogset", LogsetName="cos-watermark")
    with refused("InvalidParameter.TopicConflict"):
        ask(cls, "CreateTopic", LogsetId=logset, TopicName="runs")


def test_topics_go_before_their_logset(cls: ClsClient, topic: str) -> None:
    logset = ask(cls, "DescribeTopics").Topics[0].LogsetId
    with refused("FailedOperation.LogsetNotEmpty"):
        ask(cls, "DeleteLogset", LogsetId=logset)

    ask(cls, "DeleteTopic", TopicId=topic)
    ask(cls, "DeleteLogset", LogsetId=logset)

    assert ask(cls, "DescribeLogsets").TotalCount == 0
    with refused("ResourceNotFound.TopicNotExist"):
        ask(cls, "DeleteTopic", TopicId=topic)


def test_an_index_is_made_once_then_changed(cls: ClsClient, topic: str) -> None:
    with refused("ResourceNotFound.IndexNotExist"):
        ask(cls, "ModifyIndex", TopicId=topic, Status=True)
    ask(cls, "CreateIndex", TopicId=topic, Rule=rule("SCF_Message"), Status=True, IncludeInternalFields=True)
    with refused("InvalidParameter.IndexConflict"):
        ask(cls, "CreateIndex", TopicId=topic, Rule=rule("SCF_Message"))

    ask(cls, "ModifyIndex", TopicId=topic, Rule=rule("SCF_FunctionName"))

    index = ask(cls, "DescribeIndex", TopicId=topic)
    assert [entry.Key for entry in index.Rule.KeyValue.KeyValues] == ["SCF_FunctionName"]
    assert (index.Status, index.IncludeInternalFields) == (True, True)


def test_an_index_holds_only_what_is_written_after_it(cloud: FakeCloud, cls: ClsClient, topic: str) -> None:
    write(cloud, topic, SUBMIT)
    with refused("ResourceNotFound.IndexNotExist"):
        search(cloud, cls, topic)

    ask(cls, "CreateIndex", TopicId=topic, Rule=rule("SCF_Message"), Status=True)
    write(cloud, topic, CALLBACK)

    assert messages(search(cloud, cls, topic)) == ["下载 2"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["下载 2", "上传 1"]),
        ('SCF_FunctionName:"cos-watermark-submit"', ["上传 1"]),
        ('SCF_FunctionName:"cos-watermark"', []),
        ('SCF_FunctionName:"cos-watermark-submit" AND SCF_Message:"上传 1"', ["上传 1"]),
        ('SCF_FunctionName:"cos-watermark-submit" AND SCF_Message:"下载 2"', []),
        ('SCF_Other:"cos-watermark-submit"', []),
        ('SCF_FunctionName:"cos-watermark-submit" OR SCF_Message:"下载 2"', ["下载 2", "上传 1"]),
        ('NOT SCF_FunctionName:"cos-watermark-submit"', ["下载 2"]),
        ('SCF_FunctionName:"cos-watermark-submit" NOT (SCF_Message:"上传 1" OR SCF_Message:"下载 2")', []),
        ('(SCF_Other:"a" OR SCF_Message:"上传 1") AND SCF_FunctionName:"cos-watermark-submit"', ["上传 1"]),
        ('SCF_Other:"a" AND SCF_Message:"上传 1" OR SCF_Message:"下载 2"', ["下载 2"]),
    ],
)
def test_the_topic_of_scf_is_searched_by_its_fields(
    cloud: FakeCloud, cls: ClsClient, query: str, found: list[str]
) -> None:
    runs = cloud.cls.backend.function_topic(REGION)
    write(cloud, runs.id, SUBMIT, CALLBACK)

    assert messages(search(cloud, cls, runs.id, query)) == found
    assert cloud.cls.backend.function_topic(REGION) is runs


def test_words_are_found_where_the_index_has_separators(cloud: FakeCloud, cls: ClsClient, topic: str) -> None:
    words = {"KeyValue": {"KeyValues": [{"Key": "message", "Value": {"Type": "text", "Tokenizer": " :"}}]}}
    ask(cls, "CreateIndex", TopicId=topic, Rule=words)
    write(cloud, topic, {"message": "Found: watermark of Amy", "SCF_Message": "a"})

    assert messages(search(cloud, cls, topic, 'message:"watermark of"')) == ["a"]
    assert messages(search(cloud, cls, topic, 'message:"water"')) == []


@pytest.mark.parametrize(
    "query",
    [
        "SCF_Message",
        'a:"b" or c:"d"',
        'a:"b" c:"d"',
        'a:"b" AND',
        '(a:"b"',
        'a:"b")',
        "()",
        'a:"b" ORa:"b"',
        'a:""',
        'a:"b*"',
        'a:"b',
        "* | select count(*)",
    ],
)
def test_other_queries_are_refused(cloud: FakeCloud, cls: ClsClient, query: str) -> None:
    runs = cloud.cls.backend.function_topic(REGION)

    with refused("FailedOperation.SyntaxError"):
        search(cloud, cls, runs.id, query)


def test_a_search_goes_on_page_by_page_for_an_hour(cloud: FakeCloud, cls: ClsClient) -> None:
    runs = cloud.cls.backend.function_topic(REGION)
    write(cloud, runs.id, *({**SUBMIT, "SCF_Message": str(n)} for n in range(3)))

    first = search(cloud, cls, runs.id, Sort="asc", Limit=2)
    write(cloud, runs.id, CALLBACK)
    second = search(cloud, cls, runs.id, Sort="asc", Limit=2, Context=first.Context)

    assert (messages(first), first.ListOver) == (["0", "1"], False)
    assert (messages(second), second.ListOver, second.Context) == (["2"], True, "")
    cloud.clock.sleep(3600)
    with refused("FailedOperation.InvalidContext"):
        search(cloud, cls, runs.id, Sort="asc", Limit=2, Context=first.Context)


def test_the_end_of_the_time_asked_for_is_not_in_it(cloud: FakeCloud, cls: ClsClient) -> None:
    runs = cloud.cls.backend.function_topic(REGION)
    write(cloud, runs.id, SUBMIT)
    now = round(cloud.clock.now() * 1000)

    assert messages(search(cloud, cls, runs.id, From=now, To=now + 1)) == ["上传 1"]
    assert messages(search(cloud, cls, runs.id, From=now - 1, To=now)) == []


def test_lines_appear_late_and_go_after_their_days(cloud: FakeCloud, cls: ClsClient) -> None:
    runs = cloud.cls.backend.function_topic(REGION)
    cloud.cls.backend.delay = 5
    write(cloud, runs.id, SUBMIT)

    assert messages(search(cloud, cls, runs.id)) == []
    cloud.clock.sleep(5)
    assert messages(search(cloud, cls, runs.id)) == ["上传 1"]
    cloud.clock.sleep(7 * 86_400)
    assert messages(search(cloud, cls, runs.id, From=0)) == []


@pytest.mark.parametrize("numbered", [True, False])
def test_a_line_looks_as_in_the_documented_sample(cloud: FakeCloud, cls: ClsClient, numbered: bool) -> None:
    cloud.cls.backend.numbered = numbered
    runs = cloud.cls.backend.function_topic(REGION)
    write(cloud, runs.id, SUBMIT)

    found = search(cloud, cls, runs.id)

    (line,) = found.Results
    assert (found.ListOver, found.Analysis, found.AnalysisRecords) == (True, False, None)
    assert (line.TopicId, line.TopicName, line.Time) == (runs.id, runs.name, round(cloud.clock.now() * 1000))
    assert json.loads(line.LogJson) == SUBMIT
    assert bool(line.PkgId) == bool(line.PkgLogId) == numbered


def test_each_call_is_a_right_on_everything(cloud: FakeCloud, topic: str) -> None:
    allow = {"effect": "allow", "action": ["cls:SearchLog", "cls:CreateIndex"], "resource": ["*"]}
    amy = cls_client(cloud.cam.create_user("amy", {"version": "2.0", "statement": [allow]}))

    ask(amy, "CreateIndex", TopicId=topic, Rule=rule("SCF_Message"))
    assert messages(search(cloud, amy, topic)) == []
    with refused("UnauthorizedOperation"):
        ask(amy, "DeleteTopic", TopicId=topic)
