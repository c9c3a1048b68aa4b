"""Wires the adapters together. Importing this imports the SDK, so it happens when the first call is due, not before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from shared.cloud.ci import Jobs
from shared.cloud.claims import Claims
from shared.cloud.clients import Clients
from shared.cloud.cos import Objects
from shared.cloud.transport import Transport
from shared.log import silence_sdk

if TYPE_CHECKING:
    from shared.settings import Credentials, Settings


def connect(settings: Settings, credentials: Credentials, region: str) -> Clients:
    """The adapters, with the credentials of this very invocation; `region` is where the functions and claims are."""
    silence_sdk()
    transport = Transport(credentials, settings.scheme)
    return Clients(settings, Objects(transport), Jobs(transport), Claims(transport, settings, region), time.time)
