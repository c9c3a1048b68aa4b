"""Tencent's own typed clients, unmodified, and what they are refused."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tencentcloud.cam.v20190116.cam_client import CamClient
from tencentcloud.cls.v20201016.cls_client import ClsClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.sts.v20180813.sts_client import StsClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faketencent.cam import Identity

REGION = "ap-beijing"


def cam_client(identity: Identity) -> CamClient:
    return CamClient(_credential(identity), "")


def sts_client(identity: Identity) -> StsClient:
    return StsClient(_credential(identity), "")


def cls_client(identity: Identity) -> ClsClient:
    return ClsClient(_credential(identity), REGION)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expects the SDK to report this code."""
    with pytest.raises(TencentCloudSDKException) as caught:
        yield
    assert caught.value.code == code


def _credential(identity: Identity) -> Credential:
    return Credential(identity.secret_id, identity.secret_key, identity.token)
