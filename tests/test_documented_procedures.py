"""What docs/operations.md tells an operator to do has the effect that it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from qcloud_cos import CosConfig, CosS3Client

from faketencent.ci import JobState, Progression
from faketencent.cos.buckets import Versioning
from faketencent.faults import Fault
from faketencent.scf.cos_trigger import CosTrigger
from shared.domain.claim import GRACE
from shared.domain.outcome import Reason
from shared.domain.record import Record
from shared.domain.result import Verdict
from shared.events.uploads import RESTORED
from tests.asking import LATER_RUN, ask, waiting
from tests.test_documented_calls import deployment
from tests.world import BUCKET, LEDGER, REGION, SECRET, World, marked_video, new_containers

#: Says the same on every Python.
pytestmark = pytest.mark.once

NEW = "the next secret of thirty-two bytes"
#: WATERMARK_SECRET and WATERMARK_SECRET_PREVIOUS, as deployed before and in each step of a rotation.
ROTATION = [(SECRET, ""), (SECRET, NEW), (NEW, SECRET), (NEW, "")]
ANSWER = ("found", "Hello_1")
HOUR = 3600
DAY = 86_400
#: The bucket that takes the ledger's place.
FRESH = "fresh-1250000000"
#: Longer than the platform's own two repetitions.
REPETITIONS = 150


def upload(world: World, key: str = "clip.mp4", **headers: str) -> None:
    """Upload a video, and let follow what follows at once."""
    world.upload(key, marked_video("Hello_1", key), headers)
    world.cloud.settle()


def sweep_after(world: World, seconds: float) -> None:
    """Let time pass, then the timer tick."""
    world.cloud.advance(seconds)
    world.sweep()
    world.cloud.settle()


def last_event(world: World) -> Any:  # noqa: ANN401 - any event
    """The last event that `submit` was given."""
    return [run.event for run in world.cloud.scf.backend.invocations if run.function == "submit"][-1]


def run_submit(world: World, event: object) -> None:
    """Run `submit` by hand, as the console's Test does."""
    world.cloud.scf.backend.invoke("submit", event)
    world.cloud.settle()


def errors(world: World) -> list[dict[str, Any]]:
    """The lines that somebody is to look at."""
    return [line for line in world.log if line["level"] == "ERROR"]


def deploy_one(world: World, function: str, secret: str, previous: str) -> None:
    settings = world.variables | {"WATERMARK_SECRET": secret}
    if previous:
        settings["WATERMARK_SECRET_PREVIOUS"] = previous
    world.cloud.scf.backend.update_function(function, environment=settings)


def end_all_jobs(world: World) -> None:
    for job in world.jobs:
        if job.state in (JobState.SUBMITTED, JobState.RUNNING):
            world.cloud.ci.backend.finish(job.id)
    world.cloud.settle()


@pytest.mark.parametrize("order", [("submit", "callback"), ("callback", "submit")], ids="-then-".join)
def test_rotating_the_secret_costs_nothing_whichever_function_is_deployed_first(order: tuple[str, ...]) -> None:
    with deployment() as world:
        world.cloud.ci.backend.progression = Progression.MANUAL
        keys = []
        for step, (secret, previous) in enumerate(ROTATION[1:]):
            for function in order:
                # Jobs are in flight before, between and after, and the timer ticks.
                deploy_one(world, function, secret, previous)
                keys.append(f"{step}-{function}.mp4")
                upload(world, keys[-1])
                sweep_after(world, GRACE)
            # The wait at the end of a step.
            end_all_jobs(world)
            assert world.claims == []

        assert [world.answer(key) for key in keys] == [ANSWER] * len(keys)
        assert len(world.jobs) == len(keys) + 1, "the first video's, and one for each"
        assert [line for line in world.log if "error" in line] == []


