"""Parameters that hold more than a text or a number: what they mean, and how they are refused."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from faketencent.api.errors import ApiError
from faketencent.errors import ServiceError
from faketencent.scf import code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.api.action import Asked
    from faketencent.cloud import FakeCloud

_FROM_BUCKET = frozenset({"CosBucketName", "CosObjectName", "CosBucketRegion"})


def structure(asked: Asked, name: str, allowed: frozenset[str]) -> Mapping[str, Any]:
    """A parameter that has fields of its own; empty if it is not there.

    Raises:
        ApiError: it is something else, or has other fields.
    """
    return _fields(asked.parameters.get(name) or {}, name, allowed)


def variables(asked: Asked) -> dict[str, str] | None:
    """The parameter Environment; `None` if it is not there. One pair of two empty texts stands for no variables.

    Raises:
        ApiError: not a list of keys and values, or a key that comes twice.
    """
    if asked.parameters.get("Environment") is None:
        return None
    listed = structure(asked, "Environment", frozenset({"Variables"})).get("Variables") or []
    if not isinstance(listed, list):
        raise ApiError("InvalidParameter", "`Environment.Variables` is not a list.")
    pairs = [_pair(entry) for entry in listed]
    if pairs == [("", "")]:
        return {}
    if len(dict(pairs)) < len(pairs):
        raise ApiError("InvalidParameterValue.Environment", "A variable is given twice.")
    return dict(pairs)


def archive(asked: Asked, cloud: FakeCloud) -> bytes | None:
    """The code that the call brings or points at, on top level or in Code; `None` if there is none.

    Raises:
        ServiceError: not base64, no zip, too large when it is unpacked, or no such object.
    """
    inner = structure(asked, "Code", _FROM_BUCKET | {"ZipFile"})
    given = {**asked.parameters, **inner}
    if given.get("ZipFile"):
        found = _decoded(given["ZipFile"])
    elif given.get("CosObjectName"):
        found = _from_bucket(given, cloud)
    else:
        return None
    code.check(found)
    return found


def _from_bucket(given: Mapping[str, Any], cloud: FakeCloud) -> bytes:
    bucket = f"{given.get('CosBucketName')}-{cloud.appid}"
    try:
        region = cloud.cos.backend.bucket(bucket).region
        stored = cloud.cos.backend.get(bucket, str(given["CosObjectName"]).removeprefix("/"))
    except ServiceError as error:
        raise ApiError("InvalidParameterValue.CosObjectName", f"There is no such object: {error.message}") from error
    if region != given.get("CosBucketRegion", region):
        raise ApiError("InvalidParameterValue.CosBucketRegion", f"The bucket is in {region}.")
    return stored.body


def _decoded(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError as error:
        raise ApiError("InvalidParameterValue.ZipFileBase64BinasciiError", "ZipFile is not base64.") from error


def _pair(entry: object) -> tuple[str, str]:
    fields = _fields(entry, "Environment.Variables", frozenset({"Key", "Value"}))
    key, value = fields.get("Key"), fields.get("Value")
    if not isinstance(key, str) or not isinstance(value, str):
        raise ApiError("InvalidParameterValue.Environment", "A variable has a key and a value, both texts.")
    return key, value


def _fields(value: object, name: str, allowed: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ApiError("InvalidParameter", f"`{name}` is not an object.")
    unknown = sorted(value.keys() - allowed)
    if unknown:
        raise ApiError("UnknownParameter", f"The parameter `{name}.{unknown[0]}` is not recognized.")
    return value
