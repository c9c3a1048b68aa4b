"""What an error reply of COS, CI or TDMQ means for us: the one place where their codes are known.

Codes: https://cloud.tencent.com/document/product/436/7730 (COS),
https://www.tencentcloud.com/document/product/1045/43611 (CI) and
https://cloud.tencent.com/document/product/1496/70948 (TDMQ). A code that is not listed is judged by the HTTP status. A
refusal that nobody knows counts as one that an operator can deal with: it is tried again, and seen in the log.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from shared.errors import (
    BlockedError,
    Cause,
    CloudError,
    ConflictError,
    NotFoundError,
    RejectedError,
    ServerError,
    Service,
    ThrottledError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CI, TDMQ = Service.CI, Service.TDMQ


class About(Enum):
    """What a refusal is about."""

    SETUP = "rights, bindings and settings of the deployment"
    CREDENTIALS = "the key pair of this invocation"
    MONEY = "the account"
    OBJECT = "this object, or what was asked of it"
    MOMENT = "an outage or too many calls"
    CONDITION = "what the call required does not hold"
    MISSING = "what the call named does not exist"


class Meaning(NamedTuple):
    """What a refusal is about, our error for it, and what an operator has to do, if anything."""

    about: About
    error: type[CloudError]
    remedy: str = ""


def _setup(remedy: str) -> Meaning:
    return Meaning(About.SETUP, BlockedError, remedy)


_RIGHTS = _setup("Compare the function's role with the printed policy: `./cos-watermark policy`")
_BINDING = _setup("Bind the bucket to Cloud Infinite and enable media processing for it (CI console)")
#: CI has one code for every parameter that it does not like, and the parameters are the same for every object.
_JOB = _setup(
    "CI does not accept the job: compare WATERMARK_CALLBACK_URL (a public address), WATERMARK_QUEUE_ID, "
    "WATERMARK_MQ_REGION, WATERMARK_MQ_MODE and WATERMARK_MQ_NAME with the CI and TDMQ consoles"
)
#: The link opens the console's own page, which creates the role with its three policies. The principal is the base64 of
#: {"service":"ci.qcloud.com"}.
_ROLE = _setup(
    "Authorise Cloud Infinite to read the bucket; an administrator of the account opens "
    "https://console.cloud.tencent.com/cam/role/grant?roleName=CI_QCSRole"
    "&policyName=QcloudCOSDataFullControl,QcloudAccessForCIRole,QcloudPartAccessForCIRole"
    "&principal=eyJzZXJ2aWNlIjoiY2kucWNsb3VkLmNvbSJ9&serviceType=%E6%95%B0%E6%8D%AE%E4%B8%87%E8%B1%A1"
)
_DOMAIN = _setup("Tencent Cloud has blocked the bucket's domain: read the message centre and ask their support")
_LEGAL = _setup("Tencent Cloud has blocked the object, the bucket or the account: read its message centre")
_CODE = _setup("Look up the code in the documentation of COS or CI")
_TDMQ_CODE = _setup("Look up the code at https://cloud.tencent.com/document/product/1496/70948")
_CREDENTIALS = Meaning(
    About.CREDENTIALS,
    BlockedError,
    "The function's credentials were not accepted; the next invocation brings new ones. If it goes on: bind an "
    "execution role to the function",
)
_CLOCK = Meaning(
    About.CREDENTIALS, BlockedError, "The function's clock is wrong, or the request was delayed on its way"
)
_MONEY = Meaning(
    About.MONEY, BlockedError, "Pay what the Tencent Cloud account owes (billing console); then the work continues"
)
_OBJECT = Meaning(About.OBJECT, RejectedError)
_THROTTLE = Meaning(About.MOMENT, ThrottledError)
_OVERLOAD = Meaning(About.MOMENT, ServerError)
_CONDITION = Meaning(About.CONDITION, ConflictError)
_MISSING = Meaning(About.MISSING, NotFoundError)

#: By service and code; without a service, whichever it comes from. A code of TDMQ may be followed by its module code.
TABLE: Mapping[tuple[Service | None, str], Meaning] = {
    # rights and set-up
    (None, "AccessDenied"): _RIGHTS,
    (None, "UnauthorizedOperation"): _RIGHTS,
    (TDMQ, "4000(10461)"): _RIGHTS,
    (None, "CIRoleNotExist"): _ROLE,
    (None, "MediaBucketUnBinded"): _BINDING,
    (None, "MediaBucketNotBind"): _BINDING,
    (None, "BucketUnBinded"): _BINDING,
    (None, "NoSuchBucket"): _setup(
        "Check that the bucket exists in this region and is bound to Cloud Infinite",
    ),
    (None, "QueueNotFound"): _setup("Check WATERMARK_QUEUE_ID against the queues of the bucket (CI console)"),
    (TDMQ, "4440"): _setup("Check WATERMARK_MQ_NAME and WATERMARK_MQ_REGION: there is no such queue"),
    (CI, "InvalidArgument"): _JOB,
    (CI, "InvalidRequest"): _JOB,
    (CI, "InvalidContent"): _JOB,
    (CI, "InvalidContentType"): _JOB,
    (CI, "InvalidUrl"): _JOB,
    (CI, "MalformedXML"): _JOB,
    (CI, "MissingContent"): _JOB,
    (CI, "UnavailableForLegalReasons"): _LEGAL,
    (None, "DomainAuditFailed"): _DOMAIN,
    # credentials: 401 from CI, 400 and 403 from COS
    (None, "ExpiredToken"): _CREDENTIALS,
    (None, "InvalidAccessKeyId"): _CREDENTIALS,
    (None, "InvalidAuthorization"): _CREDENTIALS,
    (None, "MissingAuthorization"): _CREDENTIALS,
    (None, "Request has expired"): _CREDENTIALS,
    (None, "SecretidNotExist"): _CREDENTIALS,
    (None, "SignatureDoesNotMatch"): _CREDENTIALS,
    (None, "SignatureExpired"): _CREDENTIALS,
    (TDMQ, "4100"): _CREDENTIALS,
    (None, "RequestTimeTooSkewed"): _CLOCK,
    # money
    (None, "BalanceNotEnough"): _MONEY,
    (None, "PaymentRequired"): _MONEY,
    # the object
    (None, "InvalidObjectState"): Meaning(
        About.OBJECT, BlockedError, "The object is archived: restore it, and the work continues"
    ),
    (None, "ObjectLocked"): Meaning(
        About.OBJECT, BlockedError, "The object is under retention: nothing can be written onto it until that ends"
    ),
    (None, "EntityTooLarge"): _OBJECT,
    (None, "InvalidArgument"): _OBJECT,
    (None, "InvalidContent"): _OBJECT,
    (None, "InvalidCopySource"): _OBJECT,
    (None, "InvalidObject"): _OBJECT,
    (None, "InvalidRequest"): _OBJECT,
    (None, "InvalidURI"): _OBJECT,
    (None, "KeyTooLong"): _OBJECT,
    (None, "MalformedXML"): _OBJECT,
    (None, "MetadataTooLarge"): _OBJECT,
    (None, "MethodNotAllowed"): _OBJECT,
    (None, "NotSupportedStorageClass"): _OBJECT,
    (None, "SsecDecryptHeaderInvalid"): _OBJECT,
    (None, "UnavailableForLegalReasons"): _OBJECT,
    # the moment
    (None, "FreqControl"): _THROTTLE,
    (None, "KmsFreqControl"): _THROTTLE,
    (None, "RequestLimitExceeded"): _THROTTLE,
    (None, "SlowDown"): _THROTTLE,
    (None, "TooManyRequests"): _THROTTLE,
    (TDMQ, "4420"): _THROTTLE,
    (TDMQ, "4480"): _THROTTLE,
    (None, "InternalError"): _OVERLOAD,
    (None, "RequestTimeout"): _OVERLOAD,
    (None, "ServiceUnavailable"): _OVERLOAD,
    # conditions, and what is not there
    (None, "FileAlreadyExists"): _CONDITION,
    (None, "PreconditionFailed"): _CONDITION,
    (None, "NoSuchCopySource"): _MISSING,
    (None, "NoSuchKey"): _MISSING,
    (None, "NoSuchResource"): _MISSING,
    (None, "NoSuchVersion"): _MISSING,
}
_BY_STATUS = {
    401: _CREDENTIALS,
    402: _MONEY,
    403: _RIGHTS,
    404: _MISSING,
    408: _OVERLOAD,
    412: _CONDITION,
    429: _THROTTLE,
}


def refusal(cause: Cause) -> CloudError:
    """The error for a reply that is not a success."""
    meaning = meaning_of(cause)
    return meaning.error(cause, meaning.remedy)


def meaning_of(cause: Cause) -> Meaning:
    """What a reply that is not a success is about, by its code or else by its status."""
    if _names_the_account(cause):
        return _MONEY
    for key in _keys(cause):
        if key in TABLE:
            return TABLE[key]
    return _of_tdmq(cause) if cause.service is TDMQ and cause.status == 200 else _by_status(cause)


def _keys(cause: Cause) -> tuple[tuple[Service | None, str], ...]:
    module = re.match(r"\([0-9]+\)", cause.message)
    finer = cause.code + module[0] if module else cause.code
    return (cause.service, finer), (cause.service, cause.code), (None, cause.code)


def _names_the_account(cause: Cause) -> bool:
    # An account in arrears is told "The appid is unavailable for legal reasons", under the code of a blocked object.
    return cause.status == 451 and "appid" in cause.message.lower()


def _of_tdmq(cause: Cause) -> Meaning:
    # Its HTTP status is 200 for most errors. 6000 and above are the service's own failures.
    return _OVERLOAD if cause.code >= "6" else _TDMQ_CODE


def _by_status(cause: Cause) -> Meaning:
    # A 200 can hold an error: a copy that failed on the way is one. 520 comes from COS when its origin failed.
    if cause.status >= 500 or cause.status < 400:
        return _OVERLOAD
    if cause.status == 451 or (cause.status == 400 and not cause.code):
        return _unexplained(cause)
    return _BY_STATUS.get(cause.status, _CODE)


def _unexplained(cause: Cause) -> Meaning:
    if cause.service is CI:
        return _LEGAL if cause.status == 451 else _JOB
    # Of COS, a 400 without a code answers a HEAD: the object cannot be read.
    return _TDMQ_CODE if cause.service is TDMQ else _OBJECT
