"""Who the keys say that one is, in the words of the documented samples."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sts.v20180813 import models
from tencentcloud.sts.v20180813.sts_client import StsClient

from faketencent.cloud import FakeCloud
from faketencent.server import serve
from tests.faketencent.api.sdk import sts_client

if TYPE_CHECKING:
    from faketencent.cam import Identity

pytestmark = pytest.mark.once

UIN = "100000000001"


def caller(identity: Identity) -> tuple[str, str, str, str, str]:
    said = sts_client(identity).GetCallerIdentity(models.GetCallerIdentityRequest())
    return said.Type, said.AccountId, said.UserId, said.PrincipalId, said.Arn


def test_the_account_is_told_its_own_number(cloud: FakeCloud) -> None:
    assert caller(cloud.cam.account) == ("CAMUser", UIN, UIN, UIN, f"qcs::cam:{UIN}:uin/{UIN}")


def test_a_user_without_any_right_is_told_his_number_and_that_of_his_account(cloud: FakeCloud) -> None:
    amy = cloud.cam.create_user("amy")

    assert amy.id != UIN
    assert caller(amy) == ("CAMUser", UIN, amy.id, amy.id, f"qcs::cam:{UIN}:uin/{amy.id}")


def test_a_role_is_told_its_id_and_session(cloud: FakeCloud) -> None:
    role = cloud.cam.create_role("reader")

    arn = f"qcs::sts:{UIN}:assumed-role/{role.id}"
    assert caller(cloud.cam.assume("reader")) == ("CAMRole", UIN, f"{role.id}:reader", UIN, arn)


def test_it_says_so_over_http_too() -> None:
    cloud = FakeCloud()
    clock = SimpleNamespace(time=cloud.clock.now)
    with patch("tencentcloud.common.abstract_client.time", clock), serve(cloud) as server:
        account = cloud.cam.account
        profile = ClientProfile(httpProfile=HttpProfile(protocol="http", proxy=server.url))
        client = StsClient(Credential(account.secret_id, account.secret_key), "", profile)

        assert client.GetCallerIdentity(models.GetCallerIdentityRequest()).AccountId == UIN
