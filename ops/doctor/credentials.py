"""Checks of the credentials that the doctor looks with, and of this machine's clock, which dates every signature."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from ops.doctor.finding import check, failed, passed, unseen, warned
from shared.errors import BlockedError, CloudError, NoReplyError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer

#: Codes of COS and CI (https://cloud.tencent.com/document/product/436/7730) that are about the key pair itself.
_REFUSALS = {
    "ExpiredToken": "The temporary credentials have expired: get new ones",
    "InvalidAccessKeyId": "Check TENCENTCLOUD_SECRET_ID, and TENCENTCLOUD_TOKEN if it is a temporary one (CAM console)",
    "SignatureDoesNotMatch": "Check TENCENTCLOUD_SECRET_KEY (CAM console, API keys)",
}
_SKEWED = "RequestTimeTooSkewed"
_SET_THE_CLOCK = "Set this machine's clock, by NTP"
#: Seconds. The SDK dates its signatures a minute back, so a clock that is further ahead makes them invalid.
_NOTICEABLE, _HARMFUL = 15, 60


@check("credentials")
def accepted(case: Case) -> Iterator[Answer]:
    """Whether the service knows them. What they may do is another question."""
    for bucket in case.buckets[:1]:
        try:
            case.cos.versioning(bucket)
        except NoReplyError as error:
            yield unseen(f"Tencent Cloud cannot be reached: {error.cause}", "Check this machine's network and proxy")
            return
        except CloudError as error:
            code = error.cause.code
            if code in _REFUSALS:
                yield unseen(f"refused: {error.cause}", _REFUSALS[code])
                return
            if code == _SKEWED or "expired" in error.cause.message.lower():
                yield unseen(f"the time of the signature is wrong: {error.cause}", _SET_THE_CLOCK)
                return
            if not isinstance(error, (BlockedError, NotFoundError)):
                # It says nothing about them: the service is down, or somebody else answers for it.
                raise
        if case.credentials.token is None:
            yield passed("the service accepts them")
        else:
            yield passed("the service accepts them, and they have not expired")


@check("clock")
def clock(case: Case) -> Iterator[Answer]:
    """How far this machine's clock is from the service's; replies are dated to the second."""
    for bucket in case.buckets[:1]:
        date = case.account.head(bucket).headers.get("Date", "")
        try:
            theirs = parsedate_to_datetime(date).timestamp()
        except (TypeError, ValueError):
            yield warned("the reply has no date to compare with", "Compare this machine's clock yourself")
            return
        ahead = round(case.now() - theirs)
        where = f"{abs(ahead)} s {'ahead' if ahead > 0 else 'behind'}"
        if abs(ahead) >= _HARMFUL:
            yield failed(f"this machine's clock is {where}", _SET_THE_CLOCK)
        elif abs(ahead) >= _NOTICEABLE:
            yield warned(f"this machine's clock is {where}", _SET_THE_CLOCK)
        else:
            yield passed("this machine's clock is right")
