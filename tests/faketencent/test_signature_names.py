"""Names and values that have to be encoded before they are signed, with the SDK's own signature on them."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faketencent.sdk import signed

if TYPE_CHECKING:
    from qcloud_cos import CosS3Client

    from faketencent.cloud import FakeCloud
    from faketencent.cos import CosBackend
    from faketencent.server import Server

#: Says the same on every Python.
pytestmark = pytest.mark.once

HOST = "videos-1250000000.cos.ap-beijing.myqcloud.com"
#: What HTTP allows in the name of a header: RFC 9110, `token`.
TOKEN = string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~"
ODD_NAMES = ["a!b", "a%b", "a%21b", "a&b", "a+b", "a|b", "a'b", "a*b", "a`b", "A~B", "a^b", "a#b", "$", "a.b"]
ODD_PARAMETERS = ["a b", "a;b", "a&b=c", "a%2Fb", "a/b", "片", "A+B", "a=", "[x]", "!~*'()"]
#: Visible text: what is around it is stripped on its way.
values = st.text(st.characters(codec="utf-8", min_codepoint=0x21, exclude_categories=["C", "Z"]), max_size=8)
same_cloud = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_header_of_any_name_is_signed_so_that_it_is_accepted(
    any_client: CosS3Client, cloud: FakeCloud, videos: str, name: str
) -> None:
    any_client.put_object(Bucket=videos, Key="a", Body=b"", Metadata={f"x-cos-meta-{name}": "a/b c%41"})

    assert cloud.journal[-1].request.headers[f"x-cos-meta-{name}"] == "a/b c%41"
    assert f"x-cos-meta-{name}".lower() in cloud.cos.backend.get(videos, "a").headers


@given(metadata=st.dictionaries(st.text(TOKEN, min_size=1, max_size=8).map(str.lower), values, max_size=4))
@same_cloud
def test_any_metadata_that_http_can_carry_is_accepted(
    client: CosS3Client, videos: str, metadata: dict[str, str]
) -> None:
    client.put_object(Bucket=videos, Key="a", Body=b"", Metadata={f"x-cos-meta-{n}": v for n, v in metadata.items()})


@pytest.mark.parametrize("name", ODD_PARAMETERS)
def test_a_parameter_of_any_name_is_signed_so_that_it_is_accepted(
    cloud: FakeCloud, server: Server, hello: str, name: str
) -> None:
    params = {name: "1 2/3", "x": ""}

    reply = requests.get(
        f"http://{HOST}/a",
        params=params,
        auth=signed(cloud.cam.account, "a", params),
        proxies={"http": server.url},
        timeout=10,
    )

    assert (hello, reply.status_code, "NoSuchKey" in reply.text) == (hello, 404, True)


@pytest.mark.usefixtures("client")
@given(params=st.dictionaries(values.filter(bool), values, max_size=4))
@same_cloud
def test_any_parameters_are_accepted(cloud: FakeCloud, cos: CosBackend, videos: str, params: dict[str, str]) -> None:
    odd = {f"odd-{name}".lower(): value for name, value in params.items()}
    cos.put(videos, "a", b"hello")

    reply = requests.get(f"https://{HOST}/a", params=odd, auth=signed(cloud.cam.account, "a", odd), timeout=1)

    assert reply.content == b"hello"


@pytest.mark.parametrize("name", ODD_PARAMETERS)
def test_a_presigned_url_may_sign_a_parameter_of_any_name(client: CosS3Client, hello: str, name: str) -> None:
    url = client.get_presigned_url(Bucket=hello, Key="a.mp4", Method="GET", Params={name: "1 2/3"})

    assert requests.get(url, timeout=1).content == b"hello"
    assert requests.get(url.replace("1+2", "1+3"), timeout=1).status_code == 403


def test_a_name_that_was_signed_cannot_be_exchanged(cloud: FakeCloud, hello: str, client: CosS3Client) -> None:
    url = client.get_presigned_url(Bucket=hello, Key="a.mp4", Method="GET", Params={"a!b": "1"})

    assert requests.get(url.replace("&a%21b=", "&a%22b="), timeout=1).status_code == 403
    assert cloud.journal[-1].route.operation == "GetObject"
