"""What an error of API 3.0 means for us: the one place where its codes are known.

https://cloud.tencent.com/document/api/583/17240 and the pages of each action. Codes are matched by their beginnings:
the same refusal comes as `UnauthorizedOperation` and as `UnauthorizedOperation.CAM`.
"""

from __future__ import annotations

import re

from shared.cloud.refusals import About, meaning_of
from shared.errors import (
    BlockedError,
    Cause,
    CloudError,
    ConflictError,
    GarbledReplyError,
    NoReplyError,
    NotFoundError,
    RejectedError,
    ServerError,
    ThrottledError,
)

_KEY = "Check the key pair in the environment or in .env (CAM console, API keys)"
_NETWORK = "Check this machine's network and proxy, and run the command again"
_CLOCK = "Set this machine's clock, by NTP"
_RIGHTS = (
    "Ask an administrator to give these credentials the policy that `./cos-watermark policy` prints for the command"
)
_MONEY = "Pay what the account owes, or verify its identity (console, billing centre)"
_OPEN = "Run `./cos-watermark setup`; or ask an administrator to open the SCF console once, and accept"
_ROLE = "Create the role with `./cos-watermark setup`; a new role takes a minute to be known everywhere"
_LIMIT = "Delete what is no longer needed, or ask Tencent Cloud to raise the limit (console, support ticket)"
_TOO_LONG = "There are too many buckets for one policy: deploy some of them with another file (--env-file)"
_TOLD_TWICE = (
    "Another trigger in this account is for the same uploads: delete it, or give both prefixes that do not overlap "
    "(SCF console, triggers)"
)

#: The first that fits counts.
_MEANINGS: tuple[tuple[str, type[CloudError], str], ...] = (
    (r"ClientNetworkError", NoReplyError, _NETWORK),
    (r"ServerNetworkError|InternalError.*|FailedOperation\.SearchTimeout", ServerError, "Run the command again"),
    # More than 15 searches of one topic at a time: https://cloud.tencent.com/document/product/614/56447.
    (r"RequestLimitExceeded.*|LimitExceeded\.LogSearch", ThrottledError, "Run the command again in a minute"),
    (r"AuthFailure\.SignatureExpire", BlockedError, _CLOCK),
    (r"AuthFailure\.UnauthorizedOperation|AuthFailure\.MFAFailure", BlockedError, _RIGHTS),
    (r"AuthFailure.*|InvalidCredential", BlockedError, _KEY),
    # While a function changes; the writer looks at its state.
    (r"UnauthorizedOperation\.FunctionStatus", ConflictError, ""),
    (r"UnauthorizedOperation\.Role", ConflictError, _ROLE),
    (r"ResourceNotFound\.Role", NotFoundError, _ROLE),
    (r"UnauthorizedOperation.*", BlockedError, _RIGHTS),
    (r".*(AccountInsufficient|InsufficientBalance|AccountIsolate|ServiceSuspended)", BlockedError, _MONEY),
    (r"FailedOperation\.(QcsRoleNotFound|OpenService|UnOpenedService)", BlockedError, _OPEN),
    (r"ResourceNotFound.*|InvalidParameter\.(RoleNotExist|PolicyIdNotExist)", NotFoundError, ""),
    (r"InvalidParameterValue\.FunctionName", NotFoundError, ""),
    (r"InvalidParameter\.PolicyDocumentLengthOverLimit", BlockedError, _TOO_LONG),
    (r"LimitExceeded.*|ResourceInsufficient.*", BlockedError, _LIMIT),
    (r".*CosNotifyRuleConflict|ResourceInUse\.Cos", ConflictError, _TOLD_TWICE),
    (r"ResourceInUse.*|.*(NameInUse|LogsetConflict|TopicConflict|IndexConflict)", ConflictError, ""),
)


def error_for(call: str, code: str, message: str, request_id: str = "") -> CloudError:
    """Our error for what the SDK raised or the service said; `call` reads like `scf GetFunction`."""
    said = _without_addresses(message) if code == "ClientNetworkError" else " ".join(message.split())
    cause = Cause(call, code=code, message=said, request_id=request_id)
    for pattern, kind, advice in _MEANINGS:
        if re.fullmatch(pattern, code):
            return kind(cause, advice)
    return RejectedError(cause)


def _without_addresses(message: str) -> str:
    """What kind of trouble the network has; the rest of such a text is addresses and objects of Python."""
    kinds = re.findall(r"\b\w+(?:Error|Timeout)\b", message)
    return f"no reply ({kinds[0]})" if kinds else "no reply"


def garbled(call: str, what: str) -> GarbledReplyError:
    """Our error for a reply that nobody can read."""
    return GarbledReplyError(Cause(call, message=what), "Check that no proxy replies instead of Tencent Cloud")


def for_operator(error: CloudError, action: str = "") -> CloudError:
    """The same error of COS or CI with advice for a person: otherwise it is for the person who looks after functions.

    `action` is the right that the call takes, if it is known.
    """
    if isinstance(error, NoReplyError):
        return NoReplyError(error.cause, _NETWORK)
    about = meaning_of(error.cause).about
    if error.cause.code == "RequestTimeTooSkewed":
        return BlockedError(error.cause, _CLOCK)
    if about is About.CREDENTIALS:
        return BlockedError(error.cause, _KEY)
    # CI says 401 where COS says 403. An archived object is 403 too, and no question of rights.
    if (error.cause.status != 403 and error.cause.code != "AccessDenied") or about is About.OBJECT:
        return error
    return BlockedError(error.cause, f"The right {action} is missing. {_RIGHTS}" if action else _RIGHTS)


def is_denied(error: CloudError) -> bool:
    """Whether these credentials lack the right, and nothing else is known to be wrong."""
    return bool(
        re.match(
            r"UnauthorizedOperation(?!\.(FunctionStatus|Role))|AuthFailure\.Unauthorized|AccessDenied", error.cause.code
        )
    )
