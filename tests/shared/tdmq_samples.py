"""A queue to talk to, and replies to put into its mouth."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import responses

from shared.settings import Credentials
from shared.tdmq import Queue

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "cmq-bj.public.tencenttdmq.com"
URL = f"https://{HOST}/v2/index.php"
KEY, TOKEN = "a very secret key", "a-token"
NOW = 1_767_225_600
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
