"""docs/vectors.json, held against our code and against a second implementation that imports nothing of ours."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ops.checkout import ROOT
from tests.asking import RUN
from tests.vectors import ours, second
from tests.vectors.calling import make, read
from tests.vectors.document import PATH, rendered
from tests.world import SECRET

DOCUMENT: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
SECRETS: dict[str, str] = DOCUMENT["secrets"]


def parts(of: str) -> list[Any]:
    """The vectors of either kind, one parameter for each part."""
    return [pytest.param(part, vectors, id=part) for part, vectors in DOCUMENT[of].items()]


by_both = pytest.mark.parametrize("functions", [ours, second], ids=["ours", "second"])


def test_the_document_is_what_our_code_makes() -> None:
    assert rendered() == PATH.read_text(encoding="utf-8"), "run `python -m tests.vectors`"


@by_both
@pytest.mark.parametrize(("part", "vectors"), parts("make"))
def test_what_is_made(functions: Any, part: str, vectors: list[dict[str, Any]]) -> None:  # noqa: ANN401 - a module
    made = [(vector["about"], make(functions.MAKE, part, vector["given"], SECRETS)) for vector in vectors]

    assert made == [(vector["about"], vector["gives"]) for vector in vectors]


@by_both
@pytest.mark.parametrize(("part", "vectors"), parts("read"))
def test_what_is_read_or_refused(functions: Any, part: str, vectors: list[dict[str, Any]]) -> None:  # noqa: ANN401 - as above
    found = [(vector["about"], read(functions.READ, part, vector["given"], SECRETS)) for vector in vectors]

    assert found == [(vector["about"], vector["gives"]) for vector in vectors]


def test_what_is_to_fit_to_the_byte_does_and_a_byte_less_leaves_something_out() -> None:
    full, short = (
        [vector["gives"] for vector in DOCUMENT["make"]["seal"] if words in vector["about"]]
        for words in ("to the byte", "a byte too little")
    )

    assert [sum(map(len, (*headers, *headers.values()))) for headers in full] == [2048] * 5
    assert [len(headers) for headers in full] == [7, 6, 5, 4, 3]
    assert [headers and len(headers) for headers in short] == [6, 5, 4, 3, None]


def test_the_samples_of_the_ledger_are_as_the_second_implementation_has_them() -> None:
    record, answer, claim = (sample(name) for name in ("result-found", "answer", "claim"))
    upload = claim["upload"]
    of_it = {**upload["content"], "modified": upload["modified"], "run": upload["run"]}

    own = second.upload_id(upload["target"]["bucket"], upload["target"]["key"], **of_it)
    fields = {name: second.encoded(record[name]) for name in ("text", "job", "at")}

    assert {own} == {record["upload"], answer["upload"]}
    assert record["seal"] == second.seal(SECRET, record["crc64"], record["size"], {"": record["verdict"], **fields})
    entry = sample("waiting-entry")
    assert second.read_entry(second.waiting_name(RUN, entry["bucket"], entry["key"]), entry)


def sample(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "events" / "ledger" / f"{name}.json").read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("part", DOCUMENT["read"])
def test_of_all_that_is_read_something_is_believed_and_something_refused(part: str) -> None:
    gives = [vector["gives"] for vector in DOCUMENT["read"][part]]

    assert None in gives
    assert any(given is not None for given in gives)


def test_the_second_implementation_imports_the_standard_library_alone() -> None:
    tree = ast.parse(Path(second.__file__).read_text(encoding="utf-8"))
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    named = {"." * node.level + str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert plain | named
    assert {name.split(".")[0] for name in plain | named} <= {*sys.stdlib_module_names}
    assert "importlib" not in plain | named
