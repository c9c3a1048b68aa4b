"""CLS's actions on logsets and topics: https://cloud.tencent.com/document/api/614."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faketencent.api.times import shown_time
from faketencent.cls.exceptions import wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from faketencent.api.action import Asked
    from faketencent.cls.models import ClsBackend
    from faketencent.cls.topics import Logset, Topic

_MOST = 100
_LONGEST = 3640
#: The names that a filter by name matches exactly, by `PreciseSearch`.
_PRECISE = {0: (), 1: ("topicName",), 2: ("logsetName",), 3: ("topicName", "logsetName")}


class TopicResponses:
    """One method per action."""

    def __init__(self, backend: ClsBackend) -> None:
        self._backend = backend

    def create_logset(self, asked: Asked) -> dict[str, Any]:
        """A new logset."""
        return {"LogsetId": self._backend.create_logset(asked.text("LogsetName"), asked.region).id}

    def describe_logsets(self, asked: Asked) -> dict[str, Any]:
        """The logsets of the region. That names are found by a part of them is assumed, as it is so for topics."""
        known = [logset for logset in self._backend.logsets.values() if logset.region == asked.region]
        found = [logset for logset in known if _passes(asked, (), _facts_of_logset(logset))]
        return {"TotalCount": len(found), "Logsets": [self._shown_logset(logset) for logset in _page(asked, found)]}

    def delete_logset(self, asked: Asked) -> dict[str, Any]:
        """A logset goes, when it has no topics."""
        self._backend.delete_logset(self._backend.logset(asked.text("LogsetId"), asked.region))
        return {}

    def create_topic(self, asked: Asked) -> dict[str, Any]:
        """A new topic, without an index."""
        logset = self._backend.logset(asked.text("LogsetId"), asked.region)
        period, storage = asked.number("Period", 30), asked.text("StorageType", "hot")
        if not 1 <= period <= _LONGEST or storage not in ("hot", "cold"):
            raise wrong(f"Period is 1 to {_LONGEST} days, StorageType hot or cold")
        options = {
            "StorageType": storage,
            "PartitionCount": asked.number("PartitionCount", 1),
            "AutoSplit": asked.parameters.get("AutoSplit", True),
            "MaxSplitPartitions": asked.number("MaxSplitPartitions", 50),
            "Describes": asked.text("Describes"),
        }
        return {"TopicId": self._backend.create_topic(logset, asked.text("TopicName"), period, **options).id}

    def describe_topics(self, asked: Asked) -> dict[str, Any]:
        """The topics of the region: https://cloud.tencent.com/document/product/614/56454."""
        known = [topic for topic in self._backend.topics.values() if topic.logset.region == asked.region]
        precise = _PRECISE.get(asked.number("PreciseSearch", 0))
        if precise is None:
            raise wrong("PreciseSearch is 0 to 3")
        found = [topic for topic in known if _passes(asked, precise, _facts_of_topic(topic))]
        return {"TotalCount": len(found), "Topics": [_shown_topic(topic) for topic in _page(asked, found)]}

    def delete_topic(self, asked: Asked) -> dict[str, Any]:
        """A topic goes, with all in it."""
        self._backend.delete_topic(self._backend.topic(asked.text("TopicId"), asked.region))
        return {}

    def _shown_logset(self, logset: Logset) -> dict[str, Any]:
        return {
            "LogsetId": logset.id,
            "LogsetName": logset.name,
            "CreateTime": shown_time(logset.created_at),
            "AssumerName": "",
            "Tags": [],
            "TopicCount": sum(topic.logset == logset for topic in self._backend.topics.values()),
            "RoleName": "",
        }


def _shown_topic(topic: Topic) -> dict[str, Any]:
    return {
        "LogsetId": topic.logset.id,
        "TopicId": topic.id,
        "TopicName": topic.name,
        "Index": topic.index is not None and topic.index.active,
        "AssumerName": "",
        "CreateTime": shown_time(topic.created_at),
        "Status": True,
        "Tags": [],
        "RoleName": "",
        "Period": topic.period,
        "BizType": 0,
        **topic.options,
    }


def _facts_of_logset(logset: Logset) -> dict[str, str]:
    return {"logsetId": logset.id, "logsetName": logset.name}


def _facts_of_topic(topic: Topic) -> dict[str, str]:
    return {"topicId": topic.id, "topicName": topic.name, **_facts_of_logset(topic.logset)}


def _passes(asked: Asked, precise: Iterable[str], facts: Mapping[str, str]) -> bool:
    for wanted in asked.parameters.get("Filters") or ():
        key, values = wanted.get("Key"), wanted.get("Values") or []
        if key not in facts:
            raise wrong(f"there is no filter {key}")
        exact = key.endswith("Id") or key in precise
        if not any(facts[key] == value if exact else value in facts[key] for value in values):
            return False
    return True


def _page(asked: Asked, found: list[Any]) -> list[Any]:
    offset, limit = asked.number("Offset", 0), asked.number("Limit", 20)
    if offset < 0 or not 1 <= limit <= _MOST:
        raise wrong(f"Offset is 0 or more, Limit 1 to {_MOST}")
    return found[offset : offset + limit]
