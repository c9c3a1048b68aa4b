"""An account that never used a service, where every set-up begins; and one that did."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from tencentcloud.cam.v20190116.models import GetRoleRequest
from tencentcloud.cls.v20201016.models import DescribeLogsetsRequest

from faketencent.cam import SERVICE_ROLES
from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from tests.faketencent.api.sdk import cam_client, cls_client, refused
from tests.faketencent.sdk import client_of, signed

pytestmark = pytest.mark.once


def role(cloud: FakeCloud, name: str) -> Any:  # noqa: ANN401 - the SDK has no types
    request = GetRoleRequest()
    request.RoleName = name
    return cam_client(cloud.cam.account).GetRole(request).RoleInfo


def test_it_has_neither_service_roles_nor_logs_nor_buckets() -> None:
    with in_process(FakeCloud.unused()) as cloud:
        account = cloud.cam.account
        for service_role in SERVICE_ROLES:
            with refused("InvalidParameter.RoleNotExist"):
                role(cloud, service_role.name)
        with refused("OperationDenied.AccountNotExists"):
            cls_client(account).DescribeLogsets(DescribeLogsetsRequest())
        assert client_of(account).list_buckets()["Buckets"] is None
        ci = "https://videos-1250000000.ci.ap-beijing.myqcloud.com/"
        assert "<Code>NoSuchBucket</Code>" in requests.get(ci, auth=signed(account, "/"), timeout=1).text


def test_other_accounts_have_the_roles_that_the_console_makes() -> None:
    with in_process(FakeCloud()) as cloud:
        assert [role(cloud, known.name).RoleType for known in SERVICE_ROLES] == ["system", "system"]
        assert cloud.cam.role_ready("SCF_QcsRole")
        assert cloud.cam.role_ready("CI_QCSRole", "ci.qcloud.com")
        cls_client(cloud.cam.account).DescribeLogsets(DescribeLogsetsRequest())
