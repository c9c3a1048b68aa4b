"""What an error reply of COS or CI means for us: the one place where their codes are known.

Codes: https://cloud.tencent.com/document/product/436/7730 (COS) and
https://www.tencentcloud.com/document/product/1045/43611 (CI). A code that is not listed is judged by the HTTP
status, and a refusal that nobody knows counts as mendable: it is tried again until it is too old, and seen in the log.
"""

from __future__ import annotations

from shared.errors import (
    BlockedError,
    Cause,
    CloudError,
    ConflictError,
    NotFoundError,
    RejectedError,
    ServerError,
    ThrottledError,
)

RIGHTS = "Compare the function's role with the printed policy: `cos-watermark policy`"
_BINDING = "Bind the bucket to Cloud Infinite and enable media processing for it (CI console)"
CREDENTIALS = "The function's credentials were not accepted; the next invocation brings new ones"

#: What an operator has to do, by the code that says so.
_MENDABLE = {
    "AccessDenied": RIGHTS,
    "UnauthorizedOperation": RIGHTS,
    "CIRoleNotExist": "Authorise Cloud Infinite in its console: that creates the service role CI_QCSRole",
    "MediaBucketUnBinded": _BINDING,
    "MediaBucketNotBind": _BINDING,
    "BucketUnBinded": _BINDING,
    "NoSuchBucket": "Check that the bucket exists in this region and is bound to Cloud Infinite",
    "QueueNotFound": "Check WATERMARK_QUEUE_ID against the queues of the bucket (CI console)",
    "InvalidObjectState": "The object is archived: restore it, and the work goes on",
    "ObjectLocked": "The object is under retention: nothing can be written onto it until that ends",
    "ExpiredToken": CREDENTIALS,
    "InvalidAccessKeyId": CREDENTIALS,
    "SignatureDoesNotMatch": CREDENTIALS,
    "RequestTimeTooSkewed": "The function's clock is wrong, or the request was held up on its way",
}
_THROTTLES = {"SlowDown", "TooManyRequests", "RequestLimitExceeded", "KmsFreqControl", "FreqControl"}
_CONFLICTS = {"PreconditionFailed", "FileAlreadyExists"}
_OVERLOADS = {"InternalError", "ServiceUnavailable", "RequestTimeout"}
_REJECTIONS = {
    "EntityTooLarge",
    "InvalidArgument",
    "InvalidContent",
    "InvalidCopySource",
    "InvalidObject",
    "InvalidRequest",
    "InvalidURI",
    "KeyTooLong",
    "MalformedXML",
    "MetadataTooLarge",
    "MethodNotAllowed",
    "NotSupportedStorageClass",
    "SsecDecryptHeaderInvalid",
    "UnavailableForLegalReasons",
}
_MISSING = {"NoSuchKey", "NoSuchVersion", "NoSuchResource", "NoSuchCopySource"}


def refusal(cause: Cause) -> CloudError:
    """The error for a reply that is not a success."""
    by_code = _by_code(cause)
    return by_code if by_code else _by_status(cause)


def _by_code(cause: Cause) -> CloudError | None:
    if cause.code in _MENDABLE:
        return BlockedError(cause, _MENDABLE[cause.code])
    for codes, kind in (
        (_THROTTLES, ThrottledError),
        (_CONFLICTS, ConflictError),
        (_OVERLOADS, ServerError),
        (_REJECTIONS, RejectedError),
        (_MISSING, NotFoundError),
    ):
        if cause.code in codes:
            return kind(cause)
    return None


def _by_status(cause: Cause) -> CloudError:
    # A 200 can hold an error: a copy that failed on the way is one.
    if cause.status >= 500 or cause.status < 400:
        return ServerError(cause)
    if cause.status == 403:
        return BlockedError(cause, RIGHTS)
    # A 400 without a code is a HEAD's: the object cannot be read. A code that nobody knows may mean anything.
    if cause.status == 451 or (cause.status == 400 and not cause.code):
        return RejectedError(cause)
    plain: dict[int, type[CloudError]] = {
        404: NotFoundError,
        412: ConflictError,
        429: ThrottledError,
    }
    kind = plain.get(cause.status)
    return kind(cause) if kind else BlockedError(cause, "Look the code up in the documentation of COS or CI")
