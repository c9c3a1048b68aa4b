"""docs/terraform.md says the same as serverless.yml, where it can."""

from __future__ import annotations

import re

import pytest

from ops.checkout import BUNDLE_ARCHIVE, ROOT, SERVERLESS_YML
from ops.manifest.schema import TriggerKind
from tests.ops.deployment import deployment

#: Says the same on every Python.
pytestmark = pytest.mark.once

TEXT = (ROOT / "docs" / "terraform.md").read_text()
DEPLOYMENT = deployment()


def attribute(name: str) -> list[str]:
    return re.findall(rf"^ +{name} += (.+?)(?: #.*)?$", TEXT, re.MULTILINE)


def test_functions_are_made_alike() -> None:
    for function in DEPLOYMENT.functions.values():
        assert function.name == function.role == f"cos-watermark-{function.key}"
        assert [function.memory, function.timeout] == [int(attribute("mem_size")[0]), int(attribute("timeout")[0])]
        assert f'"{function.runtime}"' in attribute("runtime")
    assert attribute("zip_file") == [f'"{BUNDLE_ARCHIVE.relative_to(ROOT)}"']


def test_the_same_kinds_of_triggers_are_there() -> None:
    assert set(attribute("type")) == {f'"{trigger.kind.value}"' for trigger in DEPLOYMENT.triggers}
    timer = next(trigger for trigger in DEPLOYMENT.triggers if trigger.kind is TriggerKind.TIMER)
    # A timer's description is the bare expression, and a function URL has no name; the page is named in the document.
    triggers = re.findall(r'^resource "tencentcloud_scf_trigger" .*?^}', TEXT, re.MULTILINE | re.DOTALL)
    assert [f'"{timer.cron}"' in trigger for trigger in triggers] == [True, False]
    assert ["trigger_name  =" in trigger for trigger in triggers] == [True, False]


def test_the_same_events_are_subscribed_and_the_same_ones_left_out() -> None:
    left_out = re.findall(r"^ +# +events: (\S+)$", SERVERLESS_YML.read_text(), re.MULTILINE)
    (listed,) = re.findall(r"^  events = \[$(.*?)^  \]$", TEXT, re.MULTILINE | re.DOTALL)

    assert re.findall(r'^ +"(\S+)",$', listed, re.MULTILINE) == [trigger.event for trigger in DEPLOYMENT.uploads]
    assert re.findall(r'^ +# "(\S+)",$', listed, re.MULTILINE) == left_out
    assert len(left_out) == 2


def test_the_ledger_is_private_and_keeps_no_versions() -> None:
    (ledger,) = re.findall(r'^resource "tencentcloud_cos_bucket" "ledger" {.*?^}', TEXT, re.MULTILINE | re.DOTALL)
    assert 'acl    = "private"' in ledger
    assert not re.search(r"^ +versioning_enable", ledger, re.MULTILINE)
