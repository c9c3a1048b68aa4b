"""Wires the adapters together. Importing this imports the SDK, so it happens when the first call is due, not before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from shared.ci import Jobs
from shared.claims import Claims
from shared.cos import Objects
from shared.log import silence_sdk
from shared.ports import Ports
from shared.transport import Transport

if TYPE_CHECKING:
    from shared.settings import Credentials, Settings


def connect(settings: Settings, credentials: Credentials, region: str) -> Ports:
    """The adapters, with the credentials of this very invocation; `region` is where the functions and claims are."""
    silence_sdk()
    transport = Transport(credentials, settings.scheme)
    return Ports(settings, Objects(transport), Jobs(transport), Claims(transport, settings, region), time.time)
