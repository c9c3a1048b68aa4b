"""The SDK's client and its signature, for whoever is to be the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcloud_cos import CosConfig, CosS3Client
from qcloud_cos.cos_auth import CosS3Auth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cam import Identity

REGION = "ap-beijing"


def client_of(identity: Identity, **options: object) -> CosS3Client:
    """A client without its retries; `options` are those of CosConfig."""
    return CosS3Client(_config(identity, **options), retry=0)


def signed(identity: Identity, path: str, params: Mapping[str, str] | None = None) -> CosS3Auth:
    """The signature on a request that is sent without the client."""
    return CosS3Auth(_config(identity), path, dict(params or {}))


def _config(identity: Identity, **options: object) -> CosConfig:
    keys = {"SecretId": identity.secret_id, "SecretKey": identity.secret_key, "Token": identity.token}
    return CosConfig(**{"Region": REGION, **keys, **options})
