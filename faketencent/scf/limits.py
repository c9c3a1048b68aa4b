"""How large things may be: https://cloud.tencent.com/document/product/583/11637."""

from __future__ import annotations

import json

from faketencent.errors import ServiceError
from faketencent.scf.exceptions import EventTooLargeError

SYNC_EVENT = 6 * 1024 * 1024
ASYNC_EVENT = 128 * 1024
RESPONSE = 6 * 1024 * 1024
ENVIRONMENT = 4 * 1024
TIMEOUT = range(1, 901)
INIT_TIMEOUT = range(3, 301)
MESSAGE_TTL = range(60, 21601)
#: What the zip may come to when it is unpacked.
UNPACKED = 500 * 1024 * 1024
MEMORY = (64, *range(128, 3073, 128))
COS_TRIGGERS_PER_FUNCTION = 10
COS_TRIGGERS_PER_BUCKET = 10
TIMERS_PER_FUNCTION = 10


def serialized(event: object, limit: int) -> str:
    """The event as JSON text.

    Raises:
        EventTooLargeError: more than `limit` bytes.
        ServiceError: InvalidParameterValue, not JSON.
    """
    try:
        text = json.dumps(event, ensure_ascii=False)
        size = len(text.encode())
    except (TypeError, ValueError) as error:
        raise ServiceError(400, "InvalidParameterValue", f"the event is not JSON: {error}") from error
    if size > limit:
        raise EventTooLargeError(size, limit)
    return text
