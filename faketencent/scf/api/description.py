"""A function as GetFunction and ListFunctions show it; the fields are those of the official examples."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from faketencent.scf.api.listing import listed
from faketencent.scf.api.lookup import beijing
from faketencent.scf.function import DeadLetterQueue, State

if TYPE_CHECKING:
    from faketencent.scf.api.lookup import Lookup
    from faketencent.scf.function import Function

_FAILED = (State.CREATE_FAILED, State.UPDATE_FAILED)


def short(function: Function) -> dict[str, Any]:
    """One entry of ListFunctions."""
    failed = function.state in _FAILED
    reasons = [{"ErrorCode": "InternalError", "ErrorMessage": function.reason}] if failed else []
    return {
        "ModTime": beijing(function.modified_at),
        "AddTime": beijing(function.created_at),
        "Runtime": function.runtime,
        "FunctionName": function.name,
        "FunctionId": f"lam-{hashlib.sha256(function.name.encode()).hexdigest()[:8]}",
        "Namespace": function.namespace,
        "Status": function.state.value,
        "StatusDesc": function.reason if failed else "",
        "StatusReasons": reasons,
        "Description": function.description,
        "Tags": [],
        "Type": "Event",
        "AsyncRunEnable": "FALSE",
        "TraceEnable": "FALSE",
    }


def full(lookup: Lookup, function: Function, qualifier: str) -> dict[str, Any]:
    """The reply to GetFunction. The environment is in clear."""
    letters = function.dead_letter_queue or DeadLetterQueue("", "")
    variables = [{"Key": key, "Value": value} for key, value in function.environment.items()]
    return {
        **short(function),
        **_NEVER_USED,
        "Qualifier": qualifier,
        "Timeout": function.timeout,
        "InitTimeout": function.init_timeout,
        "MemorySize": function.memory,
        "Environment": {"Variables": variables},
        "Handler": function.entry,
        "Role": function.role or "",
        "CodeSize": len(function.code),
        "FunctionVersion": "$LATEST",
        "AvailableStatus": "Available",
        "DeadLetterConfig": {"Type": letters.type, "Name": letters.name, "FilterType": ""},
        "PublicNetConfig": {
            "PublicNetStatus": "ENABLE" if function.public_network else "DISABLE",
            "EipConfig": {"EipStatus": "DISABLE", "EipAddress": []},
        },
        "Triggers": [entry.shown for entry in listed(lookup, function) if entry.qualifier == qualifier],
        "ClsLogsetId": function.logset,
        "ClsTopicId": function.topic,
    }


#: What no function here has.
_NEVER_USED: dict[str, Any] = {
    "VpcConfig": {"VpcId": "", "SubnetId": ""},
    "UseGpu": "FALSE",
    "InstallDependency": "FALSE",
    "L5Enable": "FALSE",
    "DnsCache": "FALSE",
    "EipConfig": {"EipFixed": "FALSE", "Eips": []},
    "Layers": [],
    "OnsEnable": "FALSE",
    "ProtocolType": "",
    "CodeInfo": "",
    "CodeResult": "success",
    "CodeError": "",
    "ErrNo": 0,
    "AccessInfo": {"Host": "", "Vip": ""},
    "CfsConfig": {"CfsInsList": []},
    "ProtocolParams": None,
    "InstanceConcurrencyConfig": None,
    "IntranetConfig": {"IpFixed": "DISABLE"},
}
