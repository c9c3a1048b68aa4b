"""What is no event for us: any JSON value is named in one clear error, and no check of an event's kind breaks on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from shared.errors import MalformedError
from shared.events.http import is_http
from shared.events.kinds import describe, is_timer, unexpected
from shared.events.messages import is_records
from shared.events.uploads import read_uploads
from tests.shared.samples import EVENTS, event, json_values

if TYPE_CHECKING:
    from pathlib import Path

CONSOLE = sorted((EVENTS / "console").iterdir())
SIGNATURE = "q-sign-algorithm=sha1&q-ak=AKID&q-signature=0123456789abcdef"


class TestDescriptions:
    @pytest.mark.parametrize(
        ("name", "what"),
        [
            ("console/text.json", "a text"),
            ("console/list.json", "a list"),
            ("console/empty-list.json", "an empty list"),
            ("console/number.json", "a number"),
            ("console/boolean.json", "a boolean"),
            ("console/null.json", "null"),
            ("console/empty-object.json", "an empty object"),
            ("console/hello-world.json", "an object with key1, key2"),
            ("timer/tick.json", "a tick of a timer"),
            ("http/function-url-json.json", "an HTTP request"),
            ("upload/put.json", "a COS event"),
            ("queue/ckafka.json", "an object with Records"),
            ("callback/success.json", "an object with EventName, JobsDetail"),
            ("envelope/eventbridge.json", "an EventBridge event of the type cos:created:object"),
        ],
    )
    def test_every_kind_of_event_has_a_name(self, name: str, what: str) -> None:
        assert describe(event(name)) == what

    @pytest.mark.parametrize(
        ("told", "what"),
        [
            ({"a": 1, "b": 2, "c": 3, "d": 4}, "an object with a, b, c and more"),
            ({"a b": 1}, "an object"),
            ({SIGNATURE: 1}, "an object"),
            ({"a\r\nb": 1, "c": 2}, "an object with c"),
            ({"x" * 65: 1}, "an object"),
            ({1: 2}, "an object"),
            ({"Records": []}, "an empty list of records"),
            ({"Records": [1]}, "an object with Records"),
            ({"specversion": "1.0"}, "an EventBridge event of no type"),
            ({"specversion": "1.0", "type": SIGNATURE}, "an EventBridge event of no type"),
            (b"bytes", "no JSON value"),
        ],
    )
    def test_of_what_others_chose_only_short_plain_names_are_shown(self, told: object, what: str) -> None:
        assert describe(told) == what


class TestUnexpectedEvents:
    @pytest.mark.parametrize("path", CONSOLE, ids=lambda path: path.name)
    def test_a_test_from_the_console_is_told_what_to_do_instead(self, path: Path) -> None:
        error = unexpected(event(f"console/{path.name}"), "a COS event", "events/upload/put.json")

        assert isinstance(error, MalformedError)
        assert "not a COS event: the console's Test button sends such events; upload a video" in str(error)
        assert "events/upload/put.json" in str(error)

    @pytest.mark.parametrize("path", CONSOLE, ids=lambda path: path.name)
    def test_to_the_upload_function_too(self, path: Path) -> None:
        with pytest.raises(MalformedError, match=r"this event is .+, not a COS event: the console's Test button"):
            read_uploads(event(f"console/{path.name}"), "ap-beijing")

    @pytest.mark.parametrize("name", ["timer/tick.json", "http/function-url-json.json", "callback/success.json"])
    def test_what_another_trigger_sent_points_at_the_triggers(self, name: str) -> None:
        with pytest.raises(MalformedError, match="not a COS event: check the function's triggers"):
            read_uploads(event(name), "ap-beijing")


class TestKinds:
    @pytest.mark.parametrize("folder", ["callback", "console", "envelope", "http", "queue", "timer", "upload"])
    def test_only_ticks_are_ticks_and_only_requests_are_requests(self, folder: str) -> None:
        for path in (EVENTS / folder).glob("*.json"):
            told = event(f"{folder}/{path.name}")

            assert is_timer(told) is (folder == "timer")
            assert is_http(told) is (folder == "http" or path.name.startswith("tdmq-push"))

    @given(json_values)
    def test_any_json_value_has_one_kind_at_most(self, told: Any) -> None:  # noqa: ANN401 - any JSON value
        assert is_timer(told) in (True, False)
        assert is_http(told) in (True, False)
        assert is_records(told) in (True, False)
        assert describe(told)
        assert isinstance(unexpected(told, "a COS event", "x"), MalformedError)