def test_after_a_leak_the_sweep_fetches_the_results_of_jobs_in_flight() -> None:
    with deployment() as world:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world)

        # When both functions get a new secret at once, without a previous one
        world.configure(SECRET=NEW)
        end_all_jobs(world)

        # Then the job's callback is refused, like those of whoever has the old one, and its result is not lost.
        assert [line["error"] for line in world.log if "error" in line] == ["Ticket"]
        assert world.answer("clip.mp4") == ("", "")
        sweep_after(world, GRACE)
        assert world.answer("clip.mp4") == ANSWER
        assert len(world.jobs) == 2, "the first video's, and one for this one"


def without_seal(world: World, key: str) -> None:
    """Remove the seal as the console does: by a copy onto itself."""
    account = world.cloud.cam.account
    config = CosConfig(Region=REGION, SecretId=account.secret_id, SecretKey=account.secret_key)
    headers = world.get(key).headers
    kept = {
        name: value for name, value in headers.items() if name.startswith("x-cos-meta-") and not name.endswith("-seal")
    }
    source = {"Bucket": BUCKET, "Key": key, "Region": REGION}
    client = CosS3Client(config, retry=0)
    client.copy_object(Bucket=BUCKET, Key=key, CopySource=source, CopyStatus="Replaced", Metadata=kept)
    world.cloud.settle()


def test_a_failed_one_is_tried_again_once_its_seal_is_gone() -> None:
    with deployment() as world:
        # Given an object on which a failure is recorded
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world)
        world.cloud.ci.backend.fail(world.jobs[-1].id, "Unlucky", "once")
        world.cloud.settle()
        assert world.answer("clip.mp4") == ("failed", "")
        world.cloud.ci.backend.progression = Progression.IMMEDIATE

        # When its event comes again, then nothing happens, as long as it has a seal
        run_submit(world, last_event(world))
        assert world.answer("clip.mp4") == ("failed", "")

        # COS shows whole seconds; the console is not that quick.
        world.cloud.clock.sleep(1)
        without_seal(world, "clip.mp4")
        assert world.answer("clip.mp4") == ANSWER


def test_or_when_a_waiting_entry_asks_for_it_again() -> None:
    with deployment() as world:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world)
        world.cloud.ci.backend.fail(world.jobs[-1].id, "Unlucky", "once")
        world.cloud.settle()

        world.cloud.advance(HOUR)
        ask(world, "clip.mp4")
        sweep_after(world, 60)
        assert len(world.jobs) == 2, "it has its result, and nobody asked for another"
        ask(world, "clip.mp4", run=LATER_RUN, again=True)
        sweep_after(world, 60)
        end_all_jobs(world)

        assert world.answer("clip.mp4") == ANSWER
        assert [len(world.jobs), waiting(world), world.claims] == [3, [], []]


def test_what_the_ledger_has_an_answer_for_is_not_paid_for_again_when_it_loses_its_seal() -> None:
    with deployment() as world:
        upload(world)
        world.cloud.clock.sleep(1)

        without_seal(world, "clip.mp4")
        sweep_after(world, GRACE)

        assert [world.answer("clip.mp4"), len(world.jobs), world.claims] == [ANSWER, 2, []]


def test_an_archived_one_is_checked_once_it_is_restored() -> None:
    with deployment() as world:
        upload(world, **{"x-cos-storage-class": "ARCHIVE"})
        jobs = len(world.jobs)
        skipped = world.record("clip.mp4")
        assert skipped.reason is Reason.ARCHIVED

        restore(world, "clip.mp4")

        assert (world.answer("clip.mp4"), len(world.jobs) - jobs, world.claims) == (ANSWER, 1, [])
        # The same upload, and on the same day the same record
        checked = world.record("clip.mp4")
        assert (checked.upload, checked.applied, checked.reason) == (skipped.upload, True, None)


