"""The channels by which callbacks come: the function's URL, a TDMQ queue that it polls, a TDMQ topic that pushes."""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any

from faketencent.tdmq import NotifyFormat
from tests.world import deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faketencent.routes import Call
    from faketencent.tdmq.message_queue import MessageQueue
    from tests.world import World

MQ_REGION = "bj"
QUEUE = "callbacks"
TOPIC = "results"
#: Seconds for which a queue hides a message that was received, unless it is told otherwise.
VISIBILITY = 30
#: TDMQ pushes to plain HTTP only, and a function URL is HTTPS: a domain of one's own lies between.
DOMAIN = "callback.example.com"


class Channel(Enum):
    """A channel; the value is the settings that choose it."""

    URL = (("CALLBACK_TYPE", "Url"),)
    QUEUE = (("CALLBACK_TYPE", "TDMQ"), ("MQ_REGION", MQ_REGION), ("MQ_NAME", QUEUE))
    TOPIC = (("CALLBACK_TYPE", "TDMQ"), ("MQ_REGION", MQ_REGION), ("MQ_NAME", TOPIC), ("MQ_MODE", "Topic"))


@contextmanager
def deployed_on(
    channel: Channel, *, timer: bool = False, notify_format: NotifyFormat = NotifyFormat.JSON, **settings: str
) -> Iterator[World]:
    """A deployment whose callbacks take that channel; queue and topic are there whichever it is."""
    with deployed(timer=timer, **{**dict(channel.value), **settings}) as world:
        tdmq = world.cloud.tdmq.backend
        tdmq.create_queue(QUEUE, MQ_REGION, retention=43_200)
        tdmq.create_topic(TOPIC, MQ_REGION)
        tdmq.subscribe(TOPIC, MQ_REGION, "push", endpoint=f"http://{DOMAIN}/", notify_format=notify_format)
        world.cloud.scf.backend.add_custom_domain(DOMAIN, "callback")
        yield world


def queue_of(world: World) -> MessageQueue:
    """The queue that the function polls."""
    return world.cloud.tdmq.backend.queue(world.settings["MQ_NAME"], MQ_REGION)


def upload(world: World, *keys: str) -> None:
    """Upload videos, each marked with its key, and let their jobs end and call back."""
    for key in keys:
        world.upload(f"{key}.mp4", marked_video(key, key))
    world.cloud.settle()


def found(world: World, *keys: str) -> bool:
    """Whether each of these videos bears its watermark."""
    return all(world.answer(f"{key}.mp4") == ("found", key) for key in keys)


def calls(world: World, operation: str) -> int:
    """How often an operation was called."""
    return world.cloud.operations().count(operation)


def polled(world: World) -> dict[str, Any]:
    """The summary of the last poll."""
    line = [line for line in world.log if line["event"] == "poll_done"][-1]
    return {name: value for name, value in line.items() if name not in ("level", "event")}


def during(world: World, operation: str, act: Callable[[], object]) -> None:
    """Do something just before the first such call takes effect."""
    acted: list[Call] = []

    def watch(call: Call) -> None:
        if call.route.operation == operation and not acted:
            acted.append(call)
            act()

    world.cloud.watchers.append(watch)


def slowly(world: World, operation: str, seconds: float) -> Callable[[Call], None]:
    """Have each call of an operation take its time; gives the watcher that does it."""

    def wait(call: Call) -> None:
        if call.route.operation == operation:
            world.cloud.clock.sleep(seconds)

    world.cloud.watchers.append(wait)
    return wait
