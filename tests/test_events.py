"""The sample events: each one parses as what it claims to be, and says where it comes from."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from defusedxml.ElementTree import fromstring

#: Says the same on every Python.
pytestmark = pytest.mark.once

EVENTS = Path(__file__).parents[1] / "events"
README = (EVENTS / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\S+)` \| (.+?) \| \[.+?\]\[(\S+)\] \| (\w+) \|$", README, re.MULTILINE)
SOURCES = dict(re.findall(r"^\[(\S+)\]: (https://\S+)$", README, re.MULTILINE))


def files(pattern: str) -> list[str]:
    return sorted(path.relative_to(EVENTS).as_posix() for path in EVENTS.glob(pattern))


def load(name: str) -> Any:  # noqa: ANN401 - any JSON value
    return json.loads((EVENTS / name).read_text(encoding="utf-8"))


def records(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = load(name)["Records"]
    return found


def is_callback(document: str) -> bool:
    """Whether a text is a callback document, as JSON or as XML."""
    if document.startswith("<"):
        return bool(fromstring(document).tag == "Response")
    return "JobsDetail" in json.loads(document)


class TestReadme:
    def test_every_file_is_named_once(self) -> None:
        assert sorted(re.findall(r"^\| `(\S+)` \|", README, re.MULTILINE)) == files("*/*.*")

    def test_only_what_we_write_ourselves_needs_no_source(self) -> None:
        assert {name for name, *_ in ROWS} == {name for name in files("*/*.*") if not name.startswith("ledger/")}

    def test_every_file_has_a_source_and_a_confidence(self) -> None:
        for name, shows, source, confidence in ROWS:
            assert shows, name
            assert source in SOURCES, name
            assert confidence in {"verbatim", "adapted", "inferred"}, name

    def test_every_source_is_used(self) -> None:
        assert {source for _, _, source, _ in ROWS} == SOURCES.keys()

    def test_there_is_nothing_but_samples(self) -> None:
        assert files("*") == [
            "README.md", "callback", "console", "envelope", "http", "ledger", "queue", "timer", "upload",
        ]  # fmt: skip
        assert files("*/*.*") == sorted(files("*/*.json") + files("callback/*.xml"))


class TestUploads:
    #: https://cloud.tencent.com/document/product/583/9707
    RECORD = frozenset({"cos", "event"})
    COS = frozenset({"cosSchemaVersion", "cosObject", "cosBucket", "cosNotificationId"})
    OBJECT = frozenset({"url", "meta", "vid", "key", "size"})
    BUCKET = frozenset({"region", "name", "appid"})
    EVENT = frozenset({
        "eventName", "eventVersion", "eventTime", "eventSource", "requestParameters", "eventQueue",
        "reservedInfo", "reqid",
    })  # fmt: skip
    #: The one sample that is there for its further nodes.
    OBSERVED = "upload/observed-extra-nodes.json"

    @pytest.mark.parametrize("name", files("upload/*.json"))
    def test_records_have_exactly_the_documented_nodes(self, name: str) -> None:
        extra = {"cosRegion", "s3Region"} if name == self.OBSERVED else set()
        assert load(name).keys() == {"Records"}
        for record in records(name):
            assert record.keys() == self.RECORD
            assert record["cos"].keys() == self.COS
            assert record["cos"]["cosObject"].keys() == self.OBJECT
            assert record["cos"]["cosBucket"].keys() == self.BUCKET | extra
            assert record["event"].keys() == self.EVENT
            parameters = record["event"]["requestParameters"]
            assert parameters.keys() == {"requestSourceIP", "requestHeaders"}
            assert parameters["requestHeaders"].keys() == {"Authorization"}

    @pytest.mark.parametrize("name", files("upload/*.json"))
    def test_metadata_is_a_request_id_a_content_type_and_the_uploaders_own(self, name: str) -> None:
        extra = {"ETag", "x-cos-storage-class"} if name == self.OBSERVED else set()
        for record in records(name):
            meta = record["cos"]["cosObject"]["meta"]
            known = {"x-cos-request-id", "Content-Type", *extra}
            assert meta.keys() >= known
            assert all(field.startswith("x-cos-meta-") for field in meta.keys() - known)
            assert all(isinstance(value, str) for value in meta.values())

    @pytest.mark.parametrize("name", files("upload/*.json"))
    def test_key_and_url_name_the_same_object_of_the_same_bucket(self, name: str) -> None:
        for record in records(name):
            told, bucket = record["cos"]["cosObject"], record["cos"]["cosBucket"]
            prefix = f"/{bucket['appid']}/{bucket['name']}/"
            assert told["key"].startswith(prefix)
            key = told["key"][len(prefix) :]
            url = urlsplit(told["url"])
            assert url.netloc.startswith(f"{bucket['name']}-{bucket['appid']}.cos")
            in_url = unquote(url.path[1:])
            assert in_url == (unquote(key) if name == "upload/key-encoded-in-event.json" else key)

    @pytest.mark.parametrize("name", files("upload/*.json"))
    def test_there_is_a_signature_to_be_kept_out_of_logs(self, name: str) -> None:
        for record in records(name):
            headers = record["event"]["requestParameters"]["requestHeaders"]
            assert "q-signature=" in headers["Authorization"]

    def test_every_documented_event_type_is_there(self) -> None:
        told = {record["event"]["eventName"] for name in files("upload/*.json") for record in records(name)}

        assert told == {
            "cos:ObjectCreated:*",
            "cos:ObjectCreated:Put",
            "cos:ObjectCreated:Post",
            "cos:ObjectCreated:Copy",
            "cos:ObjectCreated:CompleteMultipartUpload",
            "cos:ObjectCreated:Origin",
            "cos:ObjectCreated:Replication",
            "cos:ObjectRemove:Delete",
            "cos:ObjectRemove:DeleteMarkerCreated",
            "cos: ObjectRemove:Delete",
            "cos:ObjectRestore:Post",
            "cos:ObjectRestore:Completed",
        }

    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("key-with-space", "uploads/holiday film 2026.mp4"),
            ("key-with-plus", "uploads/a+b = c.mp4"),
            ("key-with-percent", "uploads/100% done.mp4"),
            ("key-that-looks-encoded", "uploads/100%25%20done.mp4"),
            ("key-with-question-mark", "uploads/who?#really&now.mp4"),
            ("key-chinese", "uploads/产品发布会/第一集.mp4"),
            ("key-emoji", "uploads/🎬 première.mp4"),
            ("key-leading-slash", "/uploads/clip.mp4"),
            ("key-double-slash", "uploads//raw//clip.mp4"),
            ("key-repeating-bucket-name", "1250000000/videos/clip.mp4"),
            ("key-encoded-in-event", "uploads/产品 100%+1.mp4"),
            ("key-unquoted-url", "uploads/产品 发布.mp4"),
        ],
    )
    def test_awkward_keys_are_what_they_are_named_for(self, name: str, key: str) -> None:
        (record,) = records(f"upload/{name}.json")

        assert unquote(urlsplit(record["cos"]["cosObject"]["url"]).path[1:]) == key


class TestCallbacks:
    @pytest.mark.parametrize("name", files("callback/*.xml"))
    def test_xml_documents_are_well_formed_responses(self, name: str) -> None:
        root = fromstring((EVENTS / name).read_text(encoding="utf-8"))

        assert root.tag == "Response"
        known = {"EventName", "JobsDetail", "WorkflowExecution", "NonExistJobIds"}
        assert {child.tag for child in root} <= known

    @pytest.mark.parametrize("name", [name for name in files("callback/*.json") if "probe" not in name])
    def test_json_documents_have_no_response_around_them(self, name: str) -> None:
        document = load(name)

        assert {"JobsDetail"} <= document.keys() <= {"EventName", "JobsDetail"}
        jobs = document["JobsDetail"] if isinstance(document["JobsDetail"], list) else [document["JobsDetail"]]
        assert all(re.fullmatch("j[0-9a-z]{32}", job["JobId"]) for job in jobs)

    def test_both_formats_say_the_same(self) -> None:
        job = load("callback/success.json")["JobsDetail"]
        found = fromstring((EVENTS / "callback/success.xml").read_text(encoding="utf-8")).find("JobsDetail")

        assert found is not None
        assert {child.tag for child in found} == job.keys()
        assert found.findtext("Operation/ExtractDigitalWatermark/Message") == "team-42"
        assert job["Operation"]["ExtractDigitalWatermark"]["Message"] == "team-42"


class TestOtherChannels:
    @pytest.mark.parametrize("name", files("http/function-url-*.json"))
    def test_function_url_events_have_lower_case_headers(self, name: str) -> None:
        event = load(name)

        documented = {"body", "headers", "httpMethod", "path", "queryString"}
        observed = {
            "headerParameters", "isBase64Encoded", "pathParameters", "queryStringParameters", "requestContext",
        }  # fmt: skip
        assert event.keys() | {"body"} == documented | (observed if "observed" in name else set())
        assert all(header == header.lower() for header in event["headers"])
        if "documented" not in name:  # the documentation's own sample miscounts
            assert event["headers"]["content-length"] == str(len(event.get("body", "").encode()))

    @pytest.mark.parametrize(
        "name", [name for name in files("http/*.json") if re.search("json.json|xml|gateway", name)]
    )
    def test_http_events_carry_a_callback(self, name: str) -> None:
        event = load(name)

        body = base64.b64decode(event["body"]).decode() if event.get("isBase64Encoded") else event["body"]
        assert is_callback(body) or "documented" in name

    @pytest.mark.parametrize("name", files("timer/*.json"))
    def test_timer_events_have_exactly_the_documented_nodes(self, name: str) -> None:
        event = load(name)

        assert event.keys() == {"Type", "TriggerName", "Time", "Message"}
        assert event["Type"] == "Timer"

    @pytest.mark.parametrize("name", files("queue/cmq-*.json"))
    def test_cmq_records_carry_a_callback(self, name: str) -> None:
        (record,) = records(name)

        assert record["CMQ"]["type"] == "topic"
        assert is_callback(record["CMQ"]["msgBody"])

    def test_messages_of_ckafka_carry_a_callback(self) -> None:
        (record,) = records("queue/ckafka.json")

        assert is_callback(record["Ckafka"]["msgBody"])
        assert is_callback(load("queue/eventbridge-ckafka.json")["data"]["msgBody"])

    @pytest.mark.parametrize("name", files("queue/tdmq-push-*.json"))
    def test_tdmq_pushes_carry_their_ids_and_a_callback(self, name: str) -> None:
        event = load(name)

        assert {"x-cmq-request-id", "x-cmq-message-id", "x-cmq-message-tag"} <= event["headers"].keys()
        body = event["body"]
        if "simplified" not in name:
            envelope = json.loads(body)
            assert envelope.keys() == {
                "TopicOwner", "topicName", "subscriptionName", "msgId", "msgBody", "publishTime",
            }  # fmt: skip
            body = envelope["msgBody"]
        assert is_callback(base64.b64decode(body).decode() if "base64" in name else body)


class TestEnvelopes:
    #: https://cloud.tencent.com/document/product/1359/56075
    CLOUD_EVENT = frozenset({
        "specversion", "id", "type", "source", "subject", "time", "region", "datacontenttype", "data",
    })  # fmt: skip

    @pytest.mark.parametrize("name", [*files("envelope/eventbridge*.json"), "queue/eventbridge-ckafka.json"])
    def test_eventbridge_events_have_exactly_the_documented_nodes(self, name: str) -> None:
        told = load(name)

        for event in told["EventList"] if "batch" in name else [told]:
            assert event.keys() - {"resource"} == self.CLOUD_EVENT
            assert event["type"] in {"cos:created:object", "connector:ckafka"}

    @pytest.mark.parametrize("name", files("envelope/ckafka*.json"))
    def test_records_of_ckafka_have_exactly_the_documented_nodes(self, name: str) -> None:
        for record in records(name):
            assert record.keys() == {"Ckafka"}
            assert record["Ckafka"].keys() == {"topic", "partition", "offset", "msgKey", "msgBody"}
            assert isinstance(record["Ckafka"]["msgBody"], str)

    @pytest.mark.parametrize("name", [name for name in files("envelope/*.json") if "documented" not in name])
    def test_every_one_shows_the_uploaders_signature(self, name: str) -> None:
        text = json.dumps(load(name))
        in_base64 = re.search(r"[A-Za-z0-9+/=]{200,}", text)

        assert "q-signature=" in (base64.b64decode(in_base64[0]).decode() if in_base64 else text)


class TestConsole:
    def test_a_template_may_be_any_kind_of_json_value(self) -> None:
        values = [load(name) for name in files("console/*.json")]

        assert {type(value) for value in values} == {dict, list, str, int, bool, type(None)}
