"""COS events inside envelopes: every record comes out, what is unknown is named, and nesting is never expensive."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given

from shared.errors import MalformedError
from shared.events.envelopes import MAX_ENVELOPES
from shared.events.uploads import UploadEvent, read_uploads
from tests.shared.samples import event, json_values

PUT = event("upload/put.json")
RECORD = PUT["Records"][0]
(UPLOAD,) = read_uploads(PUT, "ap-beijing")


def kafka(*bodies: object) -> dict[str, Any]:
    return {"Records": [{"Ckafka": {"topic": "uploads", "msgBody": body}} for body in bodies]}


def bridge(data: object, kind: object = "cos:created:object") -> dict[str, Any]:
    return {"specversion": "1.0", "type": kind, "source": "cos.cloud.tencent", "data": data}


def nested(levels: int) -> Any:  # noqa: ANN401 - any JSON value
    """A record inside so many lists."""
    told = RECORD
    for _ in range(levels):
        told = [told]
    return told


class TestEnvelopes:
    @pytest.mark.parametrize(
        ("name", "happened"),
        [
            ("ckafka", ["Put"]),
            ("ckafka-base64", ["Put"]),
            ("ckafka-several", ["Put", "Copy", "CompleteMultipartUpload"]),
            ("eventbridge", ["Put"]),
            ("eventbridge-record", ["Put"]),
            ("eventbridge-data-as-text", ["Put"]),
            ("eventbridge-batch", ["Put", "CompleteMultipartUpload"]),
            ("eventbridge-ckafka", ["Put"]),
        ],
    )
    def test_the_sample_events_are_opened(self, name: str, happened: list[str]) -> None:
        found = read_uploads(event(f"envelope/{name}.json"), "ap-beijing")

        assert [getattr(one, "event_name", one) for one in found] == [f"cos:ObjectCreated:{name}" for name in happened]

    @pytest.mark.parametrize(
        "told",
        [
            RECORD,
            [RECORD],
            [PUT],
            kafka(json.dumps(RECORD)),
            kafka(json.dumps([RECORD])),
            kafka(json.dumps([PUT])),
            kafka(PUT),
            kafka(json.dumps(PUT, indent=1)),
            kafka("\n" + json.dumps(PUT)),
            kafka(base64.encodebytes(json.dumps(PUT).encode()).decode()),
            kafka(json.dumps(bridge(PUT))),
            kafka(json.dumps({"EventList": [bridge({"msgBody": json.dumps(PUT)}, "connector:ckafka")]})),
            bridge([RECORD]),
            bridge(kafka(json.dumps(PUT))),
            bridge(base64.b64encode(json.dumps(PUT).encode()).decode()),
            {"EventList": [bridge(PUT)]},
            [bridge(PUT)],
            {"Records": [{"CMQ": {"type": "topic", "msgBody": json.dumps(PUT)}}]},
        ],
    )
    def test_a_record_is_the_same_in_whatever_it_comes(self, told: object) -> None:
        assert read_uploads(told, "ap-beijing") == [UPLOAD]

    def test_the_uploaders_signature_is_never_in_what_was_read(self) -> None:
        whole, broken = json.dumps(PUT), json.dumps(PUT["Records"][0]["event"]["requestParameters"])
        assert "q-signature=" in whole
        assert "q-signature=" in broken

        assert "q-sign" not in repr(read_uploads(kafka(whole, broken, broken[1:], bridge(broken)), "ap-beijing"))

    def test_a_message_that_cannot_be_read_does_not_take_the_others_with_it(self) -> None:
        first, second, third = read_uploads(kafka(json.dumps(PUT), "Hello!", json.dumps(PUT)), "ap-beijing")

        assert first == third == UPLOAD
        assert isinstance(second, MalformedError)


class TestUnknownEnvelopes:
    @pytest.mark.parametrize(
        ("told", "named"),
        [
            (kafka("Hello from CKafka!"), "a message does not contain a COS event: not a well-formed JSON document"),
            (kafka(json.dumps({"EventName": "TaskFinish", "JobsDetail": []})), "an object with EventName, JobsDetail"),
            (kafka(None), "a record of the event is null, not a COS record"),
            (kafka("[]"), "an envelope has nothing in it"),
            (kafka(json.dumps({"Records": []})), "an envelope has nothing in it"),
            (kafka(json.dumps(bridge({"a": 1}, "connector:apigw"))), "EventBridge event of the type connector:apigw"),
            ({"EventList": [bridge({"a": 1}, "connector:apigw")]}, "EventBridge event of the type connector:apigw"),
            ({"Records": [{"CLS": {"topic": "x"}}]}, "an object with CLS"),
            ({"Records": [{"eventVersion": "2.1", "s3": {}}]}, "an object with eventVersion, s3"),
            ({"Records": ["a", RECORD]}, "a record of the event is a text"),
        ],
    )
    def test_the_error_names_what_was_found(self, told: object, named: str) -> None:
        first = read_uploads(told, "ap-beijing")[0]

        assert isinstance(first, MalformedError)
        assert named in str(first)

    @pytest.mark.parametrize(
        ("told", "named"),
        [
            (event("envelope/eventbridge-documented-sample.json"), "EventBridge event of the type cos:created:object"),
            (bridge({"a": 1}, "connector:apigw"), "EventBridge event of the type connector:apigw"),
            (bridge(None), "EventBridge event of the type cos:created:object"),
            ({"Records": []}, "an empty list of records"),
            ({"Records": {}}, "an object with Records"),
            ({"Records": "x"}, "an object with Records"),
            ([1, "a", None], "a list"),
        ],
    )
    def test_an_event_without_any_record_is_no_cos_event(self, told: object, named: str) -> None:
        with pytest.raises(MalformedError, match=f"this event is {named}|this event is an {named}"):
            read_uploads(told, "ap-beijing")


class TestNesting:
    def test_as_many_envelopes_as_make_sense_are_opened(self) -> None:
        assert read_uploads(nested(MAX_ENVELOPES), "ap-beijing") == [UPLOAD]

    @pytest.mark.parametrize("levels", [MAX_ENVELOPES + 1, 100_000])
    def test_deeper_ones_are_left_closed(self, levels: int) -> None:
        (error,) = read_uploads(nested(levels), "ap-beijing")

        assert isinstance(error, MalformedError)
        assert "envelopes in one another" in str(error)

    def test_so_are_texts_in_texts(self) -> None:
        body = json.dumps(PUT)
        for _ in range(MAX_ENVELOPES):
            body = base64.b64encode(json.dumps({"msgBody": body}).encode()).decode()

        (error,) = read_uploads(kafka(body), "ap-beijing")

        assert isinstance(error, MalformedError)
        assert "envelopes in one another" in str(error)

    @pytest.mark.parametrize("body", ["[" * 400_000, '{"data":' * 100_000, "[" * 5_000 + "]" * 5_000])
    def test_a_text_that_is_nested_without_end_is_malformed(self, body: str) -> None:
        (error,) = read_uploads(kafka(body), "ap-beijing")

        assert isinstance(error, MalformedError)

    def test_data_that_is_nested_without_end_is_not_looked_into(self) -> None:
        told: dict[str, Any] = bridge(PUT)
        for _ in range(100_000):
            told = bridge(told)

        (error,) = read_uploads(told, "ap-beijing")

        assert isinstance(error, MalformedError)


@given(json_values)
def test_any_json_value_is_records_or_malformed(told: Any) -> None:  # noqa: ANN401 - any JSON value
    for wrapped in (told, [told], {"Records": [told]}, kafka(told), kafka(json.dumps(told)), bridge(told)):
        try:
            found = read_uploads(wrapped, "ap-beijing")
        except MalformedError:
            continue
        assert found
        assert all(isinstance(one, UploadEvent | MalformedError) for one in found)
