"""CLS, the log service: https://cloud.tencent.com/document/api/614/56477."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field

from ops.tencent.api import Product
from ops.tencent.replies import Answer, read_as
from shared.errors import NotFoundError, RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ops.tencent.api import Api

#: Where the service is opened for all regions.
_HOME = "ap-guangzhou"
_PAGE = 100


class _Logset(Answer):
    id: str = Field(alias="LogsetId")
    name: str = Field(alias="LogsetName")


class Topic(Answer):
    """A topic, and the id of the log set that it is in."""

    id: str = Field(alias="TopicId")
    name: str = Field(alias="TopicName")
    logset: str = Field(alias="LogsetId")


class Index(Answer):
    """What can be searched for in a topic: `rule` as CLS has it."""

    active: bool = Field(alias="Status")
    rule: dict[str, Any] = Field(alias="Rule")


class _Logsets(Answer):
    found: list[_Logset] = Field(alias="Logsets")
    total: int = Field(alias="TotalCount")


class _Topics(Answer):
    found: list[Topic] = Field(alias="Topics")
    total: int = Field(alias="TotalCount")


@dataclass(frozen=True)
class Cls:
    """CLS in the region of `api`. Every method raises CloudError."""

    api: Api

    def is_open(self) -> bool:
        """Whether the account uses the service; that CLS refuses a look otherwise is assumed."""
        try:
            self._call("DescribeLogsets", Limit=1)
        except RejectedError:
            return False
        return True

    def open(self) -> None:
        """Begin to use the service, in all regions: https://cloud.tencent.com/document/product/614/96545."""
        self.api.call(Product.CLS, "OpenClsService", {}, _HOME)

    def logset(self, name: str) -> str | None:
        """The id of the log set of exactly that name."""
        return next((one.id for one in self._logsets(name) if one.name == name), None)

    def create_logset(self, name: str) -> str:
        """Make one; its id."""
        return str(self._call("CreateLogset", LogsetName=name).get("LogsetId", ""))

    def topic(self, logset: str, name: str) -> str | None:
        """The id of the topic of exactly that name in the log set."""
        return next((one.id for one in self._topics(name) if (one.logset, one.name) == (logset, name)), None)

    def topics_with(self, part: str) -> list[Topic]:
        """The topics whose names have that in them, no matter who made them."""
        return list(self._topics(part))

    def create_topic(self, logset: str, name: str, days: int) -> str:
        """Make one that keeps lines for so many days; its id."""
        options = {"Period": days, "StorageType": "hot", "PartitionCount": 1}
        return str(self._call("CreateTopic", LogsetId=logset, TopicName=name, **options).get("TopicId", ""))

    def index(self, topic: str) -> Index | None:
        """The topic's index, if it has one."""
        try:
            answer = self._call("DescribeIndex", TopicId=topic)
        except NotFoundError:
            return None
        # Without an index the rule may be absent: the page does not say.
        return read_as(Index, answer, "cls DescribeIndex") if answer.get("Rule") else None

    def create_index(self, topic: str, rule: Mapping[str, Any]) -> None:
        """Index what is written from now on."""
        self._call("CreateIndex", TopicId=topic, Rule=rule, Status=True)

    def modify_index(self, topic: str, rule: Mapping[str, Any]) -> None:
        """Index what is written from now on by another rule."""
        self._call("ModifyIndex", TopicId=topic, Rule=rule, Status=True)

    def _logsets(self, name: str) -> Iterator[_Logset]:
        for offset in range(0, 100 * _PAGE, _PAGE):
            answer = self._call("DescribeLogsets", **_named("logsetName", name, offset))
            page = read_as(_Logsets, answer, "cls DescribeLogsets")
            yield from page.found
            if not page.found or offset + _PAGE >= page.total:
                return

    def _topics(self, name: str) -> Iterator[Topic]:
        for offset in range(0, 100 * _PAGE, _PAGE):
            answer = self._call("DescribeTopics", **_named("topicName", name, offset))
            page = read_as(_Topics, answer, "cls DescribeTopics")
            yield from page.found
            if not page.found or offset + _PAGE >= page.total:
                return

    def _call(self, action: str, **parameters: object) -> dict[str, Any]:
        return self.api.call(Product.CLS, action, parameters)


def _named(key: str, name: str, offset: int) -> dict[str, object]:
    return {"Filters": [{"Key": key, "Values": [name]}], "Offset": offset, "Limit": _PAGE}
