"""CLS's actions on indexes and lines: https://cloud.tencent.com/document/api/614."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from faketencent.api.times import shown_time
from faketencent.cls.exceptions import conflict, not_exist, wrong
from faketencent.cls.searching import Query, Search, Searches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.api.action import Asked
    from faketencent.cls.models import ClsBackend
    from faketencent.cls.topics import Index, Line, Topic

_LONGEST_QUERY = 12 * 1024
_MOST_LINES = 1000
_OPTIONS = ("IncludeInternalFields", "MetadataFlag")


class SearchResponses:
    """One method per action."""

    def __init__(self, backend: ClsBackend) -> None:
        self._backend = backend
        self._searches = Searches()

    def create_index(self, asked: Asked) -> dict[str, Any]:
        """An index, for what is written from now on."""
        topic = self._topic(asked)
        if topic.index:
            raise conflict("Index", topic.id)
        self._set(topic, asked)
        return {}

    def modify_index(self, asked: Asked) -> dict[str, Any]:
        """Another index in the place of the one there is."""
        topic = self._topic(asked)
        _index(topic)
        self._set(topic, asked)
        return {}

    def describe_index(self, asked: Asked) -> dict[str, Any]:
        """The index as it is."""
        topic = self._topic(asked)
        index = _index(topic)
        return {
            "TopicId": topic.id,
            "Status": index.active,
            "Rule": index.rule,
            "ModifyTime": shown_time(index.changed_at),
            "IncludeInternalFields": index.options.get("IncludeInternalFields", False),
            "MetadataFlag": index.options.get("MetadataFlag", 0),
        }

    def search(self, asked: Asked) -> dict[str, Any]:
        """The lines from `From` on, before `To`, in ms: https://cloud.tencent.com/document/product/614/56447."""
        topic = self._topic(asked)
        limit = asked.number("Limit", 100)
        if not 1 <= limit <= _MOST_LINES:
            raise wrong(f"Limit is 1 to {_MOST_LINES}")
        lines, context = self._searches.page(self._search(topic, asked), limit)
        return {
            "Context": context,
            "ListOver": not context,
            "Analysis": False,
            "ColNames": [],
            "Columns": None,
            "Results": [self._shown(topic, line) for line in lines],
            "AnalysisResults": [],
            "AnalysisRecords": None,
            "SamplingRate": 1,
        }

    def _search(self, topic: Topic, asked: Asked) -> Search:
        now, context = self._backend.clock.now(), asked.text("Context")
        if context:
            return self._searches.next_page(context, topic.id, now)
        _index(topic)
        text, order = asked.text("QueryString"), asked.text("Sort", "desc")
        if len(text.encode()) > _LONGEST_QUERY or order not in ("asc", "desc"):
            raise wrong("a query has up to 12 KB, Sort is asc or desc")
        query, first, end = Query.read(text), asked.number("From", 0), asked.number("To", 0)
        lines = [line for line in self._backend.found(topic) if first <= _ms(line) < end and query.finds(line)]
        lines.sort(key=lambda line: (_ms(line), line.number), reverse=order == "desc")
        return Search(topic.id, lines, 0, now)

    def _shown(self, topic: Topic, line: Line) -> dict[str, Any]:
        numbered = self._backend.numbered
        return {
            "Time": _ms(line),
            "TopicId": topic.id,
            "TopicName": topic.name,
            "Source": "",
            "FileName": "",
            "HostName": "",
            "PkgId": f"PKG{line.number:013X}" if numbered else "",
            "PkgLogId": "0" if numbered else "",
            "HighLights": [],
            "LogJson": json.dumps(line.fields, ensure_ascii=False),
            "RawLog": "",
            "IndexStatus": "",
        }

    def _topic(self, asked: Asked) -> Topic:
        return self._backend.topic(asked.text("TopicId"), asked.region)

    def _set(self, topic: Topic, asked: Asked) -> None:
        given = asked.parameters
        options = {name: given[name] for name in _OPTIONS if name in given}
        self._backend.set_index(topic, active=given.get("Status"), rule=_rule(given), **options)


def _rule(given: Mapping[str, Any]) -> Mapping[str, Any] | None:
    rule = given.get("Rule")
    if rule is None:
        return None
    key_value = rule.get("KeyValue") or {}
    for entry in key_value.get("KeyValues") or ():
        if not entry.get("Key") or entry.get("Value", {}).get("Type") not in ("text", "long", "double", "json"):
            raise wrong("a field of the index needs a Key and a Value with a Type")
    return dict(rule)


def _index(topic: Topic) -> Index:
    """The topic's index; which code says that there is none is assumed.

    Raises:
        ApiError: ResourceNotFound.IndexNotExist.
    """
    if topic.index is None:
        raise not_exist("Index", f"of {topic.id}")
    return topic.index


def _ms(line: Line) -> int:
    return round(line.at * 1000)
