"""What can be set beside the configuration: reserved concurrency, and how long events are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faketencent.api.action import Action
from faketencent.api.errors import ApiError
from faketencent.scf import limits
from faketencent.scf.api import values
from faketencent.scf.api.lookup import qualifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.api.action import Asked
    from faketencent.scf.api.lookup import Lookup

_NAME = frozenset({"FunctionName"})
_WHERE = frozenset({"Namespace"})
#: MB of the account; what may be reserved leaves 12,800 to the other functions.
_MOST_RESERVED = 128_000 - 12_800


class SettingActions:
    """Take effect at once, whatever state the function is in."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def __iter__(self) -> Iterator[Action]:
        """All of them."""
        right = self._lookup.resource
        amount = frozenset({"FunctionName", "ReservedConcurrencyMem"})
        yield Action("PutReservedConcurrencyConfig", self._reserve, amount, _WHERE, right)
        yield Action("GetReservedConcurrencyConfig", self._reserved, _NAME, _WHERE, right)
        yield Action("DeleteReservedConcurrencyConfig", self._release, _NAME, _WHERE, right)
        given = frozenset({"FunctionName", "AsyncTriggerConfig"})
        yield Action("UpdateFunctionEventInvokeConfig", self._set_retries, given, _WHERE, right)
        yield Action("GetFunctionEventInvokeConfig", self._retries, _NAME, _WHERE | {"Qualifier"}, right)

    def _reserve(self, asked: Asked) -> Mapping[str, Any]:
        function, memory = self._lookup.function(asked), asked.number("ReservedConcurrencyMem", 0)
        if memory not in range(_MOST_RESERVED + 1):
            raise ApiError("LimitExceeded.FunctionReservedConcurrencyMemory", f"0 to {_MOST_RESERVED} MB")
        self._lookup.backend.functions.amend(function.name, reserved_memory=memory)
        return {}

    def _reserved(self, asked: Asked) -> Mapping[str, Any]:
        return {"ReservedMem": self._lookup.function(asked).reserved_memory}

    def _release(self, asked: Asked) -> Mapping[str, Any]:
        self._lookup.backend.functions.amend(self._lookup.function(asked).name, reserved_memory=None)
        return {}

    def _set_retries(self, asked: Asked) -> Mapping[str, Any]:
        function = self._lookup.function(asked)
        given = values.structure(asked, "AsyncTriggerConfig", frozenset({"RetryConfig", "MsgTTL"}))
        retries, seconds = given.get("RetryConfig"), given.get("MsgTTL")
        if not isinstance(retries, list) or not retries or not isinstance(retries[0], dict):
            raise ApiError("InvalidParameterValue.AsyncTriggerConfig", "RetryConfig has one entry, with RetryNum.")
        number = retries[0].get("RetryNum")
        if type(number) is not int or type(seconds) is not int or seconds not in limits.MESSAGE_TTL:
            raise ApiError("InvalidParameterValue.AsyncTriggerConfig", "RetryNum is 0 to 2, MsgTTL 60 to 21600 s.")
        self._lookup.backend.functions.amend(function.name, retries=number, message_ttl=seconds)
        return {}

    def _retries(self, asked: Asked) -> Mapping[str, Any]:
        function = self._lookup.function(asked)
        qualifier(asked)
        # The official example has a second entry, which says nothing.
        retries = [{"RetryNum": function.retries}, {"RetryNum": -1}]
        return {"AsyncTriggerConfig": {"MsgTTL": function.message_ttl, "RetryConfig": retries}}
