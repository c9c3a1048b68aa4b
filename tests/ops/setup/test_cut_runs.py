"""A run that was cut off, at whichever write and on whichever side of its effect, is finished by the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from faketencent.faults import Fault
from ops.configuration.env_file import EnvFile
from ops.ending import Code
from ops.setup.command import setup
from tests.ops.setup.newcomer import FIRST, LEDGER, READS, a_newcomer, agree, set_up, writes
from tests.world import BUCKET

if TYPE_CHECKING:
    from faketencent.routes import Call
    from tests.ops.account import Operator

#: Says the same on every Python.
pytestmark = pytest.mark.once

#: Writes of a whole set-up, in the order in which they are made.
ALL = [
    *("CreateRole", "AttachRolePolicy", "OpenClsService", "CreateMediaBucket", "PutBucket", "PutBucketLifecycle"),
    *("CreatePolicy", "CreateRole", "AttachRolePolicy") * 2,
    *("CreateLogset", "CreateTopic", "CreateIndex"),
]


def state(newcomer: Operator) -> dict[str, Any]:
    """All that a set-up makes."""
    cloud = newcomer.cloud
    cam, cls = cloud.cam, cloud.cls.backend
    return {
        "roles": {role.name: (role.trust, cam.documents(role)) for role in cam.roles.known.values()},
        "policies": sorted(policy.name for policy in cam.policies.known.values()),
        "ledger": [(rule.id, rule.days, rule.prefix) for rule in cloud.cos.backend.bucket(LEDGER).lifecycle],
        "bound": BUCKET in cloud.ci.backend.buckets,
        "topics": [(topic.logset.name, topic.name, topic.index and topic.index.rule) for topic in cls.topics.values()],
        "open": cls.opened,
        "settings": sorted(EnvFile.read(newcomer.folder / ".env").values),
    }


def is_write(call: Call) -> bool:
    return not call.route.operation.startswith(READS)


@pytest.fixture
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with a_newcomer(tmp_path_factory.mktemp("whole")) as newcomer:
        set_up(newcomer, "--logs")
        assert writes(newcomer.cloud) == ALL
        return state(newcomer)


@pytest.mark.parametrize(
    ("fault", "skip"),
    [(Fault.RESET_AFTER, 0), (Fault.ERROR_500, 1)],
    ids=["after its effect", "before its effect"],
)
def test_each_write_is_cut_in_turn(newcomer: Operator, whole: dict[str, Any], fault: Fault, skip: int) -> None:
    agree(newcomer.cloud)
    cut = 0
    while True:
        newcomer.cloud.faults.clear()
        newcomer.cloud.faults.when(is_write, fault, skip=skip)
        code, output = newcomer.run(setup, *FIRST, "--logs")
        if code == Code.DONE:
            break
        assert code == Code.UNSEEN
        assert "the same command continues" in output
        cut += 1

    newcomer.cloud.faults.clear()
    assert newcomer.run(setup, *FIRST, "--logs")[0] == 0
    assert state(newcomer) == whole
    # Of one that is made of three, two may be done at once when it is finished.
    assert cut >= len(ALL) - 3


def test_the_secret_of_a_run_that_was_cut_is_kept(newcomer: Operator) -> None:
    newcomer.cloud.faults.when(is_write, Fault.RESET)
    newcomer.run(setup, *FIRST)
    secret = EnvFile.read(newcomer.folder / ".env").values["WATERMARK_SECRET"]

    set_up(newcomer)

    assert EnvFile.read(newcomer.folder / ".env").values["WATERMARK_SECRET"] == secret


def test_ctrl_c_stops_it_in_words(newcomer: Operator) -> None:
    def press(call: Call) -> None:
        if call.route.operation == "PutBucket":
            raise KeyboardInterrupt

    newcomer.cloud.watchers.append(press)
    code, output = newcomer.run(setup, *FIRST)

    assert code == Code.STOPPED
    assert f"Not done, or not known: ledger bucket {LEDGER}" in output

    newcomer.cloud.watchers.clear()
    set_up(newcomer)


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.ERROR_403, Fault.MALFORMED])
def test_what_cannot_be_looked_at_is_named_and_nothing_is_written(newcomer: Operator, fault: Fault) -> None:
    newcomer.cloud.faults.on("ListPolicies", fault)
    code, output = newcomer.run(setup, *FIRST)

    assert code == Code.UNSEEN
    assert output.startswith("cam ListPolicies: ")
    assert output.count("\n") == 1
    assert writes(newcomer.cloud) == []


def test_no_write_is_repeated_by_itself(newcomer: Operator) -> None:
    for operation in dict.fromkeys(ALL):
        newcomer.cloud.faults.clear()
        newcomer.cloud.faults.on(operation, Fault.TIMEOUT_AFTER)
        calls = len(newcomer.cloud.journal)
        newcomer.run(setup, *FIRST, "--logs")
        assert writes(newcomer.cloud, calls).count(operation) == 1
