"""CLS's API. Resources are `*`, as set-up needs them: a topic's own is known only when it is there, as in a search."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from faketencent.api.action import Action
from faketencent.api.service import ApiService
from faketencent.cls.models import ClsBackend
from faketencent.cls.search_responses import SearchResponses
from faketencent.cls.topic_responses import TopicResponses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from faketencent.api.action import Asked
    from faketencent.cloud import FakeCloud

_TOPIC_OPTIONS = "Period StorageType PartitionCount AutoSplit MaxSplitPartitions Describes"
_INDEX_OPTIONS = "Rule Status IncludeInternalFields MetadataFlag"
_PAGE = "Filters Offset Limit"


class ClsApi(ApiService):
    """CLS in all its regions; its state is `backend`."""

    name: ClassVar[str] = "cls"
    version: ClassVar[str] = "2020-10-16"

    def __init__(self, cloud: FakeCloud) -> None:
        self.backend = ClsBackend(cloud.clock, cloud.appid)
        topic, search = TopicResponses(self.backend), SearchResponses(self.backend)
        super().__init__(cloud, [
            Action("OpenClsService", self._open),
            self._action("CreateLogset", topic.create_logset, "LogsetName"),
            self._action("DescribeLogsets", topic.describe_logsets, "", _PAGE),
            self._action("DeleteLogset", topic.delete_logset, "LogsetId"),
            self._action("CreateTopic", topic.create_topic, "LogsetId TopicName", _TOPIC_OPTIONS),
            self._action("DescribeTopics", topic.describe_topics, "", f"{_PAGE} PreciseSearch BizType"),
            self._action("DeleteTopic", topic.delete_topic, "TopicId"),
            self._action("CreateIndex", search.create_index, "TopicId", _INDEX_OPTIONS),
            self._action("ModifyIndex", search.modify_index, "TopicId", _INDEX_OPTIONS),
            self._action("DescribeIndex", search.describe_index, "TopicId"),
            replace(
                self._action("SearchLog", search.search, "From To TopicId",
                             "QueryString QuerySyntax Sort Limit Context SamplingRate UseNewAnalysis"),
                resource=self._topic,
            ),
        ])  # fmt: skip

    def _action(
        self, name: str, handler: Callable[[Asked], Mapping[str, Any]], required: str, optional: str = ""
    ) -> Action:
        served = partial(self._when_opened, handler)
        return Action(name, served, frozenset(required.split()), frozenset(optional.split()))

    def _topic(self, asked: Asked) -> str:
        return f"qcs::cls:{asked.region}:uin/{self.cloud.cam.uin}:topic/{asked.text('TopicId')}"

    def _when_opened(self, handler: Callable[[Asked], Mapping[str, Any]], asked: Asked) -> Mapping[str, Any]:
        self.backend.check_opened()
        return handler(asked)

    def _open(self, asked: Asked) -> dict[str, Any]:  # noqa: ARG002 - it takes nothing
        self.backend.open()
        return {}
