"""What the tests with real connections begin with."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shared.cloud import connections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

BUCKET, REGION = "videos-1250000000", "ap-beijing"
#: Seconds. Short limits for these tests, and the most that a machine with other things to do may add to them.
LIMIT, SLACK = 0.2, 3.0


@contextmanager
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No proxy and no authorities of this machine's, and a session without connections."""
    for name in connections.HEARD:
        monkeypatch.delenv(name, raising=False)
    connections.session_in.cache_clear()
    yield
    connections.session().close()
    connections.session_in.cache_clear()


def connecting_to(port: int) -> Callable[..., socket.socket]:
    """Connects to a port of this machine, whatever address is asked for."""

    def connect(_: tuple[str, int], timeout: float | None, *__: object) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), timeout)

    return connect
