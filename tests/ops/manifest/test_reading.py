"""serverless.yml and `.env` become one deployment; what is wrong with the file is said in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ops.checkout import SERVERLESS_YML
from ops.configuration.configuration import read_configuration
from ops.manifest.reading import read_deployment
from ops.manifest.render import rendered
from ops.manifest.text import ManifestError
from tests.ops.deployment import STRONG_SECRET, env_file
from tests.world import BUCKET, REGION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.manifest.deployment import Deployment

TEXT = SERVERLESS_YML.read_text(encoding="utf-8")


def deployed(folder: Path, text: str = TEXT, **settings: str | None) -> Deployment:
    file = folder / "serverless.yml"
    file.write_text(text, encoding="utf-8")
    return read_deployment(file, read_configuration(env_file(folder, **settings), {}))


def refusal(folder: Path, text: str) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        deployed(folder, text)
    return str(caught.value).splitlines()


def test_each_video_bucket_gets_every_trigger(tmp_path: Path) -> None:
    read = deployed(tmp_path, DEPLOY_BUCKETS=f"{BUCKET},other-1250000000")

    events = [trigger.event for trigger in read.uploads if trigger.bucket == BUCKET]
    assert read.watched_buckets == (BUCKET, "other-1250000000")
    assert [trigger.event for trigger in read.uploads if trigger.bucket != BUCKET] == events
    assert len(events) == 5


def test_both_functions_get_every_setting(tmp_path: Path) -> None:
    read = deployed(tmp_path, WATERMARK_EXCLUDE="tmp/**")

    assert [function.environment["WATERMARK_EXCLUDE"] for function in read.functions.values()] == ["tmp/**", "tmp/**"]


def test_a_second_deployment_has_names_of_its_own(tmp_path: Path) -> None:
    read = deployed(tmp_path, DEPLOY_NAME="staging")

    assert [(f.name, f.role) for f in read.functions.values()] == [
        ("staging-submit", "staging-submit"),
        ("staging-callback", "staging-callback"),
    ]


def test_more_triggers_than_a_function_takes_are_refused_before_any_is_made(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="15 COS triggers of submit, and a function takes 10") as caught:
        deployed(tmp_path, DEPLOY_BUCKETS=f"{BUCKET},b-1250000000,c-1250000000")
    assert len(str(caught.value).splitlines()) == 1

    assert len(deployed(tmp_path, DEPLOY_BUCKETS=f"{BUCKET},b-1250000000").uploads) == 10


def test_two_rules_of_an_event_are_right_where_no_upload_runs_both(tmp_path: Path) -> None:
    more = """    - type: cos
      function: submit
      parameters:
        <<: *uploads
        filter: {prefix: b/, suffix: .mp4}
        events: cos:ObjectCreated:Put
