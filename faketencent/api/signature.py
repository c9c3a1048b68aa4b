"""The signature TC3-HMAC-SHA256, verified: https://cloud.tencent.com/document/api/583/33846.

What is signed are the raw bytes of the body, and the headers that the signature lists, as they were sent. One port can
serve all services: which one is meant stands in the credential's scope.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from faketencent.api.errors import ApiError

if TYPE_CHECKING:
    from faketencent.cam import Cam, Identity
    from faketencent.wire import Request

#: Seconds that a request's time may be from the service's.
TOLERANCE = 300
_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<date>\d{4}-\d\d-\d\d)/(?P<service>\w+)/tc3_request, ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


def authenticate(cam: Cam, request: Request, service: str, now: float) -> Identity:
    """Who signed this request.

    Raises:
        ApiError: unsigned, unknown key, out of time, wrong token, other service, or wrong signature.
    """
    found = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if not found or found["service"] != service or not {"content-type", "host"} <= {*found["headers"].split(";")}:
        raise ApiError("AuthFailure.InvalidAuthorization", "the header Authorization is missing or not as documented")
    identity = cam.find(found["id"])
    if identity is None:
        raise ApiError("AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that it is correct.")
    _check_time(request, found["date"], now)
    _check_token(identity, request, now)
    expected = sign(identity.secret_key, found["date"], service, _string_to_sign(request, found))
    if not hmac.compare_digest(expected.encode(), found["signature"].encode()):
        raise ApiError("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")
    return identity


def sign(secret_key: str, date: str, service: str, text: str) -> str:
    """The signature of the string to sign, in hex."""
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def _string_to_sign(request: Request, found: re.Match[str]) -> str:
    names = found["headers"].split(";")
    # A name that was signed but not sent cannot be verified.
    headers = "".join(f"{name}:{request.headers.get(name, '').strip().lower()}\n" for name in names)
    body = hashlib.sha256(request.body).hexdigest()
    canonical = "\n".join((request.method, "/", request.query, headers, found["headers"], body))
    scope = f"{found['date']}/{found['service']}/tc3_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return "\n".join(("TC3-HMAC-SHA256", request.headers.get("X-TC-Timestamp", ""), scope, digest))


def _check_time(request: Request, date: str, now: float) -> None:
    stamp = request.headers.get("X-TC-Timestamp", "")
    if not stamp.isdecimal():
        raise ApiError("MissingParameter", "The request is missing a required parameter `Timestamp`.")
    signed = datetime.fromtimestamp(int(stamp), timezone.utc).strftime("%Y-%m-%d")
    if abs(int(stamp) - now) > TOLERANCE or signed != date:
        raise ApiError("AuthFailure.SignatureExpire", "The provided credentials could not be validated: out of time.")


def _check_token(identity: Identity, request: Request, now: float) -> None:
    if identity.token is None:
        return
    given = request.headers.get("X-TC-Token", "")
    expired = identity.expires_at is not None and now >= identity.expires_at
    if expired or not hmac.compare_digest(given.encode(), identity.token.encode()):
        raise ApiError("AuthFailure.TokenFailure", "The token is wrong or has expired.")
