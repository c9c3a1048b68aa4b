"""The signature of the classic Tencent API 2.0, verified: https://www.tencentcloud.com/document/product/406/5906.

What is signed: METHOD + host + path + `?` + all parameters but `Signature`, sorted by name and joined with `&`,
values as they are (not URL-encoded), underscores in names replaced by dots.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from typing import TYPE_CHECKING

from faketencent.tdmq.exceptions import AuthenticationError, SecretIdStatusError, UnknownSecretIdError
from faketencent.tdmq.parameters import parameters, required, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cam import Cam, Identity
    from faketencent.wire import Request

#: How far a Timestamp may be from the server's time, in seconds. Assumed: the documentation of this API says
#: nothing; API 3.0 says five minutes.
TOLERANCE = 300
#: Ports of small clusters. Whether the service signs a port is not documented; the official SDK signs the host as
#: its user typed it, so both ways are accepted. `Request.host` has lost its port.
_PORTS = ("", ":8443", ":8080")
_SHOWN_VALUE = 64


def authenticate(cam: Cam, request: Request, now: float) -> Identity:
    """Who signed this request.

    Raises:
        TdmqError: a parameter is missing, or the key, token, time or signature is wrong; the text says which,
            and what should have been signed.
    """
    given = parameters(request)
    signature = required(given, "Signature")
    whole_number(given, "Nonce", low=1)
    identity = cam.find(required(given, "SecretId"))
    if identity is None:
        raise UnknownSecretIdError
    _check_token(identity, given, now)
    _check_time(given, now)
    _check_signature(identity, request, given, signature)
    return identity


def signed_text(method: str, host: str, path: str, given: Mapping[str, str]) -> str:
    """The text that is signed."""
    joined = "&".join(
        f"{name.replace('_', '.')}={value}" for name, value in sorted(given.items()) if name != "Signature"
    )
    return f"{method}{host}{path}?{joined}"


def sign(secret_key: str, signature_method: str | None, text: str) -> str:
    """The signature: HMAC-SHA256 if it is asked for by name, HMAC-SHA1 otherwise; base64."""
    algorithm = hashlib.sha256 if signature_method == "HmacSHA256" else hashlib.sha1
    return b64encode(hmac.new(secret_key.encode(), text.encode(), algorithm).digest()).decode()


def _check_token(identity: Identity, given: Mapping[str, str], now: float) -> None:
    if not hmac.compare_digest(given.get("Token", "").encode(), (identity.token or "").encode()):
        raise AuthenticationError("the Token does not belong to the SecretId")
    if identity.expires_at is not None and now >= identity.expires_at:
        raise SecretIdStatusError("the temporary credentials have expired")


def _check_time(given: Mapping[str, str], now: float) -> None:
    off = whole_number(given, "Timestamp") - int(now)
    if abs(off) > TOLERANCE:
        raise AuthenticationError(f"the Timestamp is {off:+d} s from the server's time")


def _check_signature(identity: Identity, request: Request, given: Mapping[str, str], signature: str) -> None:
    method = given.get("SignatureMethod")
    texts = [signed_text(request.method, host, request.decoded_path, given) for host in _hosts(request)]
    expected = [sign(identity.secret_key, method, text) for text in texts]
    if not any(hmac.compare_digest(one.encode(), signature.encode()) for one in expected):
        shown = {name: _shown(name, value) for name, value in given.items()}
        text = signed_text(request.method, request.host, request.decoded_path, shown)
        raise AuthenticationError(f"the Signature is not the {method or 'HmacSHA1'} of {text}")


def _hosts(request: Request) -> list[str]:
    sent = request.headers.get("Host", request.host)
    return [sent, *(request.host + port for port in _PORTS)]


def _shown(name: str, value: str) -> str:
    if name == "Token":
        return "***"
    return value if len(value) <= _SHOWN_VALUE else f"{value[:_SHOWN_VALUE]}..."
