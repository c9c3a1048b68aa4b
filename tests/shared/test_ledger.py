"""The ledger on a fake COS: who wins a name, what may change, what is kept, and what is nobody's business."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from faketencent.cos.buckets import Versioning
from faketencent.faults import Fault
from ops.policies import CALLBACK_ROLE
from shared.cloud.cos import Cos
from shared.cloud.ledger import Ledger
from shared.cloud.store import Store
from shared.cloud.transport import Transport
from shared.domain.claim import Attempt, Held, encode
from shared.domain.objects import ObjectRef, Upload
from shared.domain.outcome import Reason
from shared.domain.record import Record, result_record, unanswered_record
from shared.domain.result import Result, Verdict
from shared.errors import ClaimError, ConfigurationError, ConflictError, NoReplyError, ServerError
from shared.settings import read_credentials, read_settings
from tests.shared.samples import AT, CONTENT, MODIFIED, UPLOAD
from tests.world import LEDGER, REGION, World, deployed, new_containers

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = Attempt(UPLOAD, 1, since=MODIFIED)
NAME = f"claims/{UPLOAD.target.id}/{UPLOAD.id}/000001"
RECORD = f"results/2026-01-01/{UPLOAD.id}.json"
OTHER = replace(UPLOAD, modified=MODIFIED + 1)
WITH_JOB = replace(FIRST, job="j1")
FOUND = Result(Verdict.FOUND, AT, "j1", "team-42")
APPLIED = result_record(UPLOAD, FOUND, [WITH_JOB], None, seal="s1.0", reason=None)
UNWRITABLE = result_record(UPLOAD, FOUND, [WITH_JOB], None, reason=Reason.UNWRITABLE)
WITHOUT_JOB = unanswered_record(UPLOAD, Reason.ARCHIVED)


@pytest.fixture
def world() -> Iterator[World]:
    with deployed() as world:
        yield world


@pytest.fixture
def ledger(world: World) -> Ledger:
    return ledger_of(world)


def ledger_of(world: World) -> Ledger:
    """The ledger as the callback function has it."""
    role = world.cloud.cam.assume(CALLBACK_ROLE)
    credentials = read_credentials(
        {
            "TENCENTCLOUD_SECRETID": role.secret_id,
            "TENCENTCLOUD_SECRETKEY": role.secret_key,
            "TENCENTCLOUD_SESSIONTOKEN": role.token or "",
        }
    )
    settings = read_settings(world.variables)
    return Ledger(Store(Cos(Transport(credentials, settings.scheme)), settings, REGION))


def put(world: World, name: str, body: bytes = b"x") -> None:
    world.cloud.cos.backend.put(LEDGER, name, body)


class TestAttempts:
    def test_are_filed_by_object_upload_and_number(self, world: World, ledger: Ledger) -> None:
        ledger.create(FIRST)

        assert world.claims == [NAME]
        assert world.kept(NAME) == encode(FIRST)

    def test_lie_under_the_prefix_that_the_settings_name(self, world: World) -> None:
        world.configure(LEDGER_PREFIX="team/one/")

        ledger_of(world).create(FIRST)

        assert world.cloud.cos.backend.keys(LEDGER) == ["team/one/" + NAME]
        assert [entry.key for entry in ledger_of(world).claims()] == [NAME]

    def test_can_be_taken_by_one_only(self, world: World, ledger: Ledger) -> None:
        ledger.create(WITH_JOB)

        with pytest.raises(ConflictError):
            ledger.create(FIRST)
        assert world.attempts() == [WITH_JOB]

    def test_say_when_they_were_written_by_the_clock_of_cos(self, world: World, ledger: Ledger) -> None:
        created = ledger.create(FIRST)
        world.cloud.clock.sleep(60)

        (listed,) = ledger.claims()

        assert created.age == 0
        assert listed.age == 60
        assert listed._replace(now=created.now) == created

    def test_change_as_far_as_their_job_got(self, world: World, ledger: Ledger) -> None:
        created = ledger.create(FIRST)

        updated = ledger.update(WITH_JOB)

        assert world.attempts() == [WITH_JOB]
        assert updated.etag != created.etag
        assert ledger.read(updated) == WITH_JOB

    def test_that_changed_since_they_were_listed_are_not_read(self, ledger: Ledger) -> None:
        before = ledger.create(FIRST)
        ledger.update(WITH_JOB)

        assert ledger.read(before) is None

    def test_that_are_gone_are_not_read(self, ledger: Ledger) -> None:
        entry = ledger.create(FIRST)
        ledger.drop([FIRST])

        assert ledger.read(entry) is None

    def test_of_one_object_are_listed_apart_those_of_one_upload_in_a_row(self, ledger: Ledger) -> None:
        film = Attempt(Upload(replace(UPLOAD.target, key="film.mp4"), CONTENT, MODIFIED), 1, since=MODIFIED)
        made = [FIRST, Attempt(OTHER, 1, since=MODIFIED), replace(FIRST, number=2), film, replace(FIRST, number=10)]
        for attempt in made:
            ledger.create(attempt)

        ours = [(entry.upload_id, entry.number) for entry in ledger.claims(UPLOAD.target)]

        groups = [[(UPLOAD.id, 1), (UPLOAD.id, 2), (UPLOAD.id, 10)], [(OTHER.id, 1)]]
        assert ours in ([*groups[0], *groups[1]], [*groups[1], *groups[0]])
        assert len(list(ledger.claims())) == 5

    def test_are_dropped_the_oldest_first(self, world: World, ledger: Ledger) -> None:
        attempts = [replace(FIRST, number=number) for number in (3, 1, 2)]
        for attempt in attempts:
            ledger.create(attempt)
        world.cloud.journal.clear()

        ledger.drop(attempts)

        assert [call.request.path[-1] for call in world.cloud.journal] == ["1", "2", "3"]
        assert world.claims == []

    @pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.TIMEOUT_BEFORE, Fault.ERROR_500, Fault.RESET_AFTER])
    def test_a_deletion_is_never_repeated_for_the_name_may_belong_to_another_life_by_then(
        self, world: World, ledger: Ledger, fault: Fault
    ) -> None:
        ledger.create(FIRST)
        world.cloud.faults.on("DeleteObject", fault)

        with pytest.raises((NoReplyError, ServerError)):
            ledger.drop([FIRST, replace(FIRST, number=2)])

        assert world.cloud.operations().count("DeleteObject") == 1


class TestStrangers:
    """What lies there and is none of ours is named, and left alone."""

    @pytest.mark.parametrize(
        "name", ["note.txt", "0/1", f"{'0' * 64}/{'0' * 64}/1", f"{'G' * 64}/{'0' * 64}/000001", "產品 1"]
    )
    def test_a_name_that_is_none_of_ours_is_a_claim_of_its_own(self, world: World, ledger: Ledger, name: str) -> None:
        put(world, f"claims/{name}")
        ledger.create(FIRST)

        stranger, ours = sorted(ledger.claims(), key=lambda entry: entry.number)

        assert (stranger.key, stranger.number) == (f"claims/{name}", 0)
        assert stranger.upload_id != ours.upload_id
        with pytest.raises(ClaimError, match="left as it is"):
            ledger.read(stranger)

    @pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b'{"v": 2}', encode(FIRST)[:-1], b"x" * 1000])
    def test_a_claim_that_cannot_be_read_is_named(self, world: World, ledger: Ledger, body: bytes) -> None:
        put(world, NAME, body)
        (entry,) = ledger.claims()

        with pytest.raises(ClaimError, match=f"{LEDGER}/{NAME}"):
            ledger.read(entry)

    @pytest.mark.parametrize(
        "told", [replace(FIRST, upload=OTHER), replace(FIRST, number=2)], ids=["another upload", "another number"]
    )
    def test_a_claim_in_the_place_of_another_is_not_believed(self, world: World, ledger: Ledger, told: Attempt) -> None:
        put(world, NAME, encode(told))
        (entry,) = ledger.claims()

        with pytest.raises(ClaimError, match="another upload"):
            ledger.read(entry)

    def test_what_somebody_put_where_a_claim_of_ours_would_be_is_not_overwritten(
        self, world: World, ledger: Ledger
    ) -> None:
        put(world, NAME, b"mine")

        with pytest.raises(ConflictError):
            ledger.create(FIRST)
        assert world.kept(NAME) == b"mine"


class TestListing:
    def test_a_thousand_entries_with_the_longest_names_are_read(self, world: World) -> None:
        # Given a prefix and keys as long as COS allows, percent-encoded in the listing: three bytes for each
        prefix = "é" * 100 + "/"
        world.configure(LEDGER_PREFIX=prefix)
        room = 850 - len(f"{prefix}claims/0000".encode())
        for number in range(1000):
            put(world, f"{prefix}claims/{number:04d}{'産' * (room // 3)}")

        entries = list(ledger_of(world).claims())

        assert len({entry.upload_id for entry in entries}) == 1000
        assert len(entries[0].key.encode()) > 600
        assert world.cloud.operations().count("GetBucket") == 1

    def test_more_than_a_page_is_fetched_page_by_page(self, world: World, ledger: Ledger) -> None:
        for number in range(1001):
            put(world, f"claims/{number:04d}")

        assert len(list(ledger.claims())) == 1001
        assert world.cloud.operations().count("GetBucket") == 2


class TestVersions:
    @pytest.mark.parametrize("state", [Versioning.ENABLED, Versioning.SUSPENDED])
    def test_a_ledger_that_keeps_them_or_did_is_refused(self, world: World, ledger: Ledger, state: Versioning) -> None:
        # There two functions could take one attempt.
        world.cloud.cos.backend.bucket(LEDGER).set_versioning(state)

        with pytest.raises(ConfigurationError, match="WATERMARK_LEDGER_BUCKET"):
            ledger.create(FIRST)
        assert world.claims == []

    def test_that_is_asked_once_per_container(self, world: World, ledger: Ledger) -> None:
        for number in range(1, 4):
            ledger.create(replace(FIRST, number=number))
        assert world.cloud.operations().count("GetBucketVersioning") == 1

        new_containers()
        ledger.create(replace(FIRST, number=4))
        assert world.cloud.operations().count("GetBucketVersioning") == 2


class TestRecords:
    def kept(self, world: World) -> Record:
        assert world.ledger("results/") == [RECORD]
        return Record.model_validate_json(world.kept(RECORD))

    @pytest.mark.parametrize("record", [APPLIED, UNWRITABLE, WITHOUT_JOB])
    def test_are_kept_by_day_and_upload(self, world: World, ledger: Ledger, record: Record) -> None:
        ledger.keep(record)

        assert self.kept(world) == record

    @pytest.mark.parametrize(
        ("first", "second", "stays"),
        [
            pytest.param(UNWRITABLE, APPLIED, APPLIED, id="applied wins"),
            pytest.param(WITHOUT_JOB, APPLIED, APPLIED, id="applied wins over what had no job"),
            pytest.param(APPLIED, UNWRITABLE, APPLIED, id="what is applied stays"),
            pytest.param(APPLIED, WITHOUT_JOB, APPLIED, id="also against what had no job"),
            pytest.param(WITHOUT_JOB, UNWRITABLE, UNWRITABLE, id="with a job replaces without"),
            pytest.param(UNWRITABLE, WITHOUT_JOB, UNWRITABLE, id="without a job replaces nothing"),
        ],
    )
    def test_which_of_two_about_one_upload_stays(
        self, world: World, ledger: Ledger, first: Record, second: Record, stays: Record
    ) -> None:
        ledger.keep(first)
        ledger.keep(second)

        assert self.kept(world) == stays

    def test_of_two_with_a_job_and_not_applied_the_first_stays(self, world: World, ledger: Ledger) -> None:
        again = UNWRITABLE.model_copy(update={"problem": "still no room"})

        ledger.keep(UNWRITABLE)
        ledger.keep(again)

        assert self.kept(world) == UNWRITABLE

    @pytest.mark.parametrize(("there", "stays"), [(APPLIED, True), (UNWRITABLE, True), (WITHOUT_JOB, False)])
    def test_one_that_is_told_once_replaces_only_what_had_no_job(
        self, world: World, ledger: Ledger, there: Record, stays: bool
    ) -> None:
        # What is read back from the object says less than whoever wrote it there could.
        read_back = APPLIED.model_copy(update={"attempts": 9})
        ledger.keep(there)

        ledger.keep(read_back, once=True)

        assert self.kept(world) == (there if stays else read_back)

    def test_one_that_nobody_can_read_is_replaced(self, world: World, ledger: Ledger) -> None:
        put(world, RECORD, b"rubbish")

        ledger.keep(UNWRITABLE)

        assert self.kept(world) == UNWRITABLE


def test_held_attempts_keep_the_reason(world: World, ledger: Ledger) -> None:
    for held in Held:
        ledger.update(replace(FIRST, held=held))

        assert [attempt.held for attempt in world.attempts()] == [held]


def test_objects_of_two_buckets_with_the_same_key_have_claims_of_their_own(ledger: Ledger) -> None:
    elsewhere = Upload(ObjectRef(REGION, "other-1250000000", UPLOAD.target.key), CONTENT, MODIFIED)
    ledger.create(FIRST)

    ledger.create(Attempt(elsewhere, 1, since=MODIFIED))

    assert [len(list(ledger.claims(target))) for target in (UPLOAD.target, elsewhere.target)] == [1, 1]
