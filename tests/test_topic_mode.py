"""Callbacks that a TDMQ topic pushes over HTTP, and messages of the legacy triggers."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from faketencent.ci.callbacks import CallbackPolicy
from faketencent.ci.documents import JobsDetailShape, callback_json, callback_xml
from faketencent.ci.models import Progression
from faketencent.faults import Fault
from faketencent.scf.http_event import EventShape
from faketencent.tdmq import NotifyFormat
from tests.channels import MQ_REGION, QUEUE, TOPIC, Channel, calls, deployed_on, found, queue_of, slowly, upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World


@pytest.fixture
def world() -> Iterator[World]:
    with deployed_on(Channel.TOPIC) as world:
        yield world


@pytest.fixture(params=Channel, ids=lambda channel: channel.name.lower())
def any_channel(request: pytest.FixtureRequest) -> Iterator[World]:
    """A deployment by any channel, where a callback of CI was lost."""
    with deployed_on(request.param) as world:
        world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=0)
        upload(world, "Clip_1")
        yield world


def news(world: World) -> str:
    return callback_json(world.jobs[0], JobsDetailShape.OBJECT).decode()


def undeliverable(world: World) -> list[str]:
    return [given_up.reason for given_up in world.cloud.tdmq.backend.undeliverable]


class TestTopic:
    @pytest.mark.parametrize("shape", [EventShape.FUNCTION_URL, EventShape.COMPATIBLE], ids=lambda shape: shape.name)
    @pytest.mark.parametrize("notify_format", NotifyFormat, ids=lambda form: form.value)
    @pytest.mark.parametrize("callback_format", ["XML", "JSON"])
    def test_a_push_becomes_a_result_at_once(
        self, callback_format: str, notify_format: NotifyFormat, shape: EventShape
    ) -> None:
        with deployed_on(Channel.TOPIC, notify_format=notify_format, CALLBACK_FORMAT=callback_format) as world:
            world.cloud.scf.backend.event_shape = shape
            upload(world, "Clip_1")

            assert found(world, "Clip_1")
            assert [len(world.jobs), world.writes, calls(world, "InvokeFunctionUrl")] == [1, 1, 1]

    @pytest.mark.parametrize("notify_format", NotifyFormat, ids=lambda form: form.value)
    def test_a_push_may_be_base64(self, notify_format: NotifyFormat) -> None:
        with deployed_on(Channel.TOPIC, notify_format=notify_format) as world:
            world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=0)
            upload(world, "Clip_1")
            body = base64.b64encode(callback_xml(world.jobs[0])).decode()
            world.cloud.tdmq.backend.publish(TOPIC, MQ_REGION, body)
            world.cloud.settle()

            assert found(world, "Clip_1")

    @pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.TIMEOUT_BEFORE, Fault.ERROR_403])
    def test_a_push_is_accepted_only_once_it_is_dealt_with(self, world: World, fault: Fault) -> None:
        world.cloud.faults.on("DescribeMediaJob", fault, times=4)
        upload(world, "Clip_1")
        assert not found(world, "Clip_1")

        # TDMQ pushes it again after 1, 2, 4 ... seconds
        world.cloud.advance(60)

        assert found(world, "Clip_1")
        assert undeliverable(world) == []

    def test_a_push_that_comes_before_its_job_has_ended_comes_again(self, world: World) -> None:
        ci = world.cloud.ci.backend
        ci.progression, ci.sender.policy = Progression.MANUAL, CallbackPolicy(copies=0)
        upload(world, "Clip_1")
        world.cloud.tdmq.backend.publish(TOPIC, MQ_REGION, news(world))
        world.cloud.settle()
        ci.finish(world.jobs[0].id)

        world.cloud.advance(1)

        assert found(world, "Clip_1")
        assert calls(world, "InvokeFunctionUrl") == 2

    def test_the_function_killed_at_work_is_pushed_the_message_again(self, world: World) -> None:
        world.cloud.faults.on("PutObjectCopy", Fault.KILL_BEFORE)
        upload(world, "Clip_1")
        world.cloud.advance(1)

        assert found(world, "Clip_1")

    def test_the_queue_is_not_polled(self, world: World) -> None:
        world.sweep()

        assert calls(world, "BatchReceiveMessage") == 0


class TestOtherChannels:
    """Whichever channel the settings choose, news that comes by another is dealt with."""

    def test_a_callback_to_the_url(self, any_channel: World) -> None:
        assert any_channel.post(news(any_channel).encode()) == {"status": 200, "outcomes": ["written"]}
        assert found(any_channel, "Clip_1")

    def test_a_push_of_a_topic(self, any_channel: World) -> None:
        any_channel.cloud.tdmq.backend.publish(TOPIC, MQ_REGION, news(any_channel))
        any_channel.cloud.settle()

        assert found(any_channel, "Clip_1")
        assert undeliverable(any_channel) == []

    @pytest.mark.parametrize("carrier", ["CMQ", "Ckafka"])
    def test_a_message_of_a_legacy_trigger(self, any_channel: World, carrier: str) -> None:
        assert deliver(any_channel, carrier, news(any_channel))["written"] == 1
        assert found(any_channel, "Clip_1")

    def test_what_is_still_in_the_queue_after_a_change_to_the_url(self) -> None:
        with deployed_on(Channel.QUEUE) as world:
            upload(world, "Clip_1")
            world.configure(CALLBACK_TYPE="Url")
            upload(world, "Clip_2")
            assert [found(world, key) for key in ("Clip_1", "Clip_2")] == [False, True]

            world.sweep()

            assert found(world, "Clip_1")
            assert len(queue_of(world)) == 0

    def test_a_queue_that_is_not_named_is_not_polled(self) -> None:
        with deployed_on(Channel.URL) as world:
            world.cloud.tdmq.backend.send(QUEUE, MQ_REGION, "a message")

            world.sweep()

            assert calls(world, "BatchReceiveMessage") == 0


class TestLegacyTriggers:
    @pytest.fixture
    def world(self) -> Iterator[World]:
        with deployed_on(Channel.URL) as world:
            world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=0)
            upload(world, "Clip_1", "Clip_2")
            yield world

    @pytest.mark.parametrize("carrier", ["CMQ", "Ckafka"])
    def test_every_record_is_dealt_with_whatever_the_others_are(self, world: World, carrier: str) -> None:
        first, second = (callback_xml(job) for job in world.jobs)
        bodies = ["rubbish", first.decode(), '{"JobsDetail": {"Tag": "Other"}}', base64.b64encode(second).decode()]

        counts = deliver(world, carrier, *bodies)

        assert {kind: count for kind, count in counts.items() if count} == {"written": 2, "skipped": 1, "failed": 1}
        assert found(world, "Clip_1", "Clip_2")

    def test_the_event_is_delivered_again_if_one_of_them_must_be(self, world: World) -> None:
        world.cloud.faults.on("DescribeMediaJob", Fault.ERROR_503, times=2)
        event = records("CMQ", *(callback_xml(job).decode() for job in world.jobs))
        world.cloud.scf.backend.invoke_later("callback", event)

        world.cloud.settle()
        assert [found(world, key) for key in ("Clip_1", "Clip_2")] == [False, True]

        world.cloud.advance(60)
        assert found(world, "Clip_1", "Clip_2")
        assert world.cloud.scf.backend.dead_letters == []

    def test_the_event_is_delivered_again_if_time_runs_out(self, world: World) -> None:
        world.cloud.scf.backend.update_function("callback", timeout=20)
        slowly(world, "DescribeMediaJob", 15)
        event = records("Ckafka", *(callback_xml(job).decode() for job in world.jobs))

        run = world.cloud.scf.backend.invoke("callback", event)

        assert "UnfinishedError: time ran out after 1 callbacks" in run.error
        assert [found(world, key) for key in ("Clip_1", "Clip_2")] == [True, False]

    @pytest.mark.parametrize("event", [{}, {"Records": []}, {"Records": [{"cos": {}}]}, {"Type": "Other"}])
    def test_an_event_of_no_kind_we_know_is_refused(self, world: World, event: dict[str, Any]) -> None:
        run = world.cloud.scf.backend.invoke("callback", event)

        assert "MalformedError: this event is " in run.error
        assert ", not an HTTP request, timer tick or message: " in run.error


def records(carrier: str, *bodies: str) -> dict[str, Any]:
    return {"Records": [{carrier: {"type": "topic", "msgBody": body}} for body in bodies]}


def deliver(world: World, carrier: str, *bodies: str) -> dict[str, int]:
    run = world.cloud.scf.backend.invoke("callback", records(carrier, *bodies))
    assert run.error == ""
    counts: dict[str, int] = json.loads(json.dumps(run.result))
    return counts
