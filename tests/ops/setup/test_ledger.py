"""The ledger bucket: made private, refused with versions, and its lifecycle rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faketencent.cos.acl import PRIVATE, PUBLIC_READ
from faketencent.cos.buckets import Versioning
from faketencent.cos.lifecycle import read_rules
from faketencent.cos.store import TakenName
from faketencent.refusals import Refusal
from ops.setup.command import setup
from tests.ops.setup.newcomer import FIRST, LEDGER, again, agree, set_up, signs, writes
from tests.world import BUCKET, REGION

if TYPE_CHECKING:
    from faketencent.routes import Call
    from tests.ops.account import Operator

#: Says the same on every Python.
pytestmark = pytest.mark.once

THEIRS = b"""<LifecycleConfiguration><Rule><ID>theirs</ID><Status>Enabled</Status><Filter><And><Prefix>old/</Prefix>
<Tag><Key>a</Key><Value>b</Value></Tag><Tag><Key>c</Key><Value>d</Value></Tag></And></Filter>
<Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass></Transition>
<Transition><Days>90</Days><StorageClass>ARCHIVE</StorageClass></Transition></Rule></LifecycleConfiguration>"""


def rules(newcomer: Operator) -> dict[str, tuple[str, int | None]]:
    return {rule.id: (rule.prefix, rule.days) for rule in newcomer.cloud.cos.backend.bucket(LEDGER).lifecycle}


def test_it_is_made_private_and_without_versions(newcomer: Operator) -> None:
    set_up(newcomer)

    bucket = newcomer.cloud.cos.backend.bucket(LEDGER)
    assert (bucket.region, bucket.versioning) == (REGION, Versioning.NEVER)
    assert bucket.acl == PRIVATE


@pytest.mark.parametrize("taken", TakenName)
def test_a_name_that_became_ours_meanwhile_is_no_error(newcomer: Operator, taken: TakenName) -> None:
    agree(newcomer.cloud)
    newcomer.cloud.cos.backend.taken_name = taken

    def make_it_first(call: Call) -> None:
        if call.route.operation == "PutBucket":
            newcomer.cloud.cos.backend.create_bucket(LEDGER, REGION)

    newcomer.cloud.watchers.append(make_it_first)
    assert newcomer.run(setup, *FIRST)[0] == 0
    assert writes(newcomer.cloud).count("PutBucket") == 1


def test_a_name_that_is_somebody_elses_is_one_clear_line(newcomer: Operator) -> None:
    agree(newcomer.cloud)
    newcomer.cloud.faults.on("PutBucket", Refusal(409, "BucketAlreadyExists"))

    code, output = newcomer.run(setup, *FIRST)

    assert code == 1
    assert f"the name {LEDGER} is used by somebody else, or in another region: choose another name" in output
    assert again(newcomer, "--ledger-bucket", "other-ledger-1250000000")[0] == 0


def test_so_is_our_own_bucket_in_another_region(newcomer: Operator) -> None:
    newcomer.cloud.cos.backend.create_bucket(LEDGER, "ap-shanghai")

    code, output = newcomer.run(setup, *FIRST)

    assert code == 1
    assert "used by somebody else, or in another region" in output


@pytest.mark.parametrize("versioning", [Versioning.ENABLED, Versioning.SUSPENDED])
def test_with_versions_it_is_refused_and_what_stands_on_it_waits(newcomer: Operator, versioning: Versioning) -> None:
    agree(newcomer.cloud)
    newcomer.cloud.cos.backend.create_bucket(LEDGER, REGION).set_versioning(versioning)

    code, output = newcomer.run(setup, *FIRST)

    assert code == 1
    assert f"! ledger bucket {LEDGER} has versioning ({versioning.value.lower()})" in output
    assert not newcomer.cloud.cam.has_role("cos-watermark-submit")


def test_an_open_one_is_for_a_person_to_close(newcomer: Operator) -> None:
    set_up(newcomer)
    newcomer.cloud.cos.backend.bucket(LEDGER).acl = PUBLIC_READ

    code, output = again(newcomer)

    assert code == 1
    assert f"the ACL of {LEDGER} gives access to others" in output


def test_a_video_bucket_is_none_and_gets_no_rule_that_would_delete_videos(newcomer: Operator) -> None:
    code, output = newcomer.run(setup, *FIRST, "--ledger-bucket", BUCKET)

    assert code == 1
    assert f"! ledger bucket {BUCKET} is also a video bucket: everybody who uploads videos" in output
    assert not newcomer.cloud.cos.backend.bucket(BUCKET).lifecycle


def test_slots_go_after_three_days_and_records_only_if_somebody_asks(newcomer: Operator) -> None:
    set_up(newcomer)
    assert rules(newcomer) == {"cos-watermark-slots": ("slots/", 3)}

    again(newcomer, "--keep-results", "400", "--keep-answers", "90")
    assert rules(newcomer) == {
        "cos-watermark-slots": ("slots/", 3),
        "cos-watermark-results": ("results/", 400),
        "cos-watermark-answers": ("answers/", 90),
    }

    assert set(signs(again(newcomer)[1]).values()) == {"✓"}
    assert again(newcomer, "--keep-results", "30")[0] == 0
    assert rules(newcomer)["cos-watermark-results"] == ("results/", 30)


def test_rules_are_for_the_deployments_own_part_of_the_bucket(newcomer: Operator) -> None:
    set_up(newcomer)
    file = newcomer.folder / ".env"
    file.write_text(file.read_text(encoding="utf-8") + "WATERMARK_LEDGER_PREFIX=prod/\n", encoding="utf-8")
    newcomer.cloud.cos.backend.bucket(LEDGER).lifecycle = ()

    again(newcomer)

    assert rules(newcomer) == {"cos-watermark-slots": ("prod/slots/", 3)}


def test_rules_of_others_stay_as_they_are(newcomer: Operator) -> None:
    bucket = newcomer.cloud.cos.backend.create_bucket(LEDGER, REGION)
    bucket.lifecycle = read_rules(THEIRS)

    set_up(newcomer)

    theirs = next(rule for rule in bucket.lifecycle if rule.id == "theirs")
    assert "".join(str(theirs.text).split()) in "".join(THEIRS.decode().split())
    assert len(bucket.lifecycle) == 2
