"""An action of a service, and a call of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from faketencent.api.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from faketencent.cam import Identity
    from faketencent.wire import Request

_MAX_BODY = 10 * 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """One call of an action: its parameters, as JSON has them, the region that it names, and who signed it."""

    parameters: Mapping[str, Any]
    region: str
    identity: Identity

    @classmethod
    def read(cls, request: Request, identity: Identity) -> Asked:
        """What the request asks for.

        Raises:
            ApiError: too large, or no JSON object.
        """
        if len(request.body) > _MAX_BODY:
            raise ApiError("RequestSizeLimitExceeded", "The request is larger than 10 MB.")
        try:
            parameters = json.loads(request.body or b"{}")
        except ValueError as error:
            raise ApiError("InvalidParameter", "The body is not JSON.") from error
        if not isinstance(parameters, dict):
            raise ApiError("InvalidParameter", "The body is not a JSON object.")
        return cls(parameters, request.headers.get("X-TC-Region", ""), identity)

    def text(self, name: str, default: str = "") -> str:
        """A parameter that is text.

        Raises:
            ApiError: it is something else.
        """
        value = self.parameters.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise ApiError("InvalidParameter", f"`{name}` is not a string.")
        return value

    def number(self, name: str, default: int) -> int:
        """A parameter that is a whole number.

        Raises:
            ApiError: it is something else.
        """
        value = self.parameters.get(name)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            raise ApiError("InvalidParameter", f"`{name}` is not an integer.")
        return value


@dataclass(frozen=True)
class Action:
    """What a service can be asked to do.

    `resource` gives the CAM resource that the caller needs the right on, from the call: `*` for what CAM knows on
    operation level only, and `None` for what needs no right. Parameters that are not listed are refused, so that typing
    errors show; the services themselves are more lenient.
    """

    name: str
    handler: Callable[[Asked], Mapping[str, Any]]
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    resource: Callable[[Asked], str] | None = field(default=lambda _: "*")

    def check(self, asked: Asked) -> None:
        """See to it that all parameters are there, and no other.

        Raises:
            ApiError: MissingParameter, UnknownParameter.
        """
        missing = sorted(name for name in self.required if asked.parameters.get(name) in (None, ""))
        if missing:
            raise ApiError("MissingParameter", f"The request is missing a required parameter `{missing[0]}`.")
        unknown = sorted(asked.parameters.keys() - self.required - self.optional)
        if unknown:
            raise ApiError("UnknownParameter", f"The parameter `{unknown[0]}` is not recognized.")
