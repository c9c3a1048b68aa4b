"""A queue to talk to, replies to put into its mouth, and what must hold of every refusal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
import responses

from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process
from shared.cloud.tdmq import Queue
from shared.errors import CloudError
from shared.settings import Credentials

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from faketencent.cam import Identity

HOST = "cmq-bj.public.tencenttdmq.com"
URL = f"https://{HOST}/v2/index.php"
KEY, TOKEN = "a very secret key", "a-token"
NOW = 1_767_225_600
#: Seconds for which the queue hides a message that was received.
VISIBILITY = 30
NO_MESSAGE = {"code": 7000, "message": "(10200)no message", "requestId": "1"}


def credentials(name: str = "AKIDexample", key: str = KEY, token: str | None = TOKEN) -> Credentials:
    variables = {"TENCENTCLOUD_SECRETID": name, "TENCENTCLOUD_SECRETKEY": key}
    return Credentials.model_validate(variables | ({"TENCENTCLOUD_SESSIONTOKEN": token} if token else {}))


def plain_queue(token: str | None = TOKEN) -> Queue:
    return Queue(f"https://{HOST}", "callbacks", credentials(token=token), lambda: NOW)


@contextmanager
def answering(document: Any = None, **reply: Any) -> Iterator[responses.RequestsMock]:  # noqa: ANN401 - any reply
    """Every request gets this reply."""
    with responses.RequestsMock() as mock:
        mock.add(responses.POST, URL, **({"json": document} if document is not None else {}), **reply)
        yield mock


@contextmanager
def cloud_with_queue() -> Iterator[FakeCloud]:
    cloud = FakeCloud()
    cloud.tdmq.backend.create_queue("callbacks", "bj", visibility_timeout=VISIBILITY)
    with in_process(cloud, ("shared.cloud.transport",)):
        yield cloud


def role(cloud: FakeCloud, *actions: str) -> Identity:
    allow = {"effect": "allow", "action": list(actions), "resource": ["*"]}
    cloud.cam.create_role("watermark", {"version": "2.0", "statement": [allow]})
    return cloud.cam.assume("watermark", lifetime=600)


def queue_of(cloud: FakeCloud, who: Identity | None = None, name: str = "callbacks") -> Queue:
    who = who or role(cloud, "tdmq:*")
    return Queue(f"https://{HOST}", name, credentials(who.secret_id, who.secret_key, who.token), cloud.clock.now)


def no_pause() -> AbstractContextManager[object]:
    return patch("shared.cloud.transport.time.sleep")


def assert_refused(queue: Queue, kind: type[CloudError], code: str, words: str) -> None:
    with pytest.raises(CloudError) as raised:
        queue.receive(0)

    error = raised.value
    assert (type(error), error.cause.code) == (kind, code)
    assert str(error).startswith("POST tdmq BatchReceiveMessage ")
    assert words in str(error)
    shown = str(error) + repr(error) + repr(queue)
    assert KEY not in shown
    assert TOKEN not in shown
