"""What kind of event this is, and one clear error for those that a function can do nothing with.

An event may be any JSON value: the console's *Test* button sends whatever was typed into it
(https://cloud.tencent.com/document/product/583/30397).
"""

from __future__ import annotations

import re
from typing import Any

from shared.errors import MalformedError
from shared.events.http import is_http

#: Names and types of others that may stand in an error. Values never do: an event holds the uploader's signature.
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
#: The console's default test event, *Hello World*.
_HELLO_WORLD = frozenset({"key1", "key2"})
_SCALARS = {type(None): "null", bool: "a boolean", int: "a number", float: "a number", str: "a text"}


def is_timer(event: object) -> bool:
    """Whether the event is a tick of a timer: https://cloud.tencent.com/document/product/583/9708."""
    return isinstance(event, dict) and event.get("Type") == "Timer"


def is_cloud_event(event: object) -> bool:
    """Whether EventBridge sent this: https://cloud.tencent.com/document/product/1359/56075."""
    return isinstance(event, dict) and isinstance(event.get("specversion"), str)


def describe(value: object) -> str:
    """What this is, in a few words: for an error that an operator reads."""
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if not isinstance(value, dict):
        return _SCALARS.get(type(value), "no JSON value")
    kinds = ((is_timer, "a tick of a timer"), (is_http, "an HTTP request"), (_is_cos_event, "a COS event"))
    known = next((what for is_kind, what in kinds if is_kind(value)), "")
    return known or (_by_type(value) if is_cloud_event(value) else _by_names(value))


def unexpected(event: object, wanted: str, test_with: str) -> MalformedError:
    """The error for an event that is not what this function is for; `test_with` is a sample that it can read."""
    problem = f"this event is {describe(event)}, not {wanted}"
    if not isinstance(event, dict) or event.keys() <= _HELLO_WORLD:
        return MalformedError(
            f"{problem}: the console's Test button sends such events; upload a video, or test with {test_with}"
        )
    return MalformedError(f"{problem}: check the function's triggers")


def _is_cos_event(event: dict[Any, object]) -> bool:
    records = event.get("Records")
    return isinstance(records, list) and any(isinstance(record, dict) and "cos" in record for record in records[:1])


def _by_type(event: dict[Any, object]) -> str:
    kind = event.get("type")
    if isinstance(kind, str) and _NAME.fullmatch(kind):
        return f"an EventBridge event of the type {kind}"
    return "an EventBridge event of no type"


def _by_names(tree: dict[Any, object]) -> str:
    if not tree:
        return "an empty object"
    if tree.get("Records") == []:
        return "an empty list of records"
    names = [name for name in tree if isinstance(name, str) and _NAME.fullmatch(name)]
    if not names:
        return "an object"
    return f"an object with {', '.join(names[:3])}{' and more' if len(tree) > 3 else ''}"
