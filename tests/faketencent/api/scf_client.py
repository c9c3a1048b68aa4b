"""Tencent's own typed SDK for SCF, as it is, and what is deployed with it."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.scf.v20180416 import models
from tencentcloud.scf.v20180416.scf_client import ScfClient

if TYPE_CHECKING:
    from tencentcloud.common.profile.http_profile import HttpProfile

    from faketencent.cam import Identity

REGION = "ap-beijing"
HANDLER = "entry.main_handler"
ECHO = "def main_handler(event, context):\n    return {'echo': event}\n"


def zipped(entry: str = ECHO, **more: str) -> bytes:
    """A zip with an entry module, and with more modules."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in {"entry": entry, **more}.items():
            archive.writestr(f"{name}.py", text)
    return buffer.getvalue()


def in_base64(archive: bytes) -> str:
    """As the API takes it."""
    return base64.b64encode(archive).decode()


class Scf:
    """The SDK's client, signed by somebody. What it answers comes as the JSON of its response object."""

    def __init__(self, identity: Identity, region: str = REGION, profile: HttpProfile | None = None) -> None:
        credential = Credential(identity.secret_id, identity.secret_key, identity.token)
        self._client = ScfClient(credential, region, ClientProfile(httpProfile=profile) if profile else None)

    def ask(self, action: str, function: str | None = "submit", **parameters: Any) -> Any:  # noqa: ANN401 - JSON
        """Call an action for a function."""
        request = getattr(models, f"{action}Request")()
        named = {"FunctionName": function} if function else {}
        request.from_json_string(json.dumps({**named, **parameters}))
        return json.loads(getattr(self._client, action)(request).to_json_string())

    def refused(self, action: str, function: str = "submit", **parameters: Any) -> str:  # noqa: ANN401 - JSON
        """The code by which a call is refused."""
        with pytest.raises(TencentCloudSDKException) as caught:
            self.ask(action, function, **parameters)
        code: str = caught.value.code
        return code

    def create(self, function: str = "submit", entry: str = ECHO, **parameters: Any) -> None:  # noqa: ANN401 - JSON
        """Begin to create a function."""
        given = {"Runtime": "Python3.10", "Handler": HANDLER, "Code": {"ZipFile": in_base64(zipped(entry))}}
        self.ask("CreateFunction", function, **{**given, **parameters})

    def state(self, function: str = "submit") -> str:
        """What GetFunction says of it."""
        status: str = self.ask("GetFunction", function)["Status"]
        return status
