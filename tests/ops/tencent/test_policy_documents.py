"""Two documents are the same if they say the same, in whatever words CAM gives one back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from ops.tencent.policy_documents import compact, read, same

if TYPE_CHECKING:
    from collections.abc import Callable

#: Says the same on every Python.
pytestmark = pytest.mark.once

Document = dict[str, Any]
ONE = {"effect": "allow", "action": ["cos:GetObject", "cos:PutObject"], "resource": ["qcs::cos::uid/1:b/*", "*"]}
OTHER = {"effect": "allow", "action": ["ci:CreateMediaJobs"], "resource": ["*"]}
SENT: Document = {"version": "2.0", "statement": [ONE, OTHER]}
TRUST: Document = {
    "version": "2.0",
    "statement": [
        {"effect": "allow", "action": ["sts:AssumeRole"], "principal": {"service": ["a.qcloud.com", "b.qcloud.com"]}}
    ],
}


def with_first(**changed: object) -> Document:
    return {"version": "2.0", "statement": [{**ONE, **changed}, OTHER]}


@pytest.mark.parametrize(
    "document",
    [
        {"statement": [ONE, OTHER], "version": "2.0"},
        {"Version": "2.0", "Statement": [OTHER, dict(reversed(ONE.items()))]},
        {"version": "2.0", "statement": [ONE, {"effect": "Allow", "action": "ci:CreateMediaJobs", "resource": "*"}]},
        with_first(action=["name/cos:PutObject", "name/cos:GetObject"]),
        with_first(action=["cos:putobject", "cos:getobject"]),
        with_first(resource=["*", "qcs::cos::uid/1:b/*"]),
    ],
)
@pytest.mark.parametrize(
    "written",
    [json.dumps, compact, lambda document: compact(document).replace("/", "\\/"), lambda d: quote(compact(d), safe="")],
    ids=["with blanks", "compact", "with escaped slashes", "percent-encoded"],
)
def test_other_words_are_no_difference(document: Document, written: Callable[[Document], str]) -> None:
    assert same(read(written(document)), SENT)


@pytest.mark.parametrize(
    "document",
    [
        with_first(effect="deny"),
        with_first(action=["cos:GetObject"]),
        with_first(action=["cos:GetObject", "cos:PutObject", "cos:DeleteObject"]),
        with_first(resource=["*"]),
        with_first(resource=["qcs::cos::uid/1:B/*", "*"]),
        with_first(condition={"ip_equal": {"qcs:ip": "10.0.0.1"}}),
        {"version": "2.0", "statement": [ONE]},
        {"version": "2.0", "statement": [ONE, OTHER, OTHER]},
        {"version": "2.0", "statement": ONE},
        {"version": "2.0", "statement": "nonsense"},
        {"version": "2.0"},
        {"version": "3.0", "statement": [ONE, OTHER]},
        {},
    ],
)
def test_other_rights_are_a_difference(document: Document) -> None:
    assert not same(document, SENT)


@pytest.mark.parametrize(
    ("services", "equal"),
    [(["b.qcloud.com", "a.qcloud.com"], True), (["a.qcloud.com"], False), ("a.qcloud.com", False)],
)
def test_whom_a_role_trusts_counts_and_not_in_which_order(services: object, equal: bool) -> None:
    statement = {"effect": "allow", "action": "name/sts:AssumeRole", "principal": {"Service": services}}
    assert same({"version": "2.0", "statement": [statement]}, TRUST) is equal


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "%7B"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)
