"""`setup --logs`: a topic in which every field of a log line can be searched for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ops.checkout import ROOT
from ops.configuration.env_file import EnvFile
from ops.deploy.command import deploy
from tests.ops.setup.newcomer import CALLBACK, again, set_up, signs, writes

if TYPE_CHECKING:
    from faketencent.cls import Topic
    from tests.ops.account import Operator

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def owner(newcomer: Operator) -> Operator:
    """Whose account is set up, with a topic."""
    set_up(newcomer, "--logs")
    return newcomer


def topic(owner: Operator) -> Topic:
    (found,) = [one for one in owner.cloud.cls.backend.topics.values() if one.name == "cos-watermark"]
    return found


def fields(owner: Operator) -> dict[str, str]:
    index = topic(owner).index
    assert index is not None
    return {one["Key"]: one["Value"]["Type"] for one in index.rule["KeyValue"]["KeyValues"]}


def test_nothing_of_it_is_made_unless_somebody_asks(newcomer: Operator) -> None:
    set_up(newcomer)
    assert newcomer.cloud.cls.backend.topics == {}


def test_its_ids_are_in_env_and_the_functions_log_there(owner: Operator) -> None:
    values = EnvFile.read(owner.folder / ".env").values
    found = topic(owner)
    assert (values["DEPLOY_LOGSET_ID"], values["DEPLOY_TOPIC_ID"]) == (found.logset.id, found.id)

    assert owner.run(deploy, "--yes")[0] == 0
    assert owner.cloud.scf.backend.function(CALLBACK).topic == found.id


def test_every_field_that_the_runbook_names_is_indexed(owner: Operator) -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    tables = text.partition("| Field | Holds |")[2].partition("\nA function can end")[0]
    named = [
        name
        for line in tables.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]

    assert len(named) > 20
    assert {*named, "level", "event", "SCF_FunctionName", "SCF_RequestId"} <= fields(owner).keys()
    assert {fields(owner)[name] for name in ("oldest", "held", "in_flight", "retryable")} == {"long"}


def test_an_index_that_lacks_a_field_is_changed_and_keeps_others(owner: Operator) -> None:
    backend, found = owner.cloud.cls.backend, topic(owner)
    theirs = {"Key": "theirs", "Value": {"Type": "double", "SqlFlag": True}}
    rule = {"FullText": {"CaseSensitive": True, "Tokenizer": " "}, "KeyValue": {"KeyValues": [theirs]}}
    backend.set_index(found, active=True, rule=rule)
    calls = len(owner.cloud.journal)

    code, output = again(owner)

    assert code == 0
    assert [sign for text, sign in signs(output).items() if text.startswith("log topic")] == ["~"]
    assert writes(owner.cloud, calls) == ["ModifyIndex"]
    assert fields(owner)["theirs"] == "double"
    assert "oldest" in fields(owner)
    assert set(signs(again(owner)[1]).values()) == {"✓"}


def test_a_topic_that_is_gone_is_made_again(owner: Operator) -> None:
    backend = owner.cloud.cls.backend
    backend.delete_topic(topic(owner))

    assert again(owner)[0] == 0
    assert EnvFile.read(owner.folder / ".env").values["DEPLOY_TOPIC_ID"] == topic(owner).id


def test_one_whose_name_only_begins_so_is_another(newcomer: Operator) -> None:
    backend = newcomer.cloud.cls.backend
    backend.opened = True
    backend.create_topic(backend.create_logset("cos-watermark-old", "ap-beijing"), "cos-watermark-old")

    set_up(newcomer, "--logs")

    assert topic(newcomer).logset.name == "cos-watermark"
