"""Whether a role is a service's, in whatever words CAM has it."""

from __future__ import annotations

import pytest

from ops.setup.trust import trust_in, trusts

#: Says the same on every Python.
pytestmark = pytest.mark.once

SERVICE = "scf.qcloud.com"


@pytest.mark.parametrize("principal", [{"service": SERVICE}, {"Service": ["cvm.qcloud.com", SERVICE]}])
@pytest.mark.parametrize("key", ["statement", "Statement"])
def test_the_service_is_found_in_either_way_of_writing(key: str, principal: object) -> None:
    assert trusts(trust_in(SERVICE), SERVICE)
    assert trusts({key: [{"principal": principal}]}, SERVICE)


@pytest.mark.parametrize(
    "principal", ["*", ["*"], None, {"qcs": ["qcs::cam::uin/1:root"]}, {"service": "ci.qcloud.com"}]
)
def test_what_names_others_is_no_role_of_the_service(principal: object) -> None:
    assert not trusts({"statement": [{"principal": principal}, "nothing"]}, SERVICE)
