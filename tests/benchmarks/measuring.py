"""One tick of the timer, measured: its calls, its time, and the most memory it used.

Answers come straight from the fake, without anything in between that would remember them.
"""

from __future__ import annotations

import io
import os
import pickle
import time
import tracemalloc
from collections import Counter, deque
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import requests
from urllib3 import HTTPResponse

import functions.callback
from faketencent.wire import Request
from ops.policies import CALLBACK_ROLE
from tests.world import LEDGER, REGION, TICK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World

CONTEXT = {"time_limit_in_ms": 270_000, "tencentcloud_region": REGION}
MINUTE = 60
#: Seconds that a call takes, give or take, from a function to a bucket in its region.
CALL = 0.03
_YEAR = 366 * 86_400


class Weigh(Enum):
    """Whether memory is watched, which makes everything slower."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class Cost:
    """What one tick took, and the summary that it returned.

    `calls` are counted by operation, `read` by the name of what was read in the ledger. `seconds` passed on the fake's
    clock, `work` is the time of this machine's processor in seconds, without what the fake took; `peak` is the greatest
    amount of memory in use, in bytes, or zero where it was not weighed.
    """

    calls: Counter[str]
    read: Counter[str]
    seconds: float
    work: float
    peak: int
    summary: dict[str, Any]

    def __str__(self) -> str:
        calls = ", ".join(f"{times} {operation}" for operation, times in self.calls.most_common())
        return f"{calls}; {self.peak / 1e6:.2f} MB at most"

    def reads(self, folder: str) -> int:
        """How many of the names in a folder of the ledger were read, those that were read twice counted twice."""
        return sum(times for name, times in self.read.items() if name.startswith(folder))


@contextmanager
def measurable(world: World) -> Iterator[World]:
    """The deployment without a record of what it did; this process has the environment of its callback function."""
    role = world.cloud.cam.assume(CALLBACK_ROLE, lifetime=_YEAR)
    credentials = {
        "TENCENTCLOUD_SECRETID": role.secret_id,
        "TENCENTCLOUD_SECRETKEY": role.secret_key,
        "TENCENTCLOUD_SESSIONTOKEN": role.token or "",
    }
    world.cloud.journal = deque(maxlen=1)
    with patch.dict(os.environ, {**credentials, **world.variables}):
        yield world


def tick(world: World, pace: float = 0, weigh: Weigh = Weigh.YES) -> Cost:
    """One tick, each call of which takes `pace` seconds of the fake's time."""
    calls, read, fake = Counter[str](), Counter[str](), 0.0

    def send(
        adapter: requests.adapters.HTTPAdapter, prepared: requests.PreparedRequest, **_: object
    ) -> requests.Response:
        nonlocal fake
        began = time.process_time()
        reply = world.cloud.dispatch(_request(prepared))
        fake += time.process_time() - began
        call = world.cloud.journal[-1]
        calls[call.route.operation] += 1
        if call.bucket == LEDGER and call.route.operation == "GetObject":
            read[call.key] += 1
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
        if weigh is Weigh.YES:
            tracemalloc.start()
        began, at = time.process_time(), world.cloud.clock.now()
        summary = functions.callback.main_handler(TICK, CONTEXT)
        work = time.process_time() - began - fake
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return Cost(calls, read, world.cloud.clock.now() - at, work, peak, summary)


def ticks(world: World, pace: float, count: int, period: float = MINUTE) -> Iterator[Cost]:
    """As many ticks, one a minute unless said otherwise, not weighed; then the clock shows when the next is due."""
    for _ in range(count):
        cost = tick(world, pace, Weigh.NO)
        world.cloud.clock.sleep(max(0, period - cost.seconds))
        yield cost


def remembered() -> int:
    """How much memory a container keeps from one tick to the next, in bytes."""
    pickled = pickle.dumps(functions.callback.pace())
    tracemalloc.start()
    copied = pickle.loads(pickled)  # noqa: S301 - our own
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert copied == functions.callback.pace()
    return size


def _request(prepared: requests.PreparedRequest) -> Request:
    headers = [(name, _text(value)) for name, value in prepared.headers.items()]
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
    return Request.to(str(prepared.method), str(prepared.url), headers, body)


def _text(value: Any) -> str:  # noqa: ANN401 - `requests` holds text or bytes, and is typed as if it were text only
    return value.decode() if isinstance(value, bytes) else str(value)
