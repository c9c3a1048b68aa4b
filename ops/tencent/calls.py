"""Calls to COS and CI by a person's credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.tencent.refusals import for_operator
from ops.tracing import traced
from shared.errors import CloudError

if TYPE_CHECKING:
    from shared.cloud.transport import Call, Reply, Transport


def send(transport: Transport, call: Call) -> Reply:
    """The reply of a success.

    Raises:
        CloudError: anything else; what it advises is for whoever runs the command.
    """
    try:
        with traced(str(call)) as done:
            reply = transport.send(call)
            done(reply.headers.get("x-cos-request-id") or reply.headers.get("x-ci-request-id") or "")
            return reply
    except CloudError as error:
        raise for_operator(error) from error
