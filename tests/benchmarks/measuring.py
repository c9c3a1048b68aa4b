"""One tick of the timer, measured: its calls, and the most memory it used.

Answers come straight from the fake, without anything in between that would remember them.
"""

from __future__ import annotations

import io
import os
import tracemalloc
from collections import Counter, deque
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import requests
from urllib3 import HTTPResponse

import functions.callback
from faketencent.wire import Request
from ops.policies import CALLBACK_ROLE
from tests.world import REGION, TICK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World

CONTEXT = {"time_limit_in_ms": 270_000, "tencentcloud_region": REGION}


@dataclass(frozen=True)
class Cost:
    """What one tick took: calls by operation, the greatest amount of memory in use, in bytes, and what it returned."""

    calls: Counter[str]
    peak: int
    summary: dict[str, object]

    def __str__(self) -> str:
        calls = ", ".join(f"{times} {operation}" for operation, times in self.calls.most_common())
        return f"{calls}; {self.peak / 1e6:.2f} MB at most"


@contextmanager
def measurable(world: World) -> Iterator[World]:
    """The deployment without a record of what it did; this process has the environment of its callback function."""
    role = world.cloud.cam.assume(CALLBACK_ROLE)
    credentials = {
        "TENCENTCLOUD_SECRETID": role.secret_id,
        "TENCENTCLOUD_SECRETKEY": role.secret_key,
        "TENCENTCLOUD_SESSIONTOKEN": role.token or "",
    }
    world.cloud.journal = deque(maxlen=1)
    with patch.dict(os.environ, {**credentials, **world.variables}):
        yield world


def tick(world: World, pace: float = 0) -> Cost:
    """One tick, each call of which takes `pace` seconds of the fake's time."""
    calls: Counter[str] = Counter()

    def send(
        adapter: requests.adapters.HTTPAdapter, prepared: requests.PreparedRequest, **_: object
    ) -> requests.Response:
        reply = world.cloud.dispatch(_request(prepared))
        calls[world.cloud.operations()[-1]] += 1
        world.cloud.clock.sleep(pace)
        raw = HTTPResponse(
            io.BytesIO(reply.body),
            dict(reply.headers),
            reply.status,
            preload_content=False,
            request_method=prepared.method,
        )
        return adapter.build_response(prepared, raw)

    with (
        patch.object(requests.adapters.HTTPAdapter, "send", send),
        Path(os.devnull).open("w", encoding="ascii") as nowhere,
        redirect_stdout(nowhere),
    ):
        tracemalloc.start()
        summary = functions.callback.main_handler(TICK, CONTEXT)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return Cost(calls, peak, summary)


def _request(prepared: requests.PreparedRequest) -> Request:
    headers = [(name, _text(value)) for name, value in prepared.headers.items()]
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
    return Request.to(str(prepared.method), str(prepared.url), headers, body)


def _text(value: Any) -> str:  # noqa: ANN401 - `requests` holds text or bytes, and is typed as if it were text only
    return value.decode() if isinstance(value, bytes) else str(value)
