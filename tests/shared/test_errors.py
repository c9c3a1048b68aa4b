"""The error tree is what its documentation draws."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from shared import errors
from shared.errors import BlockedError, Cause, CloudError, WatermarkError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: One line of the drawing: four columns of lines a level, the name, and whether it may succeed later.
LINE = re.compile(r"^(?P<lines>(?:[│ ]   )*(?:[├└]── )?)(?P<name>\w+Error)\b(?P<rest>.*)$", re.MULTILINE)
CAUSE = Cause("GET ci videos-1250000000/jobs/j1", 403, "AccessDenied", "Access Denied.", "NWMx")


def real_tree(kind: type[WatermarkError], parent: str = "") -> Iterator[tuple[str, str, bool]]:
    yield kind.__name__, parent, kind.retryable
    # What the operator's command line adds to the tree is not deployed.
    for child in (child for child in kind.__subclasses__() if child.__module__.startswith("shared.")):
        yield from real_tree(child, kind.__name__)


def drawn_tree() -> Iterator[tuple[str, str, bool]]:
    path: list[str] = []
    for line in LINE.finditer(errors.__doc__ or ""):
        depth = len(line["lines"]) // 4
        del path[depth:]
        yield line["name"], path[-1] if path else "", "(retryable" in line["rest"]
        path.append(line["name"])


def test_the_drawing_is_the_class_tree_with_its_retryable_column() -> None:
    drawn, real = list(drawn_tree()), list(real_tree(WatermarkError))

    assert sorted(drawn) == sorted(real)
    assert len(drawn) > 10


def test_the_tree_lives_in_one_module_and_every_class_says_what_it_means() -> None:
    for name, _, _ in real_tree(WatermarkError):
        kind = getattr(errors, name)
        assert kind.__module__ == "shared.errors"
        assert vars(kind)["__doc__"]


def test_nothing_in_the_tree_is_an_error_of_python_too() -> None:
    # `except ValueError` around a parser must never swallow one of ours.
    for name, _, _ in real_tree(WatermarkError):
        foreign = [base for base in getattr(errors, name).__mro__ if base.__module__ == "builtins"]
        assert foreign == [Exception, BaseException, object]


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (CAUSE, "GET ci videos-1250000000/jobs/j1: 403 AccessDenied Access Denied. (request id NWMx)"),
        (Cause("HEAD cos b/k", 404), "HEAD cos b/k: 404"),
        (Cause("HEAD cos b/k", message="no reply (ReadTimeout)"), "HEAD cos b/k: no reply (ReadTimeout)"),
    ],
)
def test_a_cause_reads_like_a_sentence(cause: Cause, text: str) -> None:
    assert str(cause) == text
    assert str(CloudError(cause)) == text


def test_advice_is_part_of_the_text() -> None:
    error = BlockedError(CAUSE, "Bind the bucket")

    assert str(error) == f"{CAUSE}. Bind the bucket"
    assert (error.cause, error.advice) == (CAUSE, "Bind the bucket")
