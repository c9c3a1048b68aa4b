"""A queue of TDMQ for CMQ: receive messages, delete them. Its two actions are all that we need of TDMQ.

The data-flow API, which no installable SDK covers: https://www.tencentcloud.com/document/product/1111/46418 (receive)
and https://www.tencentcloud.com/document/product/1111/46420 (delete).
"""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from shared.cloud.connections import session, why
from shared.cloud.refusals import refusal
from shared.cloud.tdmq_reply import MESSAGES, read_reply
from shared.cloud.tdmq_signature import SignatureMethod, sign, signed_text
from shared.cloud.transport import CONNECT_TIMEOUT, READ_TIMEOUT, Repeat, read_parts, repeated
from shared.documents import Tree, items, text
from shared.errors import Cause, ConfigurationError, GarbledReplyError, MalformedError, NoReplyError, Service
from shared.log import silence_sdk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shared.settings import Credentials, Settings

#: Messages that one call can receive or delete.
BATCH = 16
#: Bytes of a reply: a batch of the largest messages there are, 1 MB each, all of it escaped (`\\u0000`), and some more.
MAX_REPLY = (6 * BATCH + 1) * 1_048_576

_PATH = "/v2/index.php"
_SUCCESS, _NO_MESSAGE, _SOME_UNDELETED, _ALL_UNDELETED = "0", "7000", "6010", "6020"


class Message(NamedTuple):
    """One message. `handle` deletes it, until it becomes visible again.

    `receives` is how often it was received, now included, and `sent` when it was sent, in seconds since 1970. Older
    pages call the first "reserved", so both are `None` when the service does not tell. A body that is too long for a
    callback is not kept.
    """

    id: str
    body: bytes
    handle: str
    receives: int | None = None
    sent: int | None = None
    is_too_long: bool = False


class _Call(NamedTuple):
    """One request: `accepted` are the codes that are no error, `patience` the seconds it may wait for a message."""

    queue: str
    action: str
    parameters: Mapping[str, str]
    accepted: tuple[str, ...]
    patience: int = 0

    def __str__(self) -> str:
        return f"POST tdmq {self.action} {self.queue}"

    def cause(self, status: int = 0, code: str = "", message: str = "", request_id: str = "") -> Cause:
        """What is known of how this call failed."""
        return Cause(str(self), status, code, message, request_id, Service.TDMQ)


class Queue:
    """One queue. Every method raises only `CloudError`."""

    def __init__(self, endpoint: str, name: str, credentials: Credentials, now: Callable[[], float]) -> None:
        self._url = endpoint.rstrip("/") + _PATH
        self._name = name
        self._credentials = credentials
        self._now = now

    def receive(self, wait: int) -> list[Message]:
        """Some of the messages, at most 16; none if none comes within `wait` seconds (0 to 30)."""
        asked = {"numOfMsg": str(BATCH), "pollingWaitSeconds": str(wait)}
        call = _Call(self._name, "BatchReceiveMessage", asked, (_SUCCESS, _NO_MESSAGE), wait)
        reply = self._send(call)
        try:
            return [_read_message(item) for item in items(reply.get(MESSAGES))]
        except MalformedError as error:
            raise GarbledReplyError(call.cause(200, message=str(error))) from error

    def delete(self, messages: Sequence[Message]) -> int:
        """Delete up to 16 messages; says how many could not be, mostly because they have become visible again."""
        handles = {f"receiptHandle.{n}": message.handle for n, message in enumerate(messages, start=1)}
        accepted = (_SUCCESS, _SOME_UNDELETED, _ALL_UNDELETED)
        reply = self._send(_Call(self._name, "BatchDeleteMessage", handles, accepted))
        return len(messages) if reply["code"] == _ALL_UNDELETED else len(items(reply.get("errorList")))

    def _send(self, call: _Call) -> dict[str, Tree]:
        return repeated(Repeat.SAFE, lambda: self._send_once(call))

    def _send_once(self, call: _Call) -> dict[str, Tree]:
        reply: Tree = None
        try:
            response = session().post(
                self._url,
                data=self._signed({"Action": call.action, "queueName": call.queue, **call.parameters}),
                # While the service waits for a message, it sends nothing.
                timeout=(CONNECT_TIMEOUT, call.patience + READ_TIMEOUT),
                allow_redirects=False,
                stream=True,
            )
            with response, suppress(MalformedError):
                reply = read_reply(read_parts(response, MAX_REPLY))
        except (requests.RequestException, HTTPError, OSError) as error:
            raise NoReplyError(call.cause(message=f"no reply ({why(error)})")) from error
        return _checked(call, response.status_code, reply)

    def _signed(self, parameters: Mapping[str, str]) -> dict[str, str]:
        credentials, method = self._credentials, SignatureMethod.SHA256
        form = {
            **parameters,
            "SecretId": credentials.secret_id,
            "Timestamp": str(int(self._now())),
            "Nonce": str(1 + secrets.randbelow(2**31 - 1)),
            "SignatureMethod": method.value,
        }
        if credentials.token:
            form["Token"] = credentials.token.get_secret_value()
        to_sign = signed_text("POST", urlsplit(self._url).netloc, _PATH, form)
        return {**form, "Signature": sign(to_sign, credentials.secret_key.get_secret_value(), method)}


def connect_queue(settings: Settings, credentials: Credentials, now: Callable[[], float]) -> Queue:
    """The queue that the settings name.

    Raises:
        ConfigurationError: they name none.
    """
    if settings.mq_region is None or settings.mq_name is None:
        raise ConfigurationError("there is no queue to poll: set WATERMARK_MQ_REGION and WATERMARK_MQ_NAME")
    silence_sdk()
    public = f"{settings.scheme.value}://cmq-{settings.mq_region.value}.public.tencenttdmq.com"
    return Queue(settings.mq_endpoint or public, settings.mq_name, credentials, now)


def _checked(call: _Call, status: int, reply: Tree) -> dict[str, Tree]:
    """The reply, if it is a success."""
    if not isinstance(reply, dict) or not text(reply, "code"):
        unreadable = call.cause(status, message="unreadable reply")
        raise GarbledReplyError(unreadable) if status == 200 else refusal(unreadable)
    code = text(reply, "code")
    if code not in call.accepted or status != 200:
        raise refusal(call.cause(status, code, text(reply, "message"), text(reply, "requestId")))
    return reply


def _read_message(item: Tree) -> Message:
    if not isinstance(item, dict) or not text(item, "receiptHandle"):
        raise MalformedError("a message without a receipt handle")
    handle = text(item, "receiptHandle")
    return Message(
        id=text(item, "msgId") or handle,
        # Half a character pair, which JSON can escape, cannot be encoded.
        body=text(item, "msgBody").encode(errors="replace"),
        handle=handle,
        receives=_number(item, "dequeueCount"),
        sent=_number(item, "enqueueTime"),
        is_too_long=item.get("msgBody", "") is None,
    )


def _number(reply: Tree, name: str) -> int | None:
    digits = text(reply, name)
    return int(digits) or None if re.fullmatch("[0-9]{1,15}", digits) else None
