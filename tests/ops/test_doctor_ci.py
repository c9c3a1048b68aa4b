"""The doctor on Cloud Infinite: the binding, the queue, the role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from faketencent.ci import SERVICE_ROLE, Progression
from faketencent.ci.queues import QueueState
from ops.doctor import ci
from ops.doctor.finding import Verdict
from tests.world import BUCKET, marked_video

if TYPE_CHECKING:
    from tests.ops.clinic import Clinic

#: Says the same on every Python.
pytestmark = pytest.mark.once


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
    assert clinic.ask(ci.role) == []


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


def test_a_job_that_succeeded_shows_that_the_role_is_there(clinic: Clinic) -> None:
    assert clinic.ask_once(ci.role).verdict is Verdict.PASS


def test_a_job_that_still_runs_says_nothing_yet(clinic: Clinic) -> None:
    last_job(clinic)

    assert clinic.ask_once(ci.role).verdict is Verdict.PASS


def test_a_job_that_failed_because_there_is_no_role_fails(clinic: Clinic) -> None:
    job = last_job(clinic)
    clinic.world.cloud.cam.delete_role(SERVICE_ROLE)
    clinic.world.cloud.ci.backend.finish(job)

    finding = clinic.ask_once(ci.role)

    assert finding.verdict is Verdict.FAIL
    assert SERVICE_ROLE in finding.advice


def test_a_job_that_failed_for_another_reason_shows_nothing(clinic: Clinic) -> None:
    clinic.world.cloud.ci.backend.fail(last_job(clinic), "InternalError")

    finding = clinic.ask_once(ci.role)

    assert finding.verdict is Verdict.WARN
    assert "InternalError" in finding.message


def test_what_the_cloud_says_cannot_steer_a_terminal(clinic: Clinic) -> None:
    clinic.world.cloud.ci.backend.fail(last_job(clinic), "a\nb\x9bc")

    assert "a b c" in clinic.ask_once(ci.role).message


def test_before_the_first_job_the_role_cannot_be_seen(clinic: Clinic) -> None:
    clinic.world.cloud.ci.backend.jobs.clear()

    assert clinic.ask_once(ci.role).verdict is Verdict.WARN
