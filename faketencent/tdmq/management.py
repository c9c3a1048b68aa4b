"""TDMQ's API 3.0, as far as it makes and removes queues of TDMQ for CMQ: https://cloud.tencent.com/document/api/1179.

In the real one a queue has many settings; here it is made with those that it has by default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from faketencent.api.action import Action
from faketencent.api.errors import ApiError
from faketencent.api.service import ApiService
from faketencent.scf.cos_event import SHORT_REGIONS
from faketencent.tdmq.exceptions import TdmqError

if TYPE_CHECKING:
    from faketencent.api.action import Asked
    from faketencent.cloud import FakeCloud


class TdmqApi(ApiService):
    """The queues of all regions; their state is `cloud.tdmq.backend`."""

    name: ClassVar[str] = "tdmq"
    version: ClassVar[str] = "2020-02-17"

    def __init__(self, cloud: FakeCloud) -> None:
        named = frozenset({"QueueName"})
        super().__init__(cloud, [
            Action("CreateCmqQueue", self._create, named),
            Action("DeleteCmqQueue", self._delete, named),
            Action("DescribeCmqQueues", self._list, optional=named | {"Offset", "Limit"}),
        ])  # fmt: skip

    def _create(self, asked: Asked) -> dict[str, Any]:
        name, region = asked.text("QueueName"), _short(asked)
        try:
            self.cloud.tdmq.backend.create_queue(name, region)
        except TdmqError as error:
            raise ApiError("FailedOperation.CmqBackendError", error.message) from error
        return {"QueueId": f"cmqq-{name}"}

    def _delete(self, asked: Asked) -> dict[str, Any]:
        try:
            self.cloud.tdmq.backend.delete_queue(asked.text("QueueName"), _short(asked))
        except TdmqError as error:
            raise ApiError("FailedOperation.CmqBackendError", error.message) from error
        return {}

    def _list(self, asked: Asked) -> dict[str, Any]:
        """That `QueueName` is looked for anywhere in a name is assumed."""
        names = [name for name in self.cloud.tdmq.backend.queue_names(_short(asked)) if asked.text("QueueName") in name]
        first = asked.number("Offset", 0)
        shown = names[first : first + asked.number("Limit", 20)]
        listed = [{"QueueId": f"cmqq-{name}", "QueueName": name} for name in shown]
        return {"TotalCount": len(names), "QueueList": listed}


def _short(asked: Asked) -> str:
    return SHORT_REGIONS.get(asked.region, asked.region)
