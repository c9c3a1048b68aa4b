"""CreateFunction, and what else is done with functions."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from faketencent.api.action import Action
from faketencent.api.errors import ApiError
from faketencent.scf.api import deployment
from faketencent.scf.api.description import full, short
from faketencent.scf.api.lookup import QUALIFIERS, check_namespace, qualifier
from faketencent.scf.function import State
from faketencent.scf.habits import CodeHash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.api.action import Asked
    from faketencent.scf.api.lookup import Lookup
    from faketencent.scf.function import Function

_NAME = frozenset({"FunctionName"})
_WHERE = frozenset({"Namespace"})
_WHICH = frozenset({"Namespace", "Qualifier"})
_PAGE = 20


class FunctionActions:
    """The actions about functions themselves."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._deployment = deployment.Deployment(lookup)

    def __iter__(self) -> Iterator[Action]:
        """All of them."""
        made, right = self._deployment, self._lookup.resource
        yield Action("CreateFunction", made.create, _NAME | {"Code"}, deployment.CREATED_WITH, right)
        yield Action("UpdateFunctionCode", made.update_code, _NAME, deployment.CODE, right)
        yield Action("UpdateFunctionConfiguration", made.update_configuration, _NAME, deployment.CHANGED, right)
        yield Action("GetFunction", self._get, _NAME, _WHICH | {"ShowCode", "ShowTriggers"}, right)
        yield Action("DeleteFunction", made.delete, _NAME, _WHICH, right)
        paging = frozenset({"Offset", "Limit", "SearchKey"})
        yield Action("ListFunctions", self._list, frozenset(), _WHERE | paging, right)
        yield Action("GetFunctionAddress", self._address, _NAME, _WHICH, right)

    def _get(self, asked: Asked) -> Mapping[str, Any]:
        qualifier(asked)
        return full(self._lookup, self._lookup.function(asked), asked.text("Qualifier", QUALIFIERS[0]))

    def _list(self, asked: Asked) -> Mapping[str, Any]:
        check_namespace(asked)
        wanted = asked.text("SearchKey")
        there = [f for f in self._lookup.backend.functions if f.region == asked.region and wanted in f.name]
        start = asked.number("Offset", 0)
        page = there[start : start + asked.number("Limit", _PAGE)]
        return {"Functions": [short(function) for function in page], "TotalCount": len(there)}

    def _address(self, asked: Asked) -> Mapping[str, Any]:
        function = self._lookup.function(asked)
        if function.state in (State.CREATING, State.CREATE_FAILED):
            raise ApiError("FailedOperation.FunctionStatusError", "The function has no code.")
        host = f"lambdacode-{self._lookup.cloud.appid}.cos.{function.region}.myqcloud.com"
        return {"Url": f"http://{host}/{function.name}_LATEST.zip?sign=none", "CodeSha256": self._hash(function)}

    def _hash(self, function: Function) -> str:
        same = self._lookup.backend.habits.code_hash is CodeHash.OF_THE_ZIP
        return hashlib.sha256(function.code if same else b"packed again: " + function.code).hexdigest()
