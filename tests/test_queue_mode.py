"""Callbacks that wait in a TDMQ queue until the timer comes by: what becomes of a message."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from faketencent.ci.callbacks import CallbackPolicy
from faketencent.ci.documents import JobsDetailShape, callback_json, callback_xml
from faketencent.ci.models import Progression
from faketencent.faults import Fault
from tests.channels import MQ_REGION, VISIBILITY, Channel, calls, deployed_on, found, polled, queue_of, upload
from tests.world import BUCKET, IDLE_TICK, REGION, SECRET, TIMER_PERIOD, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.ci.jobs import Job

HOUR = 3600


@pytest.fixture
def world() -> Iterator[World]:
    with deployed_on(Channel.QUEUE) as world:
        yield world


class TestOneMessage:
    @pytest.mark.parametrize("shape", JobsDetailShape, ids=lambda shape: shape.value)
    @pytest.mark.parametrize("callback_format", ["XML", "JSON"])
    def test_becomes_a_result_at_the_next_tick(
        self, world: World, callback_format: str, shape: JobsDetailShape
    ) -> None:
        world.configure(CALLBACK_FORMAT=callback_format)
        world.cloud.ci.backend.sender.policy = CallbackPolicy(shape=shape)
        upload(world, "Clip_1")
        assert not found(world, "Clip_1")

        world.sweep()

        assert found(world, "Clip_1")
        assert [len(world.jobs), world.writes, world.claims, len(queue_of(world))] == [1, 1, [], 0]
        assert polled(world) == {
            "handled": 1, "deleted": 1, "undeleted": 0, "left": 0, "given_up": 0, "emptied": True,
        }  # fmt: skip

    @pytest.mark.parametrize(
        "wrap",
        [
            base64.b64encode,
            base64.encodebytes,
            lambda body: json.dumps({"TopicOwner": 1, "topicName": "t", "msgBody": body.decode()}).encode(),
        ],
        ids=["base64", "base64 in lines", "envelope"],
    )
    @pytest.mark.parametrize("write", [callback_xml, lambda job: callback_json(job, JobsDetailShape.LIST)])
    def test_may_be_wrapped(self, world: World, write: Callable[[Job], bytes], wrap: Callable[[bytes], bytes]) -> None:
        world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=0)
        upload(world, "Clip_1")
        queue_of(world).send(wrap(write(world.jobs[0])).decode())

        world.sweep()

        assert found(world, "Clip_1")

    def test_that_waits_longer_than_the_queue_keeps_it_is_made_up_for_by_the_sweep(self, world: World) -> None:
        upload(world, "Clip_1")

        world.cloud.advance(queue_of(world).settings.retention)
        world.sweep()

        assert found(world, "Clip_1")
        assert len(world.jobs) == 1

    @pytest.mark.parametrize(
        "endpoint",
        [
            "http://bj.mqadapter.cmq.tencentyun.com",
            "http://bj.mqadapter.cmq.tencentyun.com:8080",
            "https://cmq-bj.public.tencenttdmq.com:8443/",
        ],
    )
    def test_is_fetched_wherever_the_settings_say(self, world: World, endpoint: str) -> None:
        world.configure(MQ_ENDPOINT=endpoint)
        upload(world, "Clip_1")

        world.sweep()

        assert found(world, "Clip_1")
        assert {call.request.scheme for call in world.cloud.journal if "Batch" in call.route.operation} == {
            endpoint.partition(":")[0]
        }


class TestManyMessages:
    def test_an_empty_queue_costs_one_call_more(self, world: World) -> None:
        world.sweep()

        assert world.cloud.operations() == [*IDLE_TICK, "BatchReceiveMessage"]

    def test_are_fetched_and_deleted_by_sixteens_until_the_queue_is_empty(self, world: World) -> None:
        keys = [f"Clip_{n}" for n in range(40)]
        upload(world, *keys)

        world.sweep()

        assert found(world, *keys)
        assert [calls(world, "BatchReceiveMessage"), calls(world, "BatchDeleteMessage")] == [4, 3]

    def test_may_come_twice_and_in_any_order(self, world: World) -> None:
        keys = [f"Clip_{n}" for n in range(20)]
        queue_of(world).shuffle()
        queue_of(world).duplicate_next(10)
        world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=2)
        upload(world, *keys)

        world.sweep()
        world.cloud.advance(VISIBILITY)
        world.sweep()

        assert found(world, *keys)
        assert [len(world.jobs), world.writes, world.claims, len(queue_of(world))] == [20, 20, [], 0]

    def test_that_are_bad_are_deleted_and_do_not_keep_the_others_waiting(self, world: World) -> None:
        upload(world, "Clip_1", "Clip_2")
        genuine = callback_json(world.jobs[0], JobsDetailShape.OBJECT).decode()
        ticket = str(world.jobs[0].request.user_data)
        bad = [
            "hello",
            "<unclosed>",
            "x" * 1_048_576,
            "[" * 100_000,
            '{"JobsDetail": {"Tag": "Animation"}}',
            genuine.replace(ticket, ticket[:-1] + ("0" if ticket[-1] != "0" else "1")),
            genuine.replace('"Object": "Clip_1.mp4"', '"Object": "Clip_2.mp4"'),
            base64.b64encode(b"\xff\x00").decode(),
        ]
        queue = queue_of(world)
        queue.shuffle(seed=1)
        for body in bad:
            queue.send(body)

        world.sweep()

        assert found(world, "Clip_1", "Clip_2")
        assert len(queue) == 0
        outcomes = [line["outcome"] for line in world.log if line["event"] == "callback"]
        assert sorted(outcomes) == ["failed"] * 7 + ["skipped"] + ["written"] * 2
        logs = "".join(invocation.log for invocation in world.cloud.scf.backend.invocations)
        assert not [word for word in (SECRET, ticket, "secret-key-of", "token-of") if word in logs]

    def test_about_videos_that_have_their_answer_meanwhile_are_deleted(self, world: World) -> None:
        # A ticket does not expire; what is played back meets a sealed object.
        upload(world, "Clip_1")
        news = callback_xml(world.jobs[0]).decode()
        world.sweep()
        world.cloud.advance(HOUR)
        queue_of(world).send(news)

        world.sweep()

        assert len(queue_of(world)) == 0
        assert [line["outcome"] for line in world.log if line["event"] == "callback"] == ["written", "skipped"]
        assert world.writes == 1


class TestMessagesThatFail:
    def test_come_back_while_the_others_are_done(self, world: World) -> None:
        upload(world, "Clip_1", "Clip_2")
        # Both tries of the first message's first call
        world.cloud.faults.on("DescribeMediaJob", Fault.ERROR_503, times=2)

        world.sweep()
        assert [found(world, key) for key in ("Clip_1", "Clip_2")] == [False, True]
        assert (polled(world)["left"], len(queue_of(world))) == (1, 1)

        world.cloud.advance(VISIBILITY)
        world.sweep()
        assert found(world, "Clip_1", "Clip_2")
        assert len(queue_of(world)) == 0

    def test_because_the_job_goes_on_come_back_too(self, world: World) -> None:
        world.cloud.ci.backend.progression = Progression.MANUAL
        upload(world, "Clip_1")
        queue_of(world).send(callback_xml(world.jobs[0]).decode())

        world.sweep()
        assert (polled(world)["left"], world.answer("Clip_1.mp4")) == (1, ("", ""))

        world.cloud.ci.backend.sender.policy = CallbackPolicy(copies=0)
        world.cloud.ci.backend.finish(world.jobs[0].id)
        world.cloud.advance(VISIBILITY)
        world.sweep()
        assert found(world, "Clip_1")
        assert len(queue_of(world)) == 0

    def test_are_not_tried_twice_in_one_tick(self, world: World) -> None:
        # given a queue that brings back at once what was not deleted
        tdmq = world.cloud.tdmq.backend
        tdmq.create_queue("impatient", MQ_REGION, visibility_timeout=1)
        world.configure(MQ_NAME="impatient")
        upload(world, "Clip_1")
        world.cloud.faults.on("DescribeMediaJob", Fault.TIMEOUT_BEFORE, times=100)
        world.cloud.watchers.append(lambda _: world.cloud.clock.sleep(1))

        world.sweep()

        assert calls(world, "BatchReceiveMessage") == 2
        assert polled(world)["emptied"]

    def test_end_in_the_dead_letter_queue_if_there_is_one(self, world: World) -> None:
        tdmq = world.cloud.tdmq.backend
        dead = tdmq.create_queue("dead-letters", MQ_REGION)
        tdmq.create_queue("limited", MQ_REGION, max_receive_count=3, dead_letter_queue="dead-letters")
        world.configure(MQ_NAME="limited")
        upload(world, "Clip_1")
        world.cloud.faults.on("DescribeMediaJob", Fault.ERROR_500, times=100)

        for _ in range(4):
            world.sweep()
            world.cloud.advance(VISIBILITY)

        assert (len(queue_of(world)), len(dead)) == (0, 1)
        assert not [line for line in world.log if line.get("error") == "GivenUp"]

    def test_are_given_up_otherwise_with_all_that_is_needed_to_try_again_and_no_secret(self, world: World) -> None:
        upload(world, "Clip_1")
        world.cloud.faults.on("DescribeMediaJob", Fault.ERROR_500, times=10**6)
        for _ in range(HOUR // TIMER_PERIOD):
            world.sweep()
            world.cloud.advance(TIMER_PERIOD)
        assert len(queue_of(world)) == 1

        world.cloud.advance(TIMER_PERIOD)
        world.sweep()

        assert len(queue_of(world)) == 0
        (line,) = [line for line in world.log if line.get("error") == "GivenUp"]
        named = {name: line[name] for name in ("level", "bucket", "key", "region", "job")}
        assert named == {
            "level": "ERROR", "bucket": BUCKET, "key": "Clip_1.mp4", "region": REGION, "job": world.jobs[0].id,
        }  # fmt: skip
        assert "given up after an hour" in line["message"]
        assert "InternalError" in line["message"]
        assert str(world.jobs[0].request.user_data) not in json.dumps(line)

        # and the video gets its result all the same
        world.cloud.faults.clear()
        world.cloud.advance(HOUR)
        world.sweep()
        assert found(world, "Clip_1")
