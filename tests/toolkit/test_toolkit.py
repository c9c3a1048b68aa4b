"""What Tencent's own library (`make toolkit`) would ask of the SCF API, given our serverless.yml.

The requests: https://cloud.tencent.com/document/api/583/18586 (CreateFunction) and
https://cloud.tencent.com/document/api/583/18589 (CreateTrigger).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from ops.checkout import SERVERLESS_YML
from ops.manifest.render import rendered
from tests.ops.deployment import configuration
from tests.toolkit.asking import asked

pytestmark = pytest.mark.once

CONFIGURATION = configuration()
DOMAIN = "videos-1250000000.cos.ap-beijing.myqcloud.com"


@pytest.fixture(scope="module")
def payloads() -> dict[str, Any]:
    """Everything that would be sent."""
    return asked(yaml.safe_load(rendered(SERVERLESS_YML, CONFIGURATION, CONFIGURATION.environment)))


def test_both_functions_are_created_as_meant(payloads: dict[str, Any]) -> None:
    settings = [{"Key": name, "Value": value} for name, value in CONFIGURATION.environment.items()]
    meant = {
        "Type": "Event",
        "DeployMode": "code",
        "Runtime": "Python3.10",
        "Namespace": "default",
        "Timeout": 270,
        "InitTimeout": 30,
        "MemorySize": 256,
        "PublicNetConfig": {"PublicNetStatus": "ENABLE", "EipConfig": {"EipStatus": "DISABLE"}},
        "InstallDependency": "FALSE",
        "Environment": {"Variables": settings},
    }

    for name, function in zip(("submit", "callback"), payloads["functions"], strict=True):
        assert {field: function[field] for field in meant} == meant
        assert function["FunctionName"] == function["Role"] == f"cos-watermark-{name}"
        assert function["Handler"] == f"{name}.main_handler"


def test_a_function_stays_one_that_is_retried_by_the_platform(payloads: dict[str, Any]) -> None:
    # A long-running asynchronous function is another kind, with other rules.
    assert not any("AsyncRunEnable" in function for function in payloads["functions"])


def test_uploads_of_every_kind_run_submit(payloads: dict[str, Any]) -> None:
    triggers = [made["triggerInputs"] for made in payloads["triggers"] if made["triggerInputs"]["Type"] == "cos"]

    created = (f"ObjectCreated:{name}" for name in ("Put", "Post", "CompleteMultipartUpload", "Copy"))
    assert triggers == [
        {
            "Action": "CreateTrigger",
            "FunctionName": "cos-watermark-submit",
            "Namespace": "default",
            "Type": "cos",
            "Qualifier": "$DEFAULT",
            "TriggerName": DOMAIN,
            "TriggerDesc": f'{{"event":"cos:{event}","filter":{{"Prefix":"","Suffix":""}}}}',
            "Enable": "OPEN",
        }
        for event in (*created, "ObjectRestore:Completed")
    ]


def test_the_callback_function_gets_a_public_url_and_a_timer(payloads: dict[str, Any]) -> None:
    url, timer = (made["triggerInputs"] for made in payloads["triggers"][5:])

    common = {"FunctionName": "cos-watermark-callback", "Qualifier": "$DEFAULT", "Enable": "OPEN"}
    assert common.items() <= url.items()
    assert json.loads(url["TriggerDesc"]) == {
        "AuthType": "NONE",
        "NetConfig": {"EnableIntranet": False, "EnableExtranet": True},
    }
    assert {
        **common,
        "Type": "timer",
        "TriggerName": "sweep",
        "TriggerDesc": "0 */1 * * * * *",
    }.items() <= timer.items()


def test_no_two_triggers_are_the_same_to_the_library(payloads: dict[str, Any]) -> None:
    keys = [made["triggerKey"] for made in payloads["triggers"]]

    assert len(set(keys)) == len(keys) == 7
