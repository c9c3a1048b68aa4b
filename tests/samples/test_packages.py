"""The samples as they are deployed: their files fit each other, and what docs/integrate.md says of them."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from faketencent.faults import Fault
from faketencent.scf.invocation import Status
from ops.checkout import BUILD
from ops.manifest.schema import validated
from ops.readme import INTEGRATE, PARTS
from tests.ops.exactness import grants, unused, watched, without
from tests.samples.stand import SAMPLES, Receiver, manifest, policy, runs, tags, with_sample
from tests.world import World, marked_video

if TYPE_CHECKING:
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

NAMES = ("tell", "act")
TEXT = INTEGRATE.read_text(encoding="utf-8")
ROBOT, BOTH = (block for block in re.findall(r"```python\n(.*?)```", TEXT, re.S) if not block.startswith('"""'))

each_sample = pytest.mark.parametrize("name", NAMES)


def went_well(world: World, receiver: Receiver, name: str) -> bool:
    """Upload a video that has a tag already; whether the sample did with it all that it is for."""
    world.upload("a.mp4", marked_video("Studio-7"), {"x-cos-tagging": "team=red"})
    world.cloud.settle()
    acted = name == "tell" or tags(world, "a.mp4") == {"team": "red", "watermark": "found"}
    told = name == "act" or [one["verdict"] for one in receiver.received] == ["found"]
    return acted and told and [run.status for run in runs(world, name)] == [Status.SUCCEEDED]


@each_sample
def test_its_serverless_yml_says_what_the_projects_own_reader_takes(name: str) -> None:
    document = manifest(name)
    functions = document["inputs"]["functions"]
    # That reader knows two functions by name.
    known = {**document["inputs"], "functions": dict.fromkeys(("submit", "callback"), functions[name])}

    function = validated({**document, "inputs": known}, "serverless.yml").inputs.functions["submit"]

    assert list(functions) == [name]
    assert (function.name, function.role, function.handler) == (f"watermark-{name}",) * 2 + ("index.main_handler",)
    assert (SAMPLES / name / document["inputs"]["src"]).resolve() == (BUILD / name).resolve()


@each_sample
def test_its_variables_are_those_that_the_code_reads_and_the_document_names(name: str) -> None:
    document = manifest(name)
    (function,) = document["inputs"]["functions"].values()
    code = (SAMPLES / name / "index.py").read_text(encoding="utf-8")
    given = {one["key"] for one in function.get("environments", ())}

    assert given == set(re.findall(r'os\.environ\["([A-Z_]+)"\]', code)) - {"TENCENTCLOUD_SESSIONTOKEN"}
    assert all(f"{variable}=" in TEXT for variable in re.findall(r"\$\{env:(\w+)\}", json.dumps(document)))


@each_sample
def test_its_policy_is_exactly_what_it_needs(name: str) -> None:
    granted = policy(name)

    with watched() as asked, with_sample(name) as (world, receiver):
        assert went_well(world, receiver, name)

    assert unused(granted, asked) == []


@pytest.mark.parametrize(("name", "grant"), [(name, one) for name in NAMES for one in grants(policy(name))])
def test_it_can_miss_no_part_of_it(name: str, grant: tuple[str, str]) -> None:
    with with_sample(name, granted=without(policy(name), grant)) as (world, receiver):
        assert not went_well(world, receiver, name)


@pytest.mark.parametrize("part", PARTS[INTEGRATE])
def test_the_document_shows_the_files_to_the_letter(part: str) -> None:
    # What is made from the code is compared elsewhere too, but there numbers may differ.
    assert f"made by `make readme` -->\n{PARTS[INTEGRATE][part]()}\n<!-- end of {part} -->" in TEXT


@pytest.mark.parametrize("answer", ['{"errcode": 0}', '{"errcode": 45009}'])
def test_a_robot_is_told_in_its_own_words_and_its_refusals_are_noticed(tmp_path: Path, answer: str) -> None:
    code = (SAMPLES / "tell" / "index.py").read_text(encoding="utf-8")
    (tmp_path / "index.py").write_text(code.partition("def message(")[0] + ROBOT, encoding="utf-8")
    key = "<@all> 影片.mp4"

    with with_sample("tell", code=tmp_path) as (world, receiver):
        receiver.answer = {"statusCode": 200, "body": answer}
        world.upload(key, marked_video("水印" * 20))
        world.cloud.settle()

        (told,) = receiver.received
        assert told == {
            "msgtype": "text",
            "text": {"content": f"found {'水印' * 20} videos-1250000000 ‹@all> 影片.mp4"},
        }
        assert len(told["text"]["content"].encode()) <= 2048
        assert [run.status is Status.SUCCEEDED for run in runs(world, "tell")] == [answer == '{"errcode": 0}']


@pytest.mark.parametrize("broken", NAMES)
def test_both_work_in_one_function_and_neither_stops_the_other(tmp_path: Path, broken: str) -> None:
    for name in NAMES:
        shutil.copy(SAMPLES / name / "index.py", tmp_path / f"{name}.py")
    (tmp_path / "index.py").write_text(BOTH, encoding="utf-8")
    with with_sample("act", code=tmp_path) as (world, receiver):
        places = {"act": "PutObjectTagging", "tell": receiver.url}
        world.cloud.faults.when(
            lambda call: call.route.operation == places[broken] or call.request.host in places[broken], Fault.ERROR_403
        )

        world.upload("a.mp4", marked_video("Studio-7"))
        world.cloud.settle()

        (run,) = runs(world, "act")
        did = {"act": tags(world, "a.mp4") != {}, "tell": receiver.received != []}
        assert (run.status, did) == (Status.FAILED, {name: name != broken for name in NAMES})
