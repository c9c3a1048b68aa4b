"""What CreateTrigger is sent, and how triggers are found again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faketencent.api.scf_client import Scf

BUCKET = "videos-1250000000"
DOMAIN = f"{BUCKET}.cos.ap-beijing.myqcloud.com"
PUT = "cos:ObjectCreated:Put"


def timer(cron: str = "0 */5 * * * * *", **more: object) -> dict[str, Any]:
    return {"Type": "timer", "TriggerName": "tick", "TriggerDesc": cron, "Enable": "OPEN", **more}


def cos(event: str = PUT, prefix: str = "", suffix: str = "", **more: object) -> dict[str, Any]:
    text = json.dumps({"event": event, "filter": {"Prefix": prefix, "Suffix": suffix}})
    return {"Type": "cos", "TriggerName": DOMAIN, "TriggerDesc": text, "Enable": "OPEN", **more}


def http(*, outside: bool = True, **more: object) -> dict[str, Any]:
    text = json.dumps({"AuthType": "NONE", "NetConfig": {"EnableIntranet": False, "EnableExtranet": outside}})
    return {"Type": "http", "TriggerName": "url-trigger", "TriggerDesc": text, "Enable": "OPEN", **more}


def listed(scf: Scf, qualifier: str = "$LATEST") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = scf.ask("ListTriggers", Filters=[{"Name": "Qualifier", "Values": [qualifier]}])[
        "Triggers"
    ]
    return found


def named(trigger: dict[str, Any]) -> dict[str, Any]:
    """What a listed trigger is deleted by."""
    return {name: trigger[name] for name in ("Type", "TriggerName", "TriggerDesc", "Qualifier")}
