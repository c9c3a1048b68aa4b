"""Server-side encryption: https://cloud.tencent.com/document/product/436/7728.

Nothing is encrypted here; what is kept is what replies say about it, under lower-case header names.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from faketencent.cos.exceptions import invalid_argument
from faketencent.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

MANAGED = "x-cos-server-side-encryption"
KMS_KEY = f"{MANAGED}-cos-kms-key-id"
CUSTOMER = f"{MANAGED}-customer"
COPY_SOURCE_CUSTOMER = "x-cos-copy-source-server-side-encryption-customer"


def encryption_from_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The encryption that a write asks for, as replies will state it.

    Raises:
        ServiceError: 400 InvalidArgument.
    """
    if f"{CUSTOMER}-algorithm" in headers:
        digest = _key_digest(headers, CUSTOMER)
        return {f"{CUSTOMER}-algorithm": "AES256", f"{CUSTOMER}-key-md5": digest}
    if MANAGED not in headers:
        return {}
    method = headers[MANAGED]
    if method not in ("AES256", "cos/kms"):
        raise invalid_argument(f"{MANAGED} must be AES256 or cos/kms")
    key = {KMS_KEY: headers[KMS_KEY]} if method == "cos/kms" and KMS_KEY in headers else {}
    return {MANAGED: method, **key}


def hides_content(encryption: Mapping[str, str]) -> bool:
    """Whether the ETag is not the content's MD5: so with KMS and with customers' keys."""
    return encryption.get(MANAGED) == "cos/kms" or f"{CUSTOMER}-algorithm" in encryption


def encryption_headers(encryption: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a reply says about it, spelled as documented."""
    return [(name.replace("-md5", "-MD5"), value) for name, value in encryption.items()]


def check_customer_key(encryption: Mapping[str, str], headers: Mapping[str, str], prefix: str = CUSTOMER) -> None:
    """An object under a customer's key is only read with that key.

    Raises:
        ServiceError: 400 SsecDecryptHeaderInvalid without the key, 403 AccessDenied with another (assumed).
    """
    digest = encryption.get(f"{CUSTOMER}-key-md5")
    if digest is None:
        return
    if f"{prefix}-algorithm" not in headers:
        raise ServiceError(400, "SsecDecryptHeaderInvalid", "the object needs its customer key")
    if _key_digest(headers, prefix) != digest:
        raise ServiceError(403, "AccessDenied", "the customer key is not the one of the object")


def _key_digest(headers: Mapping[str, str], prefix: str) -> str:
    digest = headers.get(f"{prefix}-key-md5", "")
    try:
        key = base64.b64decode(headers.get(f"{prefix}-key", ""), validate=True)
    except ValueError as error:
        raise invalid_argument(f"{prefix}-key is not Base64") from error
    computed = base64.b64encode(hashlib.md5(key, usedforsecurity=False).digest()).decode()
    if headers[f"{prefix}-algorithm"] != "AES256" or len(key) != 32 or computed != digest:
        raise invalid_argument(f"{prefix}-* must name AES256, a key of 32 bytes, and its MD5")
    return digest
