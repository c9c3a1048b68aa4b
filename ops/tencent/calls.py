"""Calls to COS and CI by a person's credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.tencent.actions import action_of
from ops.tencent.refusals import for_operator
from ops.tracing import traced
from shared.cloud.transport import Transport
from shared.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.cloud.transport import Call, Reply


class PersonalTransport(Transport):
    """Its errors are for the person who runs a command, and `--debug` shows each call."""

    def send(self, call: Call) -> Reply:
        """As the transport itself."""
        return _explained(call, super().send)


def send(transport: Transport, call: Call) -> Reply:
    """The reply of a success.

    Raises:
        CloudError: anything else; its advice is for the person who runs the command.
    """
    return _explained(call, transport.send)


def _explained(call: Call, send: Callable[[Call], Reply]) -> Reply:
    try:
        with traced(str(call)) as done:
            reply = send(call)
            done(reply.headers.get("x-cos-request-id") or reply.headers.get("x-ci-request-id") or "")
            return reply
    except CloudError as error:
        raise for_operator(error, action_of(call)) from error
