"""The doctor on Cloud Infinite: the binding, the queue, the role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from faketencent.cam.roles import trust_in
from faketencent.ci import SERVICE_ROLE, Progression
from faketencent.ci.queues import QueueState
from ops.doctor import ci
from ops.doctor.finding import Verdict
from tests.ops.clinic import allow
from tests.world import BUCKET, marked_video

if TYPE_CHECKING:
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def blind(clinic: Clinic) -> Clinic:
    """Somebody who may see jobs, and no roles."""
    clinic.use_role(allow("ci:*"))
    return clinic


def pause(clinic: Clinic) -> None:
    queues = clinic.world.cloud.ci.backend.queues
    queues.update({name: replace(queue, state=QueueState.PAUSED) for name, queue in queues.items()})


def last_job(clinic: Clinic) -> str:
    clinic.world.cloud.ci.backend.progression = Progression.MANUAL
    clinic.world.upload("second.mp4", marked_video("second", "second"))
    clinic.world.cloud.settle()
    return clinic.world.jobs[-1].id


def test_a_bound_bucket_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(ci.bound).verdict is Verdict.PASS


def test_a_bucket_that_is_not_bound_fails_once(clinic: Clinic) -> None:
    clinic.world.cloud.ci.backend.unbind_bucket(BUCKET)

    assert clinic.ask_once(ci.bound).verdict is Verdict.FAIL
    assert clinic.ask(ci.queue) == []


def test_where_no_bucket_is_bound_jobs_say_nothing_about_the_role(blind: Clinic) -> None:
    blind.world.cloud.ci.backend.unbind_bucket(BUCKET)

    assert blind.ask(ci.role) == []


def test_an_active_queue_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(ci.queue).verdict is Verdict.PASS


def test_a_paused_queue_is_pointed_out(clinic: Clinic) -> None:
    pause(clinic)

    finding = clinic.ask_once(ci.queue)

    assert finding.verdict is Verdict.WARN
    assert "(Paused)" in finding.message


def test_the_queue_of_the_settings_passes_if_the_bucket_has_it(clinic: Clinic) -> None:
    (known,) = clinic.world.cloud.ci.backend.queues
    clinic.configure(QUEUE_ID=known)

    assert clinic.ask_once(ci.queue).verdict is Verdict.PASS


def test_a_queue_that_the_bucket_does_not_have_fails_and_the_advice_names_those_it_has(clinic: Clinic) -> None:
    (known,) = clinic.world.cloud.ci.backend.queues
    clinic.configure(QUEUE_ID="p0123")

    finding = clinic.ask_once(ci.queue)

    assert finding.verdict is Verdict.FAIL
    assert known in finding.advice


def test_a_bucket_without_a_queue_fails(clinic: Clinic) -> None:
    clinic.world.cloud.ci.backend.queues.clear()

    assert clinic.ask_once(ci.queue).verdict is Verdict.FAIL


def test_a_role_that_is_there_passes(clinic: Clinic) -> None:
    assert clinic.ask_once(ci.role).message == f"the role {SERVICE_ROLE} is there"


def test_a_role_that_is_missing_fails(clinic: Clinic) -> None:
    clinic.world.cloud.cam.delete_role(SERVICE_ROLE)

    finding = clinic.ask_once(ci.role)

    assert finding.verdict is Verdict.FAIL
    assert SERVICE_ROLE in finding.advice


def test_a_role_that_cloud_infinite_may_not_assume_fails(clinic: Clinic) -> None:
    clinic.world.cloud.cam.roles.known[SERVICE_ROLE].trust = trust_in("cvm.qcloud.com")

    assert clinic.ask_once(ci.role).verdict is Verdict.FAIL


def test_to_who_may_not_see_roles_a_job_that_succeeded_shows_that_it_is_there(blind: Clinic) -> None:
    finding = blind.ask_once(ci.role)

    assert (finding.verdict, finding.message) == (
        Verdict.PASS,
        f"the latest job on {BUCKET} succeeded, so the role was there",
    )


def test_a_job_that_still_runs_says_nothing_yet(blind: Clinic) -> None:
    last_job(blind)

    assert blind.ask_once(ci.role).verdict is Verdict.PASS


def test_a_job_that_failed_because_there_is_no_role_fails(blind: Clinic) -> None:
    job = last_job(blind)
    blind.world.cloud.cam.delete_role(SERVICE_ROLE)
    blind.world.cloud.ci.backend.finish(job)

    finding = blind.ask_once(ci.role)

    assert finding.verdict is Verdict.FAIL
    assert SERVICE_ROLE in finding.advice


def test_a_job_that_failed_for_another_reason_shows_nothing(blind: Clinic) -> None:
    blind.world.cloud.ci.backend.fail(last_job(blind), "InternalError")

    finding = blind.ask_once(ci.role)

    assert finding.verdict is Verdict.UNSEEN
    assert "InternalError" in finding.message


def test_what_the_cloud_says_cannot_steer_a_terminal(blind: Clinic) -> None:
    blind.world.cloud.ci.backend.fail(last_job(blind), "a\nb\x9bc")

    assert "a b c" in blind.ask_once(ci.role).message


def test_before_the_first_job_the_role_cannot_be_seen(blind: Clinic) -> None:
    blind.world.cloud.ci.backend.jobs.clear()

    assert blind.ask_once(ci.role).verdict is Verdict.UNSEEN
