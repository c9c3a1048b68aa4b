"""Calls to COS and CI. The SDK builds hosts, signs and sends; retries, time limits and replies are ours.

Why not the SDK's own methods: its retry repeats POST /jobs, which costs money twice; it reads replies with `eval`,
loses the codes of CI's errors and the spelling of header names (cos-python-sdk-v5 1.9.44, `cos_client.py`,
`xml2dict.py`, `cos_exception.py`). `CosS3Client.send_request` is the layer below all that.

A call has a worst case, tries and pauses included: each try ends `CONNECT_TIMEOUT` + `READ_TIMEOUT` seconds after it
began, whatever the other side does (`deadlines.py`), and there are two at most. So `WORST_CASE` holds for every call
but a copy, which is tried once and has `WORST_COPY`. Polling a queue adds the time that it was asked to wait, once a
try.
"""

from __future__ import annotations

import time
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

import requests
from qcloud_cos import CosClientError, CosConfig, CosS3Auth, CosS3Client
from urllib3.exceptions import HTTPError

from shared.cloud.connections import session, why
from shared.cloud.refusals import refusal
from shared.documents import MAX_BYTES, parse_xml, text
from shared.errors import Cause, CloudError, GarbledReplyError, MalformedError, NoReplyError, RejectedError
from shared.errors import Service as Service  # noqa: PLC0414 - makers of calls find the services here

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from requests.structures import CaseInsensitiveDict

    from shared.documents import Tree
    from shared.settings import Credentials, Scheme

T = TypeVar("T")
#: Seconds until a request is sent: connecting, TLS and the sending itself.
CONNECT_TIMEOUT = 3
#: Seconds from then to the last byte of the reply.
READ_TIMEOUT = 8
#: The same for a copy. COS keeps a slow one alive with white space; with SSE-KMS 50 s were seen.
COPY_TIMEOUT = 60
#: Seconds between two tries of one call.
PAUSE = 0.5
WORST_CASE = 2 * (CONNECT_TIMEOUT + READ_TIMEOUT) + PAUSE
WORST_COPY = CONNECT_TIMEOUT + COPY_TIMEOUT


class ReplyTooLargeError(requests.RequestException):
    """A reply is over the size that is read."""


class Repeat(Enum):
    """Whether a call may be made again at once when it is not known to have succeeded."""

    SAFE = 2
    NEVER = 1


_NONE: Mapping[str, str] = MappingProxyType({})


class Call(NamedTuple):
    """One request. `path` is decoded, without its first slash; header values are text as COS shows it (latin-1).

    `patience` is the seconds from when it is sent to the last byte of the reply.
    """

    service: Service
    method: str
    region: str
    bucket: str
    path: str = ""
    params: Mapping[str, str] = _NONE
    headers: Mapping[str, str] = _NONE
    body: bytes = b""
    repeat: Repeat = Repeat.SAFE
    patience: float = READ_TIMEOUT

    def __str__(self) -> str:
        query = "?" + "&".join(self.params) if self.params else ""
        return f"{self.method} {self.service.value} {self.bucket}/{self.path}{query}"

    @property
    def reads_object(self) -> bool:
        """Whether a success is the content of an object, and not a document of the service."""
        return self.service is Service.COS and self.method == "GET" and bool(self.path) and not self.params

    @property
    def resource(self) -> str:
        """The URL without its scheme; a call about no bucket goes to the service itself.

        A space is `%20` in the query too: whether the service reads a `+` as one is not documented.
        """
        host = ".".join(part for part in (self.bucket, self.service.value, self.region, "myqcloud.com") if part)
        query = "?" + urlencode(self.params, quote_via=quote) if self.params else ""
        return f"{host}/{quote_key(self.path)}{query}"


class Reply(NamedTuple):
    """A success. Header names are found however they are written; values are latin-1 text."""

    call: Call
    status: int
    headers: CaseInsensitiveDict[str]
    body: bytes

    def document(self, root: str, without: Collection[str] = ()) -> Tree:
        """What is inside the XML body's root element, which must have this name; elements may be left out.

        Raises:
            GarbledReplyError: the body is something else.
        """
        try:
            # COS keeps a slow copy alive with white space before the document.
            tree = parse_xml(self.body.strip(), without=without)
        except MalformedError as error:
            raise GarbledReplyError(_cause(self, message=f"unreadable reply ({error})")) from error
        if root not in tree:
            raise GarbledReplyError(_cause(self, message=f"the reply is <{next(iter(tree))}>, not <{root}>"))
        return tree[root]


