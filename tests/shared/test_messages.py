"""Messages: whatever one was wrapped in, the document comes out; whatever else comes, nothing breaks."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import documents
from shared.domain.job import read_jobs
from shared.errors import MalformedError
from shared.events.http import is_http, read_request
from shared.events.messages import MAX_DOCUMENTS, is_records, read_documents, read_records
from tests.shared.samples import EVENTS, any_text, event, json_values

DOCUMENTS = sorted(path for path in (EVENTS / "callback").iterdir() if path.suffix in (".json", ".xml"))
PUSHES = sorted(path.name for path in (EVENTS / "queue").glob("tdmq-push-*.json"))
RECORDS = ["cmq-topic.json", "cmq-topic-tag-list.json", "cmq-topic-xml.json", "ckafka.json", "eventbridge-ckafka.json"]
OTHERS = [
    *("upload/put.json", "timer/tick.json", "http/function-url-json.json", "queue/tdmq-push-json.json"),
    *(f"console/{path.name}" for path in (EVENTS / "console").iterdir()),
    *("envelope/eventbridge.json", "envelope/eventbridge-documented-sample.json"),
]

JSON = json.dumps({"EventName": "TaskFinish", "JobsDetail": {"JobId": "j1"}}).encode()
XML = b"<Response><JobsDetail><JobId>j1</JobId></JobsDetail></Response>"


def envelope(body: object, **more: object) -> bytes:
    return json.dumps({"TopicOwner": 1250000000, "topicName": "results", "msgBody": body, **more}).encode()


def only(body: bytes) -> bytes:
    """The one document in a message."""
    (document,) = read_documents(body)
    assert isinstance(document, bytes)
    return document


def records(*messages: object, carrier: str = "CMQ") -> dict[str, Any]:
    return {"Records": [{carrier: {"type": "topic", "msgBody": message}} for message in messages]}


class TestMessages:
    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
    def test_every_document_comes_out_of_every_wrapping(self, path: Any) -> None:  # noqa: ANN401 - pathlib's own types
        document = path.read_bytes()
        encoded = base64.b64encode(document)

        for wrapped in (document, encoded, envelope(document.decode()), envelope(encoded.decode())):
            assert read_documents(wrapped) == [document]

    @pytest.mark.parametrize("document", [JSON, XML, b"\xef\xbb\xbf" + JSON, b"\n  " + XML, "<a>水印</a>".encode()])
    def test_a_plain_document_is_left_as_it_is(self, document: bytes) -> None:
        assert read_documents(document) == [document]

    def test_base64_may_have_lines_and_surrounding_space(self) -> None:
        assert read_documents(b" \n" + base64.encodebytes(JSON * 3)) == [JSON * 3]

    @pytest.mark.parametrize(
        "body",
        [
            b'{"msgBody": "a", "msgBody": "b"}',
            b'{"msgBody": "a"',
            b'["msgBody"]',
            b'"msgBody"',
            b'{"a": "\\"msgBody\\""}',
            b"[1, 2]",
            b'{"Records": [{"CMQ": {}}]}',
        ],
    )
    def test_what_only_looks_like_an_envelope_is_left_as_it_is(self, body: bytes) -> None:
        assert read_documents(body) == [body]

    @pytest.mark.parametrize(
        ("body", "found"),
        [
            (b'{"msgBody": null}', "null"),
            (b'{"msgBody": {"JobsDetail": []}}', "an object with JobsDetail"),
            (b'{"specversion": "1.0", "type": "connector:apigw", "data": {"a": "msgBody"}, "msgBody": null}', "null"),
        ],
    )
    def test_an_envelope_without_a_text_is_malformed(self, body: bytes, found: str) -> None:
        (error,) = read_documents(body)

        assert isinstance(error, MalformedError)
        assert str(error) == f"a message holds {found}, no text"

    @pytest.mark.parametrize(
        "body",
        [
            envelope(envelope(JSON.decode()).decode()),
            base64.b64encode(envelope(base64.b64encode(JSON).decode())),
            json.dumps([{"msgBody": JSON.decode()}]).encode(),
            json.dumps([{"CMQ": {"type": "topic", "msgBody": JSON.decode()}}]).encode(),
            json.dumps(records(JSON.decode())).encode(),
            json.dumps({"specversion": "1.0", "type": "x", "data": {"msgBody": JSON.decode()}}).encode(),
            json.dumps({"specversion": "1.0", "type": "x", "data": JSON.decode()}).encode(),
        ],
    )
    def test_an_envelope_may_hold_another_and_a_list_of_one(self, body: bytes) -> None:
        assert read_documents(body) == [JSON]

    def test_a_body_may_be_a_list_of_messages(self) -> None:
        several = [{"msgBody": JSON.decode()}, {"msgBody": XML.decode()}, {"msgBody": None}]

        first, second, broken = read_documents(json.dumps(several).encode())

        assert (first, second) == (JSON, XML)
        assert isinstance(broken, MalformedError)

    def test_but_not_so_many_that_a_stranger_could_keep_us_busy(self) -> None:
        several = [{"msgBody": JSON.decode()}] * (MAX_DOCUMENTS + 1)

        assert len(read_documents(json.dumps(several[1:]).encode())) == MAX_DOCUMENTS
        (error,) = read_documents(json.dumps(several).encode())
        assert isinstance(error, MalformedError)

    def test_envelopes_without_end_are_malformed(self) -> None:
        body = JSON
        for _ in range(12):
            body = base64.b64encode(envelope(body.decode()))

        (error,) = read_documents(body)

        assert isinstance(error, MalformedError)

    @pytest.mark.parametrize("name", PUSHES)
    def test_the_sample_pushes_carry_a_job(self, name: str) -> None:
        pushed = event(f"queue/{name}")

        assert is_http(pushed)
        (job,) = read_jobs(documents.parse(only(read_request(pushed).body)))
        assert job.job_id == "j8d121820f5e411ec926ef19d53ba9c5d"

    @given(st.binary(max_size=200))
    def test_any_bytes_survive_any_wrapping(self, document: bytes) -> None:
        assert all(isinstance(found, bytes | MalformedError) for found in read_documents(document))
        assert read_documents(base64.b64encode(document)) == [document]

    @given(any_text)
    def test_any_text_is_a_document_or_malformed(self, text: str) -> None:
        for body in (text.encode(errors="surrogatepass"), envelope(text)):
            try:
                documents.parse(only(body))
            except MalformedError:
                continue


class TestRecords:
    @pytest.mark.parametrize("name", RECORDS)
    def test_the_sample_events_carry_a_job(self, name: str) -> None:
        told = event(f"queue/{name}")

        assert is_records(told)
        (document,) = read_records(told)
        assert isinstance(document, bytes)
        (job,) = read_jobs(documents.parse(document))
        assert job.job_id == "j8d121820f5e411ec926ef19d53ba9c5d"

    @pytest.mark.parametrize("name", OTHERS)
    def test_other_events_are_not_taken_for_them(self, name: str) -> None:
        assert not is_records(event(name))

    @pytest.mark.parametrize("carrier", ["CMQ", "Ckafka"])
    def test_every_record_is_read_and_bodies_may_be_base64(self, carrier: str) -> None:
        told = records(JSON.decode(), XML.decode(), base64.b64encode(JSON).decode(), carrier=carrier)

        assert read_records(told) == [JSON, XML, JSON]

    @pytest.mark.parametrize(
        "bad", [None, "text", {}, {"CMQ": None}, {"CMQ": {}}, {"CMQ": {"msgBody": 1}}, {"cos": {}}]
    )
    def test_a_bad_record_does_not_take_the_others_with_it(self, bad: object) -> None:
        told = records(JSON.decode(), XML.decode())
        told["Records"].insert(1, bad)

        first, broken, last = read_records(told)

        assert (first, last) == (JSON, XML)
        assert isinstance(broken, MalformedError)

    @given(json_values)
    def test_any_event_is_none_of_these_or_documents_and_errors(self, told: Any) -> None:  # noqa: ANN401 - any value
        for wrapped in (told, {"Records": [told]}, records(told), records(json.dumps(told))):
            if is_records(wrapped):
                assert all(isinstance(found, bytes | MalformedError) for found in read_records(wrapped))