"""

    assert len(deployed(tmp_path, TEXT.replace("prefix: ''", "prefix: a/") + more).uploads) == 6


WRONG: list[tuple[Callable[[str], str], str]] = [
    (lambda _: "", "serverless.yml is empty"),
    (lambda _: "# nothing\n", "serverless.yml is empty"),
    (lambda _: "- a\n- b\n", "serverless.yml is not a list of names and values"),
    (lambda _: "a: [1\n", "serverless.yml cannot be read: line 2: expected ',' or ']'"),
    (lambda text: text.replace("  triggers:", "  others:"), "serverless.yml: inputs.triggers is missing"),
    (
        lambda text: text[: text.index("  triggers:")] + "  triggers:\n",
        "serverless.yml: inputs.triggers must be a list",
    ),
    (lambda text: text.replace("timeout: 270", "timeout: long"), "inputs.functions.submit.timeout must be a whole"),
    (lambda text: text.replace("timeout: 270", "timeout: 9000"), "inputs.functions.submit.timeout is wrong: "),
    (
        lambda text: text.replace("memorySize: 256", "memorysize: 256"),
        "inputs.functions.submit.memorysize is not known to `deploy`",
    ),
    (
        lambda text: text.replace("cronExpression: '0 */1 * * * * *'", "cronExpression: 5"),
        "must be text; put it in quot",
    ),
    (lambda text: text.replace("'0 */1 * * * * *'", "'* * * * *'"), "must have seven fields, the first is seconds"),
    (lambda text: text.replace("enable: true", "enable: maybe"), "parameters.enable must be true or false"),
    (lambda text: text.replace("type: timer", "type: clock"), "has a type that is not cos, timer or http"),
    (lambda text: text.replace("- type: timer\n      function", "- function"), "has no type (cos, timer or http)"),
    (lambda text: text.replace("function: submit", "function: other"), "triggers.0.function is not a function of"),
    (lambda text: text.replace("${env:WATERMARK_SECRET}", "hunter2"), "environments.0.value has a wrong form"),
    (lambda text: text.replace("${env:DEPLOY_REGION}", "ap-guangzhou"), "region itself belongs into .env"),
    (lambda text: text.replace("${env:DEPLOY_BUCKET_DOMAIN}", "other"), "buckets are named in DEPLOY_BUCKETS"),
    (lambda text: text.replace("type: event", "type: web"), "inputs.type is wrong: "),
    (lambda text: text.replace("    callback:\n      name", "    other:\n      name"), "inputs.functions.other"),
    (lambda text: text.replace("component: multi-scf", "component: scf"), "component is wrong: "),
    (
        lambda text: text.replace("namespace: default", "namespace: a\n  namespace: b"),
        "namespace is there twice",
    ),
    (lambda text: text.replace(":Copy", ":Put"), "is there twice"),
    (lambda text: text.replace("- type: cos", "- &a\n      self: *a\n      type: cos", 1), "is used within itself"),
    (lambda text: text.replace("submit:\n", "submit: &a\n      self: *a\n", 1), "is used within itself"),
    (
        lambda text: text.replace("prefix: ''", "prefix: ${env:PREFIX}"),
        "triggers.0 has a variable without a value",
    ),
    (lambda text: text.replace("name: cos-watermark-submit", "name: cos-watermark-callback"), "have the same name"),
    (
        lambda text: text + text[text.rindex("    - type: timer") :].replace("'0 ", "'30 "),
        "two timers of a function have the same name",
    ),
    (lambda text: text.replace("memorySize: 256", "memorySize: 100"), "must be 64, or 128 to 3072 in steps of 128"),
    (lambda text: text.replace("timeout: 270", "timeout: true"), "submit.timeout is wrong: must be a whole number"),
    (
        lambda text: text.replace("cos:ObjectCreated:Put", "cos:ObjectCreated:*"),
        "triggers.1 is for the same uploads as inputs.triggers.0",
    ),
    (
        lambda text: text + "    - {type: http, function: callback, parameters: {name: other}}\n",
        "callback has two triggers of type http",
    ),
    (lambda text: text + "\x00", "cannot be read"),
    (lambda text: text + "x: *nothing\n", "cannot be read: line "),
]


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_a_wrong_file_is_a_line_or_two(tmp_path: Path, change: Callable[[str], str], said: str) -> None:
    lines = refusal(tmp_path, change(TEXT))

    assert said in lines[0]
    assert all(line.startswith("serverless.yml") for line in lines)
    assert not any("hunter2" in line for line in lines)


def test_another_encoding_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_bytes("# 假期\n".encode("gbk"))

    with pytest.raises(ManifestError, match=r"^serverless.yml is not UTF-8: save it in that encoding$"):
        read_deployment(tmp_path / "serverless.yml", read_configuration(env_file(tmp_path), {}))


def test_a_missing_file_is_a_line(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"^serverless.yml cannot be read \(No such file or directory\)$"):
        read_deployment(tmp_path / "serverless.yml", read_configuration(env_file(tmp_path), {}))


def test_written_out_it_says_the_same_without_any_variable(tmp_path: Path) -> None:
    file = env_file(tmp_path, WATERMARK_EXCLUDE="tmp/**", DEPLOY_BUCKETS=f"{BUCKET},other-1250000000", DEPLOY_NAME="b")
    configuration = read_configuration(file, {})
    text = rendered(SERVERLESS_YML, configuration, configuration.environment)
    inputs: dict[str, Any] = yaml.safe_load(text)["inputs"]

    given = {entry["key"]: entry["value"] for entry in inputs["functions"]["callback"]["environments"]}
    assert given == configuration.environment
    assert given["WATERMARK_SECRET"] == STRONG_SECRET
    assert "${" not in text
    assert [function["role"] for function in inputs["functions"].values()] == ["b-submit", "b-callback"]
    domains = {t["parameters"]["bucket"] for t in inputs["triggers"] if t["type"] == "cos"}
    assert domains == {f"{name}.cos.{REGION}.myqcloud.com" for name in (BUCKET, "other-1250000000")}
