"""docs/terraform.md says the same as serverless.yml, where it can."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Arguments:
    """Of a resource: https://registry.terraform.io/providers/tencentcloudstack/tencentcloud/latest/docs, 2026-08."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()


#: Every resource takes these.
META = {"for_each", "depends_on", "lifecycle"}
SCHEMA = {
    "tencentcloud_cos_bucket": Arguments(frozenset({"bucket"}), frozenset({"acl", "versioning_enable", "tags"})),
    "tencentcloud_cam_role": Arguments(frozenset({"name", "document"}), frozenset({"description", "tags"})),
    "tencentcloud_cam_policy": Arguments(frozenset({"name", "document"}), frozenset({"description"})),
    "tencentcloud_cam_role_policy_attachment": Arguments(frozenset({"role_id", "policy_id"})),
    "tencentcloud_scf_function": Arguments(
        frozenset({"name"}),
        frozenset({
            "cls_logset_id", "cls_topic_id", "description", "enable_public_net", "environment", "handler", "mem_size",
            "namespace", "role", "runtime", "timeout", "zip_file", "dynamic",
        }),
    ),
    # The page of one version asks for a name always; the provider refuses one for a function URL.
    "tencentcloud_scf_trigger": Arguments(
        frozenset({"function_name", "namespace", "type"}),
        frozenset({"custom_argument", "description", "enable", "qualifier", "trigger_desc", "trigger_name"}),
    ),
}  # fmt: skip
#: What a trigger of a kind must and must not have.
OF_KIND = {"timer": ({"trigger_name", "trigger_desc"}, set()), "http": ({"trigger_desc"}, {"trigger_name"})}
#: A trigger in a function's own block.
BLOCK = {"name", "type", "trigger_desc", "cos_region"}


def resources() -> list[tuple[str, str]]:
    """Kind and body of each resource in the document."""
    return re.findall(r'^resource "(\w+)" "\w+" {\n(.*?)^}', TEXT, re.MULTILINE | re.DOTALL)


def arguments(body: str, indent: str = "  ") -> set[str]:
    return set(re.findall(rf"^{indent}(\w+)(?: +=| {{| \")", body, re.MULTILINE))


@pytest.mark.parametrize(("kind", "body"), resources())
def test_each_resource_has_what_the_provider_asks_for_and_nothing_that_it_does_not_know(kind: str, body: str) -> None:
    given = arguments(body) - META

    assert SCHEMA[kind].required <= given
    assert given <= SCHEMA[kind].required | SCHEMA[kind].optional


def test_every_kind_of_trigger_has_the_arguments_of_its_kind() -> None:
    kinds = {
        re.findall(r'^  type += "(\w+)"', body, re.MULTILINE)[0]: body for k, body in resources() if "trigger" in k
    }

    assert kinds.keys() == OF_KIND.keys()
    for kind, (needed, refused) in OF_KIND.items():
        assert needed <= arguments(kinds[kind])
        assert not refused & arguments(kinds[kind])


def test_the_triggers_of_buckets_have_all_that_such_a_block_has() -> None:
    (content,) = re.findall(r"^    content {\n(.*?)^    }", TEXT, re.MULTILINE | re.DOTALL)

    assert arguments(content, "      ") == BLOCK


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
