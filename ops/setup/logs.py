"""A log topic of the deployment's own: kept longer than SCF's, with every field of the log lines to search for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.configuration.env_file import EnvFile
from ops.logs.fields import NUMBERS, SEPARATORS, TEXTS, WORDS
from ops.plan import Step, change, make, there
from ops.setup.person import PersonNeededError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ops.setup.account import Account

#: Days; SCF's own topic keeps 7.
_DAYS = 30
#: What SCF writes with each line: https://cloud.tencent.com/document/product/583/60336.
_OF_SCF = (
    "SCF_FunctionName", "SCF_Namespace", "SCF_Qualifier", "SCF_RequestId", "SCF_Level", "SCF_Type", "SCF_StatusCode",
    "SCF_RetryNum", "SCF_Duration", "SCF_MemUsage",
)  # fmt: skip
_FULL_TEXT = {"CaseSensitive": False, "Tokenizer": SEPARATORS, "ContainZH": True}
_VALUES: dict[str, dict[str, Any]] = {
    **{key: {"Type": "text", "Tokenizer": "", "SqlFlag": True, "ContainZH": False} for key in (*_OF_SCF, *WORDS)},
    **{
        key: {"Type": "text", "Tokenizer": SEPARATORS, "SqlFlag": True, "ContainZH": True}
        for key in ("SCF_Message", *TEXTS)
    },
    **{key: {"Type": "long", "Tokenizer": "", "SqlFlag": True, "ContainZH": False} for key in NUMBERS},
}


def steps(account: Account) -> list[Step]:
    """The topic, its index, and its id in `.env`, as one step: each needs the id of the one before."""
    name, missing = account.deployment.name, _missing(account)
    text = f"log topic {name}/{name}, kept {_DAYS} days, whose fields can all be searched"
    if not missing:
        return [there(text)]
    detail = f"missing: {', '.join(missing)}; it costs storage and index by the GB"
    new = "the topic" in missing
    return [(make if new else change)(text, lambda: _complete(account), detail)]


def _missing(account: Account) -> list[str]:
    cls, name = account.cls, account.deployment.name
    logset = cls.logset(name) if cls.is_open() else None
    topic = cls.topic(logset, name) if logset else None
    if topic is None:
        return ["the topic", "its index", "its id in .env"]
    laptop = account.configuration.laptop
    index = cls.index(topic)
    known = (laptop.logset, laptop.topic) == (logset, topic)
    holds = index is not None and index.active and _holds(index.rule)
    return [*([] if holds else ["fields of its index"]), *([] if known else ["its id in .env"])]


def _complete(account: Account) -> None:
    cls, name = account.cls, account.deployment.name
    if not cls.is_open():
        raise PersonNeededError("log topic: the log service must be opened first", account.console.logs)
    logset = cls.logset(name) or cls.create_logset(name)
    topic = cls.topic(logset, name) or cls.create_topic(logset, name, _DAYS)
    index = cls.index(topic)
    if index is None:
        cls.create_index(topic, _rule({}))
    elif not (index.active and _holds(index.rule)):
        cls.modify_index(topic, _rule(index.rule))
    _note(account.configuration.file.path, logset, topic)


def _note(path: Path, logset: str, topic: str) -> None:
    ids = {"DEPLOY_LOGSET_ID": logset, "DEPLOY_TOPIC_ID": topic}
    EnvFile.read(path).with_values(ids).write()


def _keys(rule: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    listed = (rule.get("KeyValue") or {}).get("KeyValues") or []
    return {str(entry.get("Key")): entry.get("Value") or {} for entry in listed}


def _holds(rule: Mapping[str, Any]) -> bool:
    """Whether each of our fields can be searched for; whatever else somebody wants to search for may be there too."""
    keys = _keys(rule)
    return bool(rule.get("FullText")) and all(
        keys.get(key, {}).get("Type") == value["Type"] and keys[key].get("SqlFlag") for key, value in _VALUES.items()
    )


def _rule(before: Mapping[str, Any]) -> dict[str, Any]:
    values = {**_keys(before), **_VALUES}
    return {
        "FullText": before.get("FullText") or _FULL_TEXT,
        "KeyValue": {
            "CaseSensitive": False,
            "KeyValues": [{"Key": key, "Value": value} for key, value in values.items()],
        },
    }