def test_or_when_its_event_comes_again_where_that_is_not_subscribed() -> None:
    with deployment() as world:
        world.cloud.scf.backend.delete_trigger(CosTrigger("submit", BUCKET, RESTORED, "", ""))
        upload(world, **{"x-cos-storage-class": "ARCHIVE"})
        event = last_event(world)

        restore(world, "clip.mp4")
        assert world.answer("clip.mp4") == ("", "")
        run_submit(world, event)

        assert world.answer("clip.mp4") == ANSWER


def restore(world: World, key: str) -> None:
    """Restore an archived object for a week, and wait until that is done."""
    account = world.cloud.cam.account
    config = CosConfig(Region=REGION, SecretId=account.secret_id, SecretKey=account.secret_key)
    request = {"Days": 7, "CASJobParameters": {"Tier": "Expedited"}}
    CosS3Client(config, retry=0).restore_object(Bucket=BUCKET, Key=key, RestoreRequest=request)
    world.cloud.advance(HOUR)


def test_of_two_records_about_an_upload_the_applied_one_tells() -> None:
    with deployment() as world:
        upload(world, **{"x-cos-storage-class": "ARCHIVE"})
        world.cloud.advance(DAY)
        restore(world, "clip.mp4")

        about = [record for record in world.records if record.key == "clip.mp4"]
        assert {record.upload for record in about} == {about[0].upload}
        assert sorted((record.applied, record.verdict) for record in about) == [
            (False, Verdict.SKIPPED),
            (True, Verdict.FOUND),
        ]


def test_a_trigger_on_the_records_tells_another_system() -> None:
    with deployment() as world:
        told: list[Record] = []

        def other_system(event: Any, _context: object) -> None:  # noqa: ANN401 - any event
            for record in event["Records"]:
                name = record["cos"]["cosObject"]["key"].split("/", 3)[3]
                told.append(Record.model_validate_json(world.kept(name)))

        scf = world.cloud.scf.backend
        scf.create_function("other", other_system, role="", environment={}, region=REGION)
        scf.add_cos_trigger("other", LEDGER, "cos:ObjectCreated:Put", prefix="results/")
        upload(world)

        [record] = told
        assert (record.key, record.verdict, record.text) == ("clip.mp4", Verdict.FOUND, "Hello_1")


def test_a_dead_letter_is_replayed_from_its_client_context() -> None:
    with deployment() as world:
        # Given an upload for which not even a claim could be written
        world.cloud.faults.on("PutObject", Fault.ERROR_403, times=3)
        upload(world)
        world.cloud.advance(REPETITIONS)
        assert world.answer("clip.mp4") == ("", "")

        # When the operator replays it, twice by mistake
        for _ in range(2):
            replay(world)

        assert world.answer("clip.mp4") == ANSWER
        assert len(world.jobs) == 2, "the first video's, and one for this one"


def replay(world: World) -> None:
    """Run `submit` on the event in the one dead letter."""
    [letter] = world.cloud.scf.backend.dead_letters
    run_submit(world, json.loads(letter.message["Body"]["ClientContext"]))


def test_a_refused_one_goes_on_by_itself_within_an_hour_of_its_cause_being_gone() -> None:
    with deployment() as world:
        world.cloud.ci.backend.unbind_bucket(BUCKET)
        upload(world)
        [line] = errors(world)
        assert (line["outcome"], line["reason"]) == ("held", "refused")
        assert "Bind the bucket" in line["message"]
        [attempt] = world.attempts("clip.mp4")
        assert "MediaBucketUnBinded" in attempt.refusal
        for _ in range(3):
            sweep_after(world, HOUR)

        world.cloud.ci.backend.bind_bucket(BUCKET)
        sweep_after(world, HOUR)

        assert world.answer("clip.mp4") == ANSWER
        assert len(world.jobs) == 2, "the first video's, and one for this one"


