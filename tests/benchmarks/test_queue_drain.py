"""What a queue costs, short or long: calls and memory, measured and printed (`pytest -s`)."""

from __future__ import annotations

import io
import os
import sys
import tracemalloc
from collections import Counter, deque
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
import requests
from urllib3 import HTTPResponse

import functions.callback
from fakes.wire import Request
from shared.tdmq import BATCH
from tests.roads import Road, deployed_on, found, queue_of, upload
from tests.world import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World

SHORT, LONG = 1_000, 10_000
#: So many messages are about videos of ours; the others are news of workflows.
OURS = 20
OTHERS = '{"EventName":"WorkflowFinish","WorkflowExecution":{"RunId":"i%032x","State":"Success"}}'
TICK = {"Type": "Timer", "TriggerName": "sweep", "Time": "2026-01-01T00:00:00Z", "Message": ""}
CONTEXT = {"time_limit_in_ms": 900_000, "tencentcloud_region": REGION}
#: Seconds of the fake's time that one call takes: it forgets a received message only with its visibility timeout.
PACE = 0.25


@dataclass(frozen=True)
class Cost:
    """What one tick took: calls by operation, and the greatest amount of memory in use, in bytes."""

    calls: Counter[str]
    peak: int

    def __str__(self) -> str:
        calls = ", ".join(f"{times} {operation}" for operation, times in self.calls.most_common())
        return f"{calls}; {self.peak / 1e6:.2f} MB at most"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A deployment that keeps no record of what it did, and the environment of its callback function."""
    with deployed_on(Road.QUEUE) as world:
        role = world.cloud.cam.assume("watermark")
        monkeypatch.setenv("TENCENTCLOUD_SECRETID", role.secret_id)
        monkeypatch.setenv("TENCENTCLOUD_SECRETKEY", role.secret_key)
        monkeypatch.setenv("TENCENTCLOUD_SESSIONTOKEN", role.token or "")
        for name, value in world.variables.items():
            monkeypatch.setenv(name, value)
        world.cloud.journal = deque(maxlen=1)
        yield world


def fill(world: World, messages: int) -> list[str]:
    """Fill the queue; says which videos are ours."""
    keys = [f"Clip_{messages}_{n}" for n in range(OURS)]
    upload(world, *keys)
    queue_of(world).send(*(OTHERS % n for n in range(messages - OURS)))
    assert len(queue_of(world)) == messages
    return keys


def drain(world: World) -> Cost:
    """One tick of the timer, the answers coming from the fake without anything in between that remembers them."""
    calls: Counter[str] = Counter()

    def send(
        adapter: requests.adapters.HTTPAdapter, prepared: requests.PreparedRequest, **_: object
    ) -> requests.Response:
        reply = world.cloud.dispatch(_request(prepared))
        calls[world.cloud.operations()[-1]] += 1
        world.cloud.clock.sleep(PACE)
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
        functions.callback.main_handler(TICK, CONTEXT)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return Cost(calls, peak)


def _request(prepared: requests.PreparedRequest) -> Request:
    headers = [(name, _text(value)) for name, value in prepared.headers.items()]
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
    return Request.to(str(prepared.method), str(prepared.url), headers, body)


def _text(value: Any) -> str:  # noqa: ANN401 - `requests` holds text or bytes, and is typed as if it were text only
    return value.decode() if isinstance(value, bytes) else str(value)


def test_a_long_queue_is_drained_with_few_calls_and_no_more_memory_than_a_short_one(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    drain(world)
    costs = {}
    for messages in (SHORT, LONG):
        ours = fill(world, messages)
        costs[messages] = drain(world)
        assert len(queue_of(world)) == 0
        assert found(world, *ours)

    with capsys.disabled():
        sys.stdout.writelines(f"\n{messages} messages: {cost}" for messages, cost in costs.items())
    for messages, cost in costs.items():
        assert cost.calls["BatchReceiveMessage"] == -(-messages // BATCH) + 1
        assert cost.calls["BatchDeleteMessage"] == -(-messages // BATCH)
    assert costs[LONG].peak < 1.5 * costs[SHORT].peak


def test_an_empty_queue_costs_one_call_a_tick(world: World) -> None:
    assert drain(world).calls == {"BatchReceiveMessage": 1, "GetBucket": 1}
