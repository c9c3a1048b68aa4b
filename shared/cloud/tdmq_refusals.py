"""What an error of TDMQ means for us. Codes and module codes: https://cloud.tencent.com/document/product/1496/70948.

A code comes in the JSON of a reply whose HTTP status is 200 all the same; the message begins with a module code in
parentheses, which is finer.
"""

from __future__ import annotations

from shared.cloud.refusals import CREDENTIALS, RIGHTS
from shared.errors import BlockedError, Cause, CloudError, ServerError, ThrottledError

#: What an operator has to do, by the code that says so.
_MENDABLE = {
    "4100": CREDENTIALS,
    "4440": "Check WATERMARK_MQ_NAME and WATERMARK_MQ_REGION: there is no such queue",
}
#: One of the many meanings of 4000, "bad request": CAM says no.
_NO_RIGHTS = "(10461)"
_THROTTLES = ("4420", "4480")
_UNKNOWN = "Look the code up at https://cloud.tencent.com/document/product/1496/70948"


def refusal(cause: Cause) -> CloudError:
    """The error for a code that is not a success."""
    if cause.message.startswith(_NO_RIGHTS):
        return BlockedError(cause, RIGHTS)
    if cause.code in _MENDABLE:
        return BlockedError(cause, _MENDABLE[cause.code])
    if cause.code in _THROTTLES:
        return ThrottledError(cause)
    # 6000 and above are the service's own failures.
    return ServerError(cause) if cause.code >= "6" else BlockedError(cause, _UNKNOWN)