def test_what_is_no_claim_holds_its_object_up_until_it_is_deleted() -> None:
    with deployment() as world:
        # Given something among the claims on an object
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world)
        junk = world.claims[0].rpartition("/")[0] + "/notes.txt"
        end_all_jobs(world)
        world.cloud.cos.backend.put(LEDGER, junk, b"Remember the sunscreen.")
        world.cloud.ci.backend.progression = Progression.IMMEDIATE

        # When another video is uploaded there, then it waits, and the line says where to look
        world.cloud.clock.sleep(1)
        world.upload("clip.mp4", marked_video("Hello_1", "another"))
        world.cloud.settle()
        assert (world.log[-1]["outcome"], world.log[-1]["reason"]) == ("held", "another")
        sweep_after(world, GRACE)
        assert {line["error"] for line in errors(world)} == {"Claim"}
        assert all(f"{LEDGER}/{junk}" in line["message"] for line in errors(world))

        assert world.answer("clip.mp4") == ("", "")
        world.cloud.cos.backend.delete(LEDGER, junk)
        sweep_after(world, HOUR)

        assert world.answer("clip.mp4") == ANSWER


def test_a_ledger_that_keeps_versions_is_replaced_by_a_new_one_and_nothing_is_lost() -> None:
    with deployment() as world:
        # Given a job in flight, when the ledger begins to keep versions
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world, "slow.mp4")
        cos = world.cloud.cos.backend
        cos.bucket(LEDGER).set_versioning(Versioning.SUSPENDED)

        # Then the next tick pauses everything: uploads wait, or become dead letters
        sweep_after(world, 60)
        assert json.loads(world.kept("paused"))["why"] == "the ledger bucket keeps versions, or once did"
        upload(world, "held.mp4")
        assert (world.log[-1]["outcome"], world.log[-1]["reason"]) == ("held", "paused")
        new_containers()
        upload(world)
        world.cloud.advance(REPETITIONS)
        assert {line["error"] for line in errors(world)} == {"Configuration"}
        assert len(world.jobs) == 2, "the first video's, and that in flight"

        # When a new one takes its place, as the page says
        cos.create_bucket(FRESH, REGION)
        pause(world, FRESH)
        world.configure(LEDGER_BUCKET=FRESH)
        world.cloud.advance(GRACE)
        for name in cos.keys(LEDGER):
            if name.partition("/")[0] in ("claims", "waiting", "answers", "results", "slots"):
                cos.put(FRESH, name, cos.get(LEDGER, name).body)
        cos.delete(FRESH, "paused")
        replay(world)
        for _ in range(2):
            sweep_after(world, GRACE)
            end_all_jobs(world)

        assert [world.answer(key) for key in ("slow.mp4", "held.mp4", "clip.mp4")] == [ANSWER] * 3
        assert len(world.jobs) == 4, "one for each"
        assert cos.keys(FRESH, "claims/") == []


def pause(world: World, bucket: str = LEDGER, body: bytes = b"") -> None:
    """Put an object `paused` into the ledger, as the console does."""
    world.cloud.cos.backend.put(bucket, "paused", body)


@pytest.mark.parametrize(
    "body", [b"", b"costs!", b'{"by": "me", "at": "now", "why": "costs"}'], ids=["empty", "text", "JSON"]
)
def test_all_is_paused_by_any_object_of_that_name_and_goes_on_once_it_is_deleted(body: bytes) -> None:
    with deployment() as world:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world, "slow.mp4")
        pause(world, body=body)

        # A minute later everybody knows: uploads wait, what is in flight is finished
        sweep_after(world, 60)
        upload(world)
        end_all_jobs(world)
        for _ in range(3):
            sweep_after(world, HOUR)
        assert (world.log[-2]["outcome"], world.log[-2]["reason"]) == ("held", "paused")
        assert [world.answer("slow.mp4"), len(world.jobs)] == [ANSWER, 2]

        world.cloud.cos.backend.delete(LEDGER, "paused")
        for _ in range(2):
            sweep_after(world, 60)
            end_all_jobs(world)

        assert [world.answer("clip.mp4"), len(world.jobs)] == [ANSWER, 3]
        assert errors(world) == []