class Transport:
    """Sends calls with one set of credentials."""

    def __init__(self, credentials: Credentials, scheme: Scheme) -> None:
        token = credentials.token.get_secret_value() if credentials.token else None
        self._scheme = scheme.value
        self._config = CosConfig(
            # The region is part of every call's own host; the SDK only insists on having one.
            Region="any",
            SecretId=credentials.secret_id,
            SecretKey=credentials.secret_key.get_secret_value(),
            Token=token,
            Scheme=scheme.value,
        )
        self._client = CosS3Client(self._config, retry=0, session=session())

    def send(self, call: Call) -> Reply:
        """Make the call and return its success.

        Raises:
            CloudError: anything else, already sorted.
        """
        return repeated(call.repeat, lambda: self._send_once(call))

    def _send_once(self, call: Call) -> Reply:
        try:
            response = self._client.send_request(
                method=call.method,
                url=f"{self._scheme}://{call.resource}",
                bucket=call.bucket,
                # The SDK strips a leading slash from a key that begins with one; this one is the path's own.
                auth=CosS3Auth(self._config, "/" + call.path, dict(call.params)),
                cos_request=False,
                ci_request=call.service is Service.CI,
                headers={name: value.encode("latin-1") for name, value in call.headers.items()},
                data=call.body,
                timeout=(CONNECT_TIMEOUT, call.patience),
                stream=True,
            )
            body = read_body(response)
        except UnicodeError as error:
            raise _uncarried(call) from error
        except ReplyTooLargeError as error:
            cause = Cause(str(call), response.status_code, message=str(error), service=call.service)
            raise RejectedError(cause) from error
        except (CosClientError, requests.RequestException, HTTPError, OSError) as error:
            if isinstance(error.__context__, requests.exceptions.InvalidHeader):
                raise _uncarried(call) from error
            raise NoReplyError(_unanswered(call, f"no reply ({why(error)})")) from error
        reply = Reply(call, response.status_code, response.headers, body)
        # What an object holds is its owner's business, whatever it looks like.
        refused = None if call.reads_object and reply.status < 300 else _error_node(body)
        # A success can hold an error: a copy that fails on its way has said 200 already.
        if reply.status >= 300 or refused is not None:
            raise refusal(_error_cause(reply, refused))
        return reply


def repeated(repeat: Repeat, send: Callable[[], T]) -> T:
    """What `send` returns; tried again after a pause where that is safe and may help.

    Raises:
        CloudError: the last try's.
    """
    for attempt in range(1, repeat.value + 1):
        try:
            return send()
        except CloudError as error:
            # What an operator has to do will not be done within the second.
            momentary = error.retryable and not error.advice
            if attempt == repeat.value or not momentary:
                raise
            time.sleep(PAUSE)
    raise AssertionError("unreachable: the last attempt returns or raises")


def quote_key(key: str) -> str:
    """The key as a URL path, safe from the clean-ups that HTTP clients apply to `//`, `/./` and `/../`."""
    tricky = key.startswith("/") or any(part in (".", "..") for part in key.split("/"))
    return quote(key, safe="" if tricky else "/")


def read_body(response: requests.Response, limit: int = MAX_BYTES) -> bytes:
    """The body of a streamed reply; raises a `RequestException` if it is over the limit."""
    return b"".join(read_parts(response, limit))


def read_parts(response: requests.Response, limit: int) -> Iterator[bytes]:
    """The same in parts, as they come."""
    size = 0
    with response:
        while part := response.raw.read1(65_536, decode_content=True):
            size += len(part)
            if size > limit:
                raise ReplyTooLargeError(f"the reply is over {limit} bytes")
            yield part


def _error_node(body: bytes) -> Tree:
    # The white space that kept a copy alive also stands before the news that it failed.
    body = body.strip()
    if b"<Error" not in body[:256]:
        return None
    try:
        return parse_xml(body).get("Error")
    except MalformedError:
        return None


def _error_cause(reply: Reply, tree: Tree) -> Cause:
    return _cause(reply, code=text(tree, "Code"), message=text(tree, "Message"))


def _cause(reply: Reply, code: str = "", message: str = "") -> Cause:
    headers = reply.headers
    request_id = headers.get("x-cos-request-id") or headers.get("x-ci-request-id") or ""
    return Cause(str(reply.call), reply.status, code, message, request_id, reply.call.service)


def _uncarried(call: Call) -> RejectedError:
    return RejectedError(_unanswered(call, "a header that HTTP cannot carry"))


def _unanswered(call: Call, message: str) -> Cause:
    return Cause(str(call), message=message, service=call.service)
