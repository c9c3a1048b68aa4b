"""The state of CLS, without HTTP.

backend = cloud.cls.backend
backend.opened = False                          # an account that never used the service
topic = backend.function_topic("ap-beijing")    # where SCF logs by default
backend.write(topic.id, {"SCF_FunctionName": "submit", "SCF_Message": "..."}, now)

What functions log is here by itself; it is read only when somebody asks for it, or an index changes.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from faketencent.cls.exceptions import (
    conflict,
    logset_not_empty,
    needs_a_person,
    not_exist,
    not_opened,
    wrong,
)
from faketencent.cls.topics import Index, Line, Logset, Topic
from faketencent.scf.log_lines import log_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.clock import Clock
    from faketencent.scf.function import Function
    from faketencent.scf.invocation import Invocation

_DAY = 86_400
_FUNCTION_FIELDS = (
    "SCF_FunctionName", "SCF_Namespace", "SCF_Qualifier", "SCF_Alias", "SCF_StartTime", "SCF_LogTime", "SCF_RequestId",
    "SCF_Duration", "SCF_MemUsage", "SCF_Level", "SCF_Message", "SCF_Type", "SCF_StatusCode", "SCF_RetryNum",
)  # fmt: skip
#: What SCF indexes in its own topics: https://cloud.tencent.com/document/product/583/60336. The separators are assumed.
FUNCTION_RULE = {
    "FullText": {"CaseSensitive": False, "Tokenizer": "@&?|#()='\",;:<>[]{}/ \n\t\r", "ContainZH": False},
    "KeyValue": {
        "CaseSensitive": False,
        "KeyValues": [
            {"Key": name, "Value": {"Type": "text", "Tokenizer": "", "SqlFlag": True, "ContainZH": False}}
            for name in _FUNCTION_FIELDS
        ],
    },
}


class ClsBackend:
    """All logs of one account.

    A test can choose: `opened`, whether the account uses the service; `may_open`, whether a call can open it; `delay`,
    after how many seconds a line is found; `numbered`, whether lines are told apart by PkgId and PkgLogId;
    `message_kept`, whether a line that became fields is also in SCF_Message, which no page says.
    """

    def __init__(self, clock: Clock, appid: str) -> None:
        self.clock = clock
        self.opened = True
        self.may_open = True
        self.delay = 0.0
        self.numbered = True
        self.message_kept = True
        self.logsets: dict[str, Logset] = {}
        self.topics: dict[str, Topic] = {}
        self._appid = appid
        self._made = 0
        self._unread: list[tuple[Function, Invocation]] = []

    def open(self) -> None:
        """Open the service, in all regions.

        Raises:
            ApiError: OperationDenied, a person must do it.
        """
        if not self.may_open:
            raise needs_a_person()
        self.opened = True

    def check_opened(self) -> None:
        """Refuse whatever an account asks for that never opened the service.

        Raises:
            ApiError: OperationDenied.AccountNotExists.
        """
        if not self.opened:
            raise not_opened()

    def create_logset(self, name: str, region: str) -> Logset:
        """Make a logset; its name is free in that region.

        Raises:
            ApiError: InvalidParameter, InvalidParameter.LogsetConflict.
        """
        _check_name(name)
        if any((known.name, known.region) == (name, region) for known in self.logsets.values()):
            raise conflict("Logset", name)
        logset = Logset(self._new_id(), name, region, self.clock.now())
        self.logsets[logset.id] = logset
        return logset

    def create_topic(self, logset: Logset, name: str, period: int = 30, **options: Any) -> Topic:  # noqa: ANN401 - shown again as they are
        """Make a topic without an index.

        Raises:
            ApiError: InvalidParameter, InvalidParameter.TopicConflict.
        """
        _check_name(name)
        if any((known.name, known.logset) == (name, logset) for known in self.topics.values()):
            raise conflict("Topic", name)
        topic = Topic(self._new_id(), name, logset, period, self.clock.now(), options)
        self.topics[topic.id] = topic
        return topic

    def function_topic(self, region: str) -> Topic:
        """The topic that SCF makes for itself in a region, and indexes."""
        for topic in self.topics.values():
            if topic.logset.region == region and topic.name.startswith("SCF_logtopic_"):
                return topic
        topic = self.create_topic(self.create_logset(f"SCF_logset_{self._appid}", region), f"SCF_logtopic_{region}", 7)
        topic.index = Index(FUNCTION_RULE, active=True, changed_at=self.clock.now())
        return topic

    def logset(self, logset_id: str, region: str) -> Logset:
        """The logset of that id.

        Raises:
            ApiError: ResourceNotFound.LogsetNotExist.
        """
        found = self.logsets.get(logset_id)
        if found is None or found.region != region:
            raise not_exist("Logset", logset_id)
        return found

    def topic(self, topic_id: str, region: str | None = None) -> Topic:
        """The topic of that id, in that region if one is given.

        Raises:
            ApiError: ResourceNotFound.TopicNotExist.
        """
        found = self.topics.get(topic_id)
        if found is None or region not in (None, found.logset.region):
            raise not_exist("Topic", topic_id)
        return found

    def delete_topic(self, topic: Topic) -> None:
        """Delete a topic with its index and lines."""
        del self.topics[topic.id]

    def delete_logset(self, logset: Logset) -> None:
        """Delete a logset that has no topics.

        Raises:
            ApiError: FailedOperation.LogsetNotEmpty.
        """
        if any(topic.logset == logset for topic in self.topics.values()):
            raise logset_not_empty(logset.name)
        del self.logsets[logset.id]

    def write(self, topic_id: str, fields: Mapping[str, str], now: float) -> Line:
        """Log a line; it is held by the index that the topic has now, if there is one.

        Raises:
            ApiError: ResourceNotFound.TopicNotExist.
        """
        self._read_runs()
        return self._put(self.topic(topic_id), fields, now, self.clock.now())

    def logged(self, function: Function, run: Invocation) -> None:
        """A function has run: what it logged goes where it says, or into SCF's own topic."""
        self._unread.append((function, run))

    def found(self, topic: Topic) -> list[Line]:
        """The lines that can be found at this moment: indexed when they came, not too new and not too old."""
        self._read_runs()
        now = self.clock.now()
        oldest = now - topic.period * _DAY
        return [
            line
            for line in topic.lines
            if line.index and line.index.active and line.seen_from <= now and line.at >= oldest
        ]

    def set_index(self, topic: Topic, *, active: bool | None, rule: Mapping[str, Any] | None, **options: Any) -> None:  # noqa: ANN401 - shown again as they are
        """Give a topic an index, or change what is given of the one it has; older lines stay as they were held."""
        self._read_runs()
        before = topic.index or Index({}, active=True, changed_at=0)
        topic.index = replace(
            before,
            rule=before.rule if rule is None else rule,
            active=before.active if active is None else active,
            changed_at=self.clock.now(),
            options={**before.options, **options},
        )

    def _put(self, topic: Topic, fields: Mapping[str, str], at: float, came: float) -> Line:
        self._made += 1
        line = Line(self._made, dict(fields), at, came + self.delay, topic.index)
        topic.lines.append(line)
        return line

    def _read_runs(self) -> None:
        runs, self._unread = self._unread, []
        for function, run in runs:
            topic = self.topics.get(function.topic) if function.topic else self.function_topic(function.region)
            if topic is not None:
                for at, fields in log_lines(function, run, message_kept=self.message_kept):
                    self._put(topic, fields, at, at)

    def _new_id(self) -> str:
        self._made += 1
        digest = hashlib.blake2b(f"{self._appid} {self._made}".encode(), digest_size=16).hexdigest()
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))


def _check_name(name: str) -> None:
    if not 1 <= len(name) <= 255 or "|" in name:
        raise wrong(f"{name!r} is no name")
