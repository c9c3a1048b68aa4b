"""What CI tells when a job ends: to whom, in which form, and what may go wrong on the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from defusedxml.ElementTree import fromstring

from faketencent.ci.callbacks import CallbackPolicy
from faketencent.ci.documents import JobsDetailShape
from faketencent.ci.models import IllegalTransitionError
from faketencent.ci.queues import read_queue_update
from faketencent.wire import NoReplyError, Reply, Request
from tests.faketencent.ci_fixtures import ADDRESS, World, extraction, running_world

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once

QUEUE_ADDRESS = "http://queue.demo.com/ci"


@pytest.fixture
def world() -> Iterator[World]:
    with running_world() as world:
        world.put_video()
        yield world


def run(world: World, **fields: Any) -> str:  # noqa: ANN401 - fields of any kind
    """Have a job with these fields done; return its id."""
    job_id = world.submit(extraction(**fields))
    world.cloud.settle()
    return job_id


def set_queue_callback(world: World, **changes: str) -> None:
    """Give the bucket's queue a callback to `QUEUE_ADDRESS`."""
    settings = {"State": "On", "Event": "TaskFinish", "Type": "Url", "Url": QUEUE_ADDRESS, **changes}
    notify = "".join(f"<{name}>{value}</{name}>" for name, value in settings.items())
    body = f"<Request><Name>q</Name><State>Active</State><NotifyConfig>{notify}</NotifyConfig></Request>"
    (queue,) = world.ci.queues.values()
    world.ci.update_queue(queue, read_queue_update(body.encode()))


def addresses(world: World) -> list[str]:
    return [request.url for request in world.receiver.requests]


class TestWhoIsTold:
    def test_nobody_if_nobody_asked(self, world: World) -> None:
        run(world)
        assert addresses(world) == []

    def test_the_address_of_the_job(self, world: World) -> None:
        run(world, CallBack=ADDRESS)
        assert addresses(world) == [ADDRESS]

    def test_the_address_of_the_queue_if_the_job_has_none(self, world: World) -> None:
        set_queue_callback(world)
        run(world)
        assert addresses(world) == [QUEUE_ADDRESS]

    def test_only_the_address_of_the_job_if_both_have_one(self, world: World) -> None:
        set_queue_callback(world)
        run(world, CallBack=ADDRESS)
        assert addresses(world) == [ADDRESS]

    def test_nobody_if_the_job_says_no(self, world: World) -> None:
        set_queue_callback(world)
        run(world, CallBack="no")
        assert addresses(world) == []

    @pytest.mark.parametrize("change", [{"State": "Off"}, {"Event": "WorkflowFinish"}])
    def test_nobody_if_the_queue_does_not_tell_of_jobs(self, world: World, change: dict[str, str]) -> None:
        set_queue_callback(world, **change)
        run(world)
        assert addresses(world) == []

    def test_of_a_failed_job_too(self, world: World) -> None:
        run(world, Input={"Object": "missing.mp4"}, CallBack=ADDRESS)
        assert b"<State>Failed</State>" in world.receiver.requests[0].body

    def test_only_after_the_end(self, world: World) -> None:
        ci = world.manual()
        job_id = run(world, CallBack=ADDRESS)
        ci.start(job_id)
        world.cloud.settle()
        assert addresses(world) == []
        with pytest.raises(IllegalTransitionError):
            ci.call_back(job_id)

        ci.finish(job_id)
        world.cloud.settle()
        assert addresses(world) == [ADDRESS]


class TestForm:
    def detail(self, world: World, **fields: Any) -> Any:  # noqa: ANN401 - JSON
        run(world, CallBack=ADDRESS, CallBackFormat="JSON", **fields)
        document = json.loads(world.receiver.requests[-1].body)
        assert document.pop("EventName") == "TaskFinish"
        return document.pop("JobsDetail")

    def test_is_xml_unless_the_job_says_json(self, world: World) -> None:
        run(world, CallBack=ADDRESS)
        run(world, CallBack=ADDRESS, CallBackFormat="JSON")
        xml, as_json = world.receiver.requests

        assert (xml.method, xml.headers["Content-Type"]) == ("POST", "application/xml")
        assert (as_json.method, as_json.headers["Content-Type"]) == ("POST", "application/json")
        assert fromstring(xml.body).findtext("EventName") == json.loads(as_json.body)["EventName"] == "TaskFinish"

    def test_is_that_of_the_queue_for_the_address_of_the_queue(self, world: World) -> None:
        set_queue_callback(world, ResultFormat="JSON")
        run(world)
        run(world, CallBackFormat="XML")
        run(world, CallBack=ADDRESS)
        assert [request.body[:1] for request in world.receiver.requests] == [b"{", b"<", b"<"]

    def test_tells_what_a_query_tells(self, world: World) -> None:
        detail = self.detail(world)
        queried = world.detail(detail["JobId"])
        assert detail == queried

    def test_holds_an_object_without_empty_values_as_documented(self, world: World) -> None:
        world.put_video(text=None)
        assert "Message" not in self.detail(world)["Operation"]["ExtractDigitalWatermark"]

    def test_holds_a_list_with_empty_values_as_captured(self, world: World) -> None:
        world.put_video(text=None)
        world.ci.sender.policy = CallbackPolicy(shape=JobsDetailShape.LIST)
        (detail,) = self.detail(world)
        assert detail["Operation"]["ExtractDigitalWatermark"]["Message"] == ""

    @pytest.mark.parametrize("text", ['"},{"', "\x00\x1b", "\u202e水印🎬", "</Message>", "a\r\nb"])
    def test_holds_any_text(self, world: World, text: str) -> None:
        world.put_video(text=text)
        assert self.detail(world)["Operation"]["ExtractDigitalWatermark"]["Message"] == text


