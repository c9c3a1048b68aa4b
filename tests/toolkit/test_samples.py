"""What Tencent's own library would ask of the SCF API, given the samples' serverless.yml."""

from __future__ import annotations

import pytest

from ops.manifest.text import filled_in
from tests.samples.stand import manifest
from tests.toolkit.asking import asked

pytestmark = pytest.mark.once

VARIABLES = {
    "DEPLOY_REGION": "ap-beijing",
    "LEDGER_DOMAIN": "ledger-1250000000.cos.ap-beijing.myqcloud.com",
    "WEBHOOK_URL": "https://your-system.example/hook",
}


@pytest.mark.parametrize(
    ("name", "settings"), [("tell", [{"Key": "WEBHOOK_URL", "Value": VARIABLES["WEBHOOK_URL"]}]), ("act", [])]
)
def test_a_sample_is_created_as_meant_and_told_of_records_alone(name: str, settings: list[dict[str, str]]) -> None:
    sent = asked(filled_in(manifest(name), VARIABLES))

    (function,), (trigger,) = sent["functions"], sent["triggers"]
    meant = {"Type": "Event", "Runtime": "Python3.10", "Handler": "index.main_handler", "Timeout": 120}
    assert {field: function[field] for field in meant} == meant
    assert function["FunctionName"] == function["Role"] == f"watermark-{name}"
    assert function.get("Environment", {"Variables": []})["Variables"] == settings
    assert trigger["triggerInputs"] == {
        "Action": "CreateTrigger",
        "FunctionName": f"watermark-{name}",
        "Namespace": "default",
        "Type": "cos",
        "Qualifier": "$DEFAULT",
        "TriggerName": VARIABLES["LEDGER_DOMAIN"],
        "TriggerDesc": '{"event":"cos:ObjectCreated:Put","filter":{"Prefix":"results/","Suffix":""}}',
        "Enable": "OPEN",
    }
