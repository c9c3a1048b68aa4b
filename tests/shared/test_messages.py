"""The queue doors: whatever a message was wrapped in, the document comes out; whatever else comes, nothing breaks."""

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
from shared.events.messages import is_records, read_message, read_records
from tests.shared.samples import EVENTS, any_text, event

DOCUMENTS = sorted(path for path in (EVENTS / "callback").iterdir() if path.suffix in (".json", ".xml"))
PUSHES = sorted(path.name for path in (EVENTS / "queue").glob("tdmq-push-*.json"))
RECORDS = ["cmq-topic.json", "cmq-topic-tag-list.json", "cmq-topic-xml.json", "ckafka.json"]
OTHERS = ["upload/put.json", "timer/tick.json", "http/function-url-json.json", "queue/tdmq-push-json.json"]

JSON = json.dumps({"EventName": "TaskFinish", "JobsDetail": {"JobId": "j1"}}).encode()
XML = b"<Response><JobsDetail><JobId>j1</JobId></JobsDetail></Response>"


def envelope(body: object, **more: object) -> bytes:
    return json.dumps({"TopicOwner": 1250000000, "topicName": "results", "msgBody": body, **more}).encode()


def records(*messages: object, carrier: str = "CMQ") -> dict[str, Any]:
    return {"Records": [{carrier: {"type": "topic", "msgBody": message}} for message in messages]}


class TestMessages:
    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
    def test_every_document_comes_out_of_every_wrapping(self, path: Any) -> None:  # noqa: ANN401 - pathlib's own types
        document = path.read_bytes()
        encoded = base64.b64encode(document)

        for wrapped in (document, encoded, envelope(document.decode()), envelope(encoded.decode())):
            assert read_message(wrapped) == document

    @pytest.mark.parametrize("document", [JSON, XML, b"\xef\xbb\xbf" + JSON, b"\n  " + XML, "<a>水印</a>".encode()])
    def test_a_plain_document_is_left_as_it_is(self, document: bytes) -> None:
        assert read_message(document) == document

    def test_base64_may_have_lines_and_surrounding_space(self) -> None:
        assert read_message(b" \n" + base64.encodebytes(JSON * 3)) == JSON * 3

    @pytest.mark.parametrize(
        "body",
        [
            b'{"msgBody": null}',
            b'{"msgBody": {"JobsDetail": []}}',
            b'{"msgBody": "a", "msgBody": "b"}',
            b'{"msgBody": "a"',
            b'["msgBody"]',
            b'"msgBody"',
            b'{"a": "\\"msgBody\\""}',
        ],
    )
    def test_what_only_looks_like_an_envelope_is_left_as_it_is(self, body: bytes) -> None:
        assert read_message(body) == body

    def test_an_envelope_inside_an_envelope_is_not_opened(self) -> None:
        assert read_message(envelope(envelope("x").decode())) == envelope("x")

    @pytest.mark.parametrize("name", PUSHES)
    def test_the_sample_pushes_carry_a_job(self, name: str) -> None:
        pushed = event(f"queue/{name}")

        assert is_http(pushed)
        (job,) = read_jobs(documents.parse(read_message(read_request(pushed).body)))
        assert job.job_id == "j8d121820f5e411ec926ef19d53ba9c5d"

    @given(st.binary(max_size=200))
    def test_any_bytes_survive_any_wrapping(self, document: bytes) -> None:
        once = read_message(document)

        assert isinstance(once, bytes)
        assert read_message(base64.b64encode(document)) == document

    @given(any_text)
    def test_any_text_is_a_document_or_malformed(self, text: str) -> None:
        for body in (text.encode(errors="surrogatepass"), envelope(text)):
            try:
                documents.parse(read_message(body))
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

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | any_text,
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["Records", "CMQ", "Ckafka", "msgBody", "cos"]), inner, max_size=4)
            ),
            max_leaves=15,
        ).map(lambda tree: tree if isinstance(tree, dict) else {"Records": tree})
    )
    def test_any_event_is_none_of_these_or_documents_and_errors(self, told: dict[str, Any]) -> None:
        if is_records(told):
            assert all(isinstance(found, bytes | MalformedError) for found in read_records(told))
