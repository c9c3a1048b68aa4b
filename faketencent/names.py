"""Host names of the whole world that lead to the fake cloud, in this process."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from faketencent.scf.instance_runtime import lead_names_to

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def names_lead_to(port: int) -> Iterator[None]:
    """Have every host name lead to that port of this machine, whatever port a client asks for."""
    usual = socket.getaddrinfo
    lead_names_to(port)
    try:
        yield
    finally:
        socket.getaddrinfo = usual
