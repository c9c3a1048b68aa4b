"""Checks of the TDMQ queue or topic that carries callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.doctor.finding import check, failed, passed, warned
from shared.cloud.tdmq import Message, connect_queue
from shared.errors import BlockedError
from shared.settings import CallbackType, MqMode, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer

_NO_SUCH_QUEUE = "4440"
#: A receipt handle of no message. Handles are long; this one is nobody's.
_NO_HANDLE = "0"


@check("message queue")
def message_queue(case: Case) -> Iterator[Answer]:
    """Whether the queue exists and may be polled.

    The only documented action that asks a queue without changing it is the deletion of a message that is not there: to
    receive would hide messages, and count. https://www.tencentcloud.com/document/product/1111/46420
    """
    settings = case.settings
    if settings.mq_mode is MqMode.TOPIC and settings.callback_type is CallbackType.TDMQ:
        yield warned(
            f"the topic {settings.mq_name} cannot be seen from here",
            "TDMQ console, the topic: an HTTP subscription must lead to the callback function's custom domain",
        )
    if not settings.has_queue:
        return
    where = settings.mq_region.value if settings.mq_region else ""
    try:
        connect_queue(settings, case.credentials, case.now).delete([Message("", b"", _NO_HANDLE)])
    except BlockedError as error:
        if error.cause.code != _NO_SUCH_QUEUE:
            raise
        yield failed(f"there is no queue {settings.mq_name} in {where}", f"Create it, or correct {variable('mq_name')}")
    else:
        yield passed(f"the queue {settings.mq_name} is in {where}")
