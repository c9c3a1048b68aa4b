"""What `list` refuses, and what it says where there is nothing to list or no right to look."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from ops.policies import operator_policy
from tests.ops.listing.lists import DEPLOYMENT, keep_one_of_each, keys, run
from tests.world import LEDGER

if TYPE_CHECKING:
    from tests.ops.at_work import AtWork

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--in-flight", "--failed"], "--in-flight is a separate list"),
        (["--waiting", "--never"], "--waiting is a separate list"),
        (["--never", "--not-applied"], "use another command for --not-applied"),
        (["--json", "--csv"], "--json or --csv"),
        (["--since", "2026-01-02", "--until", "2026-01-01"], "--since must be before --until"),
        (["--since", "yesterday"], "'yesterday' is not a time"),
        (["--after", "5"], "no place to continue from"),
        (["--after", "2026-01-01T00:00:00Z/x' OR 1"], "no place to continue from"),
        (["--bucket", "other-1250000000"], "not one of the video buckets"),
        (["--prefix", "\udcff"], "another encoding"),
    ],
)
def test_nonsense_is_refused_in_a_line(stand: AtWork, arguments: list[str], said: str) -> None:
    code, data, talk = run(stand, *arguments)

    assert (code, data) == (2, "")
    assert said in talk
    assert len(talk.splitlines()) == 1
    assert stand.world.cloud.operations() == []


def test_an_empty_ledger_is_said_and_no_fault(stand: AtWork) -> None:
    assert run(stand) == (0, "", "Nothing to list\n")
    assert run(stand, "--csv", "-q")[1].startswith("upload,")
    assert run(stand, "--json", "-q") == (0, "", "")


def test_without_a_file_or_a_key_pair_nothing_is_listed(stand: AtWork) -> None:
    with patch("tests.ops.account.Operator.key", {}):
        code, _, talk = run(stand)
        assert (code, "no key pair" in talk) == (2, True)
    (stand.operator.folder / ".env").unlink()
    code, _, talk = run(stand)
    assert (code, "./cos-watermark setup" in talk) == (2, True)


def test_a_right_that_is_missing_is_named(stand: AtWork) -> None:
    policy = operator_policy(DEPLOYMENT)
    policy["statement"] = [one for one in policy["statement"] if "cos:GetBucket" not in one["action"]]
    stand.become(policy)

    code, data, talk = run(stand)

    assert (code, data) == (3, "")
    assert "The right cos:GetBucket is missing" in talk


def test_it_can_do_with_the_rights_of_an_operator(stand: AtWork) -> None:
    keep_one_of_each(stand)
    stand.become(operator_policy(DEPLOYMENT))
    assert len(keys(stand)) == 5
    assert run(stand, "--never")[0] == 0


def test_what_is_not_a_record_is_named_and_left_out(stand: AtWork) -> None:
    stand.world.cloud.cos.backend.put(LEDGER, "results/2026-01-01/x\x1b.json", b"{}")
    keep_one_of_each(stand)

    code, data, talk = run(stand)

    assert (code, len(data.splitlines())) == (0, 5)
    assert talk == (
        "! Left out: content does not fit the name, or is of a newer version of this program: "
        "results/2026-01-01/x .json\n"
    )
    assert run(stand, "-q")[2] == ""
