"""Checks of the way back: does CI's callback arrive at our function?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests
from urllib3.exceptions import HTTPError

from ops.deploy.goal import CALLBACK_URL, NO_CALLBACK
from ops.doctor.finding import check, failed, passed, warned
from ops.manifest.schema import TriggerKind
from shared.cloud.transport import CONNECT_TIMEOUT, READ_TIMEOUT
from shared.settings import CallbackType, Scheme, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer

#: What older pages on CI allow: https://www.tencentcloud.com/document/product/1045/48931.
_MOST_CHARACTERS = 100
_SET_THE_URL = f"Set {variable('callback_url')} to the callback function's URL"
_NOT_OURS = (
    f"SCF console, function URL: compare with {variable('callback_url')}; it must be public, without authentication"
)


@check("callback")
def url(case: Case) -> Iterator[Answer]:
    """Whether the callback function answers where CI will call it."""
    if case.settings.callback_type is not CallbackType.URL:
        return
    given = case.configuration.environment.get(CALLBACK_URL)
    # Not set in `.env`, it is the function's own, which SCF knows.
    address = case.settings.callback_url if given else case.found.url or None
    if address == NO_CALLBACK or (given is None and not _has_url(case)):
        yield warned(
            "CI sends no callbacks: results wait for the sweep", f"{_SET_THE_URL}, if a delay of minutes matters"
        )
    elif address is not None:
        yield from _address(case, address)
    elif given is not None:
        yield from _of_the_queue(case)


def _has_url(case: Case) -> bool:
    """Whether serverless.yml gives the callback function one; that it has none yet is `deployed`'s to say."""
    return any(t.kind is TriggerKind.HTTP and t.function == "callback" for t in case.deployment.triggers)


def _of_the_queue(case: Case) -> Iterator[Answer]:
    for bucket in case.buckets:
        wanted = case.settings.queue_id
        queues = [queue for queue in case.account.queues(bucket) if wanted in (None, queue.queue_id)]
        told = {queue.notification.url for queue in queues if queue.notification.tells}
        if not told:
            yield warned(f"CI sends no callback when a job on {bucket} ends: results wait for the sweep", _SET_THE_URL)
        for address in told:
            if address:
                yield from _address(case, address)
            else:
                yield warned(
                    f"the queue of {bucket} sends callbacks to a message queue, which was not checked", _SET_THE_URL
                )


def _address(case: Case, address: str) -> Iterator[Answer]:
    if not address.startswith("https://"):
        yield warned(f"{address} is not encrypted: others can read the results", "Use the https:// form")
    if len(address) > _MOST_CHARACTERS:
        yield warned(
            f"the callback URL has {len(address)} characters, and older queues of CI take {_MOST_CHARACTERS}",
            "Shorten it if no callback arrives; a plain function URL is short enough",
        )
    yield _probe(case, address)


def _probe(case: Case, address: str) -> Answer:
    # To be told apart from any other web server: ours refuses everything but POST before it looks at anything else, so
    # this has no effect, and says which method it wants.
    reached = address.replace("https://", "http://", 1) if case.settings.scheme is Scheme.HTTP else address
    try:
        with requests.get(
            reached, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT), allow_redirects=False, stream=True
        ) as response:
            status, allowed = response.status_code, response.headers.get("Allow")
    except (requests.RequestException, HTTPError, ValueError) as error:
        return failed(f"{address} does not reply ({type(error).__name__})", _NOT_OURS)
    if (status, allowed) == (405, "POST"):
        return passed(f"our function replies at {address}")
    return failed(f"{address} replies {status}, which our function never does", _NOT_OURS)
