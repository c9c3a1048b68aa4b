"""Refusals that a test can order from `faketencent/faults.py`, for the service to put into its own words.

CI's codes: https://www.tencentcloud.com/document/product/1045/43611, those of 401 as seen in the field; COS's:
https://cloud.tencent.com/document/product/436/7730. In arrears both say 402.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """An error in the service's own form, before the call had an effect."""

    status: int
    code: str
    message: str = "ordered by a test"


@dataclass(frozen=True)
class BareReply:
    """An error that names no code, before the call had an effect: empty, or not the service's own document."""

    status: int
    body: bytes = b""
    content_type: str = "text/html"


INVALID_ARGUMENT = Refusal(400, "InvalidArgument")
INVALID_REQUEST = Refusal(400, "InvalidRequest")
INVALID_CONTENT = Refusal(400, "InvalidContent")
MALFORMED_XML = Refusal(400, "MalformedXML")
SIGNATURE_EXPIRED = Refusal(401, "SignatureExpired")
UNKNOWN_SECRET_ID = Refusal(401, "SecretidNotExist")
INVALID_AUTHORIZATION = Refusal(401, "InvalidAuthorization")
MISSING_AUTHORIZATION = Refusal(401, "MissingAuthorization")
ACCESS_DENIED = Refusal(401, "AccessDenied")
PAYMENT_REQUIRED = Refusal(402, "PaymentRequired")
BALANCE_NOT_ENOUGH = Refusal(402, "BalanceNotEnough")
#: The status is assumed, as in `faketencent/ci/exceptions.py`.
ROLE_MISSING = Refusal(403, "CIRoleNotExist")
UNAVAILABLE_FOR_LEGAL_REASONS = Refusal(451, "UnavailableForLegalReasons")
DOMAIN_AUDIT_FAILED = Refusal(451, "DomainAuditFailed")

#: All of the above, to try a client with each.
REFUSALS = (
    INVALID_ARGUMENT,
    INVALID_REQUEST,
    INVALID_CONTENT,
    MALFORMED_XML,
    SIGNATURE_EXPIRED,
    UNKNOWN_SECRET_ID,
    INVALID_AUTHORIZATION,
    MISSING_AUTHORIZATION,
    ACCESS_DENIED,
    PAYMENT_REQUIRED,
    BALANCE_NOT_ENOUGH,
    ROLE_MISSING,
    UNAVAILABLE_FOR_LEGAL_REASONS,
    DOMAIN_AUDIT_FAILED,
)
