"""The q-sign signature of COS and CI, verified: https://cloud.tencent.com/document/product/436/7778.

Names and values of headers and parameters are percent-encoded in what is signed, names also in the two lists.
Only the headers and parameters that the signature lists are signed; the lists may be empty. The
signature may travel in the `Authorization` header or as query parameters (a presigned URL).
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from faketencent.cam import Cam, Identity
    from faketencent.wire import Request

_FIELDS = (
    "q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list", "q-signature",
)  # fmt: skip


def authenticate(cam: Cam, request: Request, token_header: str, now: float) -> Identity:
    """Who signed this request.

    Raises:
        ServiceError: unsigned, unknown key, expired, not yet valid, wrong token, or wrong signature;
            codes as COS names them.
    """
    fields = _fields(request)
    identity = cam.find(fields["q-ak"])
    if identity is None:
        raise ServiceError(403, "InvalidAccessKeyId", "The Access Key Id you provided does not exist")
    _check_times(fields, now)
    _check_token(identity, request, token_header, now)
    expected = _signature(identity.secret_key, request, fields)
    if not hmac.compare_digest(expected.encode(), fields["q-signature"].encode()):
        raise ServiceError(403, "SignatureDoesNotMatch", "The Signature you specified is invalid.")
    return identity


def _fields(request: Request) -> dict[str, str]:
    text = request.headers.get("Authorization", "")
    # The header is not form-encoded: the lists in it hold names that are encoded once, for the signature itself.
    fields = {n: v for n, _, v in (field.partition("=") for field in text.split("&"))} if text else request.params
    missing = [name for name in _FIELDS if name not in fields]
    if len(missing) == len(_FIELDS):
        raise ServiceError(403, "AccessDenied", "Access Denied: the request is not signed")
    if missing or fields["q-sign-algorithm"] != "sha1":
        raise ServiceError(400, "AuthorizationQueryParametersError", f"bad signature: {missing or 'algorithm'}")
    return {name: fields[name] for name in _FIELDS}


def _check_times(fields: dict[str, str], now: float) -> None:
    try:
        times = [int(t) for name in ("q-sign-time", "q-key-time") for t in fields[name].split(";")]
    except ValueError:
        times = []
    if len(times) != 4:
        raise ServiceError(400, "AuthorizationQueryParametersError", "bad q-sign-time or q-key-time")
    if now < times[0] or now < times[2]:
        raise ServiceError(403, "RequestTimeTooSkewed", "The request's time is ahead of the server's")
    if now > times[1] or now > times[3]:
        raise ServiceError(403, "AccessDenied", "Request has expired")


def _check_token(identity: Identity, request: Request, token_header: str, now: float) -> None:
    token = request.headers.get(token_header) or request.params.get(token_header)
    if identity.token is None:
        return
    if token is None or not hmac.compare_digest(token.encode(), identity.token.encode()):
        raise ServiceError(403, "InvalidAccessKeyId", "The security token does not belong to the key")
    if identity.expires_at is not None and now >= identity.expires_at:
        raise ServiceError(400, "ExpiredToken", "The security token has expired")


def _signature(secret_key: str, request: Request, fields: dict[str, str]) -> str:
    key_time = fields["q-key-time"]
    sign_key = _sign_key(secret_key, key_time)
    # The SDK signs the host without its port.
    headers = {**{name.lower(): value for name, value in request.headers.items()}, "host": request.host}
    params = {name.lower(): value for name, value in request.params.items()}
    http_string = "\n".join((
        request.method.lower(),
        request.decoded_path,
        _signed(fields["q-url-param-list"], params, "utf-8"),
        _signed(fields["q-header-list"], headers, "latin-1"),
        "",
    ))  # fmt: skip
    digest = hashlib.sha1(http_string.encode(), usedforsecurity=False).hexdigest()
    return _hmac(sign_key, f"sha1\n{fields['q-sign-time']}\n{digest}\n")


def _signed(names: str, values: dict[str, str], encoding: str) -> str:
    listed = [name for name in names.split(";") if name]
    by_encoded_name = {_encoded(name): value for name, value in values.items()}
    missing = [name for name in listed if name not in by_encoded_name]
    if missing:
        raise ServiceError(403, "SignatureDoesNotMatch", f"signed but not sent: {', '.join(missing)}")
    return "&".join(f"{name}={_quoted(by_encoded_name[name], encoding)}" for name in sorted(listed))


@lru_cache(maxsize=4096)
def _quoted(value: str, encoding: str) -> str:
    return quote(value, safe="-_.~", encoding=encoding)


@cache
def _encoded(name: str) -> str:
    return quote(name, safe="-_.~").lower()


@lru_cache
def _sign_key(secret_key: str, key_time: str) -> str:
    return _hmac(secret_key, key_time)


def _hmac(key: str, text: str) -> str:
    return hmac.digest(key.encode(), text.encode(), "sha1").hex()
