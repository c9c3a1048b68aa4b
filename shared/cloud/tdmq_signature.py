"""The signature of TDMQ's data-flow API, the classic one of Tencent Cloud: https://cloud.tencent.com/document/product/406/5906."""

from __future__ import annotations

import base64
import hmac
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class SignatureMethod(Enum):
    """How the text is signed; the service takes either, and SHA-1 where a request does not say."""

    SHA1 = "HmacSHA1"
    SHA256 = "HmacSHA256"


def sign(text: str, secret_key: str, method: SignatureMethod) -> str:
    """The signature of a text, base64."""
    digest = method.value.removeprefix("Hmac").lower()
    return base64.b64encode(hmac.new(secret_key.encode(), text.encode(), digest).digest()).decode()


def signed_text(verb: str, host: str, path: str, parameters: Mapping[str, str]) -> str:
    """What is signed of a request: its parameters sorted by name, values as they are before any URL-encoding."""
    joined = "&".join(f"{name.replace('_', '.')}={value}" for name, value in sorted(parameters.items()))
    return f"{verb}{host}{path}?{joined}"