class TestOnTheWay:
    def test_every_attempt_is_remembered(self, world: World) -> None:
        job_id = run(world, CallBack=ADDRESS)
        (delivery,) = world.ci.callbacks
        assert (delivery.job_id, str(delivery.target), delivery.status) == (job_id, ADDRESS, 200)
        assert delivery.body == world.receiver.requests[0].body
        assert delivery.arrived

    def test_callbacks_can_be_lost(self, world: World) -> None:
        world.ci.sender.policy = CallbackPolicy(copies=0)
        run(world, CallBack=ADDRESS)
        assert addresses(world) == []

    def test_callbacks_can_come_twice(self, world: World) -> None:
        world.ci.sender.policy = CallbackPolicy(copies=2)
        run(world, CallBack=ADDRESS)
        assert addresses(world) == [ADDRESS, ADDRESS]

    def test_callbacks_can_come_late(self, world: World) -> None:
        world.ci.sender.policy = CallbackPolicy(delay=3600)
        run(world, CallBack=ADDRESS)
        world.cloud.advance(3599)
        assert addresses(world) == []
        world.cloud.advance(1)
        assert addresses(world) == [ADDRESS]

    def test_a_callback_can_be_sent_once_more_by_hand(self, world: World) -> None:
        job_id = run(world, CallBack=ADDRESS)
        world.ci.call_back(job_id)
        world.cloud.settle()
        first, second = world.receiver.requests
        assert first.body == second.body

    def test_nothing_is_retried_unless_told(self, world: World) -> None:
        world.receiver.statuses = [503]
        run(world, CallBack=ADDRESS)
        world.cloud.advance(86400)
        assert [delivery.status for delivery in world.ci.callbacks] == [503]

    def test_retries_end_with_the_first_success(self, world: World) -> None:
        world.ci.sender.policy = CallbackPolicy(retries=3, retry_after=10)
        world.receiver.statuses = [500, 404, 204]
        run(world, CallBack=ADDRESS)
        world.cloud.advance(60)
        assert [delivery.status for delivery in world.ci.callbacks] == [500, 404, 204]
        assert [delivery.at - world.ci.callbacks[0].at for delivery in world.ci.callbacks] == [0, 10, 20]

    def test_retries_end_with_their_number(self, world: World) -> None:
        world.ci.sender.policy = CallbackPolicy(retries=2)
        world.receiver.statuses = [500]
        run(world, CallBack=ADDRESS)
        world.cloud.advance(86400)
        assert len(world.ci.callbacks) == 3

    def test_no_reply_is_remembered_as_such(self, world: World) -> None:
        def hang(_: Request) -> Reply:
            raise NoReplyError("timeout")

        world.cloud.send = hang
        run(world, CallBack=ADDRESS)
        (delivery,) = world.ci.callbacks
        assert (delivery.status, delivery.error, delivery.arrived) == (None, "timeout", False)

    def test_a_function_behind_a_url_gets_it(self, world: World) -> None:
        # given the real way out of the cloud, and a function at its other end
        events: list[Any] = []

        def handler(event: Any, _: Any) -> dict[str, int]:  # noqa: ANN401 - as SCF hands it over
            events.append(event)
            return {"statusCode": 202}

        world.cloud.send = world.cloud.dispatch
        address = world.cloud.scf.backend.function_url(world.cloud.scf.backend.create_function("callback", handler))

        # when
        run(world, CallBack=f"{address}/ci?token=t", CallBackFormat="JSON")

        # then
        (delivery,) = world.ci.callbacks
        assert delivery.status == 202
        assert json.loads(events[0]["body"])["EventName"] == "TaskFinish"


class TestByTdmq:
    def job(self, mode: str, name: str = "callbacks") -> dict[str, Any]:
        config = {"MqRegion": "bj", "MqMode": mode, "MqName": name}
        return {"CallBackType": "TDMQ", "CallBackMqConfig": config, "CallBackFormat": "JSON"}

    def test_a_queue_gets_the_document(self, world: World) -> None:
        tdmq = world.cloud.tdmq.backend
        tdmq.create_queue("callbacks", "bj")
        job_id = run(world, **self.job("Queue"))

        (message,) = tdmq.receive("callbacks", "bj")
        assert json.loads(message.body)["JobsDetail"]["JobId"] == job_id
        assert world.ci.callbacks[0].message_id == message.id

    def test_a_topic_gets_the_document(self, world: World) -> None:
        tdmq = world.cloud.tdmq.backend
        tdmq.create_queue("fed", "bj")
        tdmq.create_topic("callbacks", "bj")
        tdmq.subscribe("callbacks", "bj", "sub", queue="fed")
        job_id = run(world, **self.job("Topic"))

        (message,) = tdmq.receive("fed", "bj")
        assert json.loads(message.body)["JobsDetail"]["JobId"] == job_id
        assert world.ci.callbacks[0].arrived

    def test_the_queue_of_jobs_may_tell_a_message_queue(self, world: World) -> None:
        tdmq = world.cloud.tdmq.backend
        tdmq.create_queue("callbacks", "gz")
        set_queue_callback(world, Type="TDMQ", Url="", MqRegion="gz", MqMode="Queue", MqName="callbacks")
        run(world)
        (message,) = tdmq.receive("callbacks", "gz")
        assert message.body.startswith("<Response><EventName>TaskFinish</EventName>")

    def test_a_queue_that_does_not_exist_gets_nothing(self, world: World) -> None:
        run(world, **self.job("Queue", "missing"))
        (delivery,) = world.ci.callbacks
        assert not delivery.arrived
        assert "queue is not existed" in delivery.error
