"""Triggers that do not become what is wanted: that is said after some time, and SCF is not called without end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

import pytest

from ops import waiting
from ops.deploy.triggers import Bindings
from ops.errors import DeployError
from ops.manifest.schema import TriggerKind
from tests.ops.deploy.test_trigger_changes import PUT, there

if TYPE_CHECKING:
    from ops.manifest.deployment import Trigger
    from ops.tencent.triggers import DeployedTrigger, Triggers


class Undone:
    """SCF, while somebody undoes at once whatever is done; or whose list never tells of it."""

    def __init__(self, *found: Trigger) -> None:
        self._found = tuple(map(there, found))
        self.calls: Counter[str] = Counter()

    def of(self, *_: object) -> tuple[DeployedTrigger, ...]:
        self.calls["list"] += 1
        return self._found

    def create(self, *_: object) -> None:
        self.calls["create"] += 1

    def delete(self, *_: object) -> None:
        self.calls["delete"] += 1


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes while somebody waits, and only then."""
    passed = [0.0]
    monkeypatch.setattr(waiting, "now", lambda: passed[0])
    monkeypatch.setattr(waiting, "pause", lambda seconds: passed.__setitem__(0, passed[0] + seconds))


@pytest.mark.parametrize(
    ("found", "wanted", "call"), [([], [PUT], "create"), ([PUT], [], "delete")], ids=["made", "deleted"]
)
def test_what_is_undone_again_and_again_ends_in_an_error(
    found: list[Trigger], wanted: list[Trigger], call: str
) -> None:
    triggers = Undone(*found)
    bindings = Bindings(cast("Triggers", triggers), "cos-watermark-submit", "submit", lambda _: None)

    with pytest.raises(DeployError, match="cos-watermark-submit: its triggers still differ"):
        bindings.bring(wanted, frozenset({TriggerKind.COS}))

    # One call a second, for five minutes.
    assert 250 < triggers.calls[call] < 320
