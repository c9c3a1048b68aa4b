"""docs/terraform.md says the same as serverless.yml, where it can."""

from __future__ import annotations

import re

from ops.checkout import BUNDLE_ARCHIVE, ROOT, SERVERLESS_YML
from ops.manifest import Manifest

TEXT = (ROOT / "docs" / "terraform.md").read_text()
MANIFEST = Manifest.read(SERVERLESS_YML)


def attribute(name: str) -> list[str]:
    return re.findall(rf"^ +{name} += (.+?)(?: #.*)?$", TEXT, re.MULTILINE)


def test_functions_are_made_alike() -> None:
    for key, function in MANIFEST.functions.items():
        assert function["name"] == function["role"] == f"cos-watermark-{key}"
        assert [function["memorySize"], function["timeout"]] == [
            int(attribute("mem_size")[0]),
            int(attribute("timeout")[0]),
        ]
        assert f'"{MANIFEST.document["inputs"]["runtime"]}"' in attribute("runtime")
    assert attribute("zip_file") == [f'"{BUNDLE_ARCHIVE.relative_to(ROOT)}"']


def test_settings_are_the_same() -> None:
    # Step 3 of docs/deploy.md has the claims bucket uncommented in serverless.yml.
    of_the_guide = {*MANIFEST.environment("submit"), "WATERMARK_CLAIMS_BUCKET"}
    assert set(re.findall(r"^ +(WATERMARK_\w+) +=", TEXT, re.MULTILINE)) == of_the_guide


def test_the_same_kinds_of_triggers_are_there() -> None:
    assert set(attribute("type")) == {f'"{trigger["type"]}"' for trigger in MANIFEST.triggers}
    timer = next(trigger for trigger in MANIFEST.triggers if trigger["type"] == "timer")
    assert timer["parameters"]["cronExpression"] in TEXT
