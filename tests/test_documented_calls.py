"""docs/ says which calls a video takes and what they add up to. Here they are counted, on the fake cloud."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import pytest

from faketencent.scf.cos_trigger import CosTrigger
from ops.checkout import ROOT
from ops.doctor.timing import CALLS
from shared.cloud.transport import WORST_CASE, WORST_COPY
from shared.domain.claim import GRACE
from shared.invocation import LONGEST
from tests.ops.deployment import deployment as of_the_file
from tests.world import BUCKET, SUBSCRIBED, World, deployed, marked_video, new_containers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

ARCHITECTURE = ROOT / "docs" / "architecture.md"
OPERATIONS = ROOT / "docs" / "operations.md"
COPY = "cos:ObjectCreated:Copy"
QUEUE = {"CALLBACK_TYPE": "TDMQ", "MQ_REGION": "bj", "MQ_NAME": "watermark-results"}
NO_CALLBACK = {"CALLBACK_URL": "no"}
NO_LIMIT: dict[str, str] = {}
LIMIT = {"MAX_JOBS_PER_DAY": "100"}


@contextmanager
def deployment(**settings: str) -> Iterator[World]:
    """What serverless.yml deploys, after the first video: every container is warm."""
    with deployed(timer=False, **settings) as world:
        world.cloud.tdmq.backend.create_queue(QUEUE["MQ_NAME"], QUEUE["MQ_REGION"])
        scf = world.cloud.scf.backend
        for event in SUBSCRIBED:
            scf.delete_trigger(CosTrigger("submit", BUCKET, event, "", ""))
        for trigger in of_the_file().uploads:
            scf.add_cos_trigger("submit", BUCKET, trigger.event)
        upload_and_sweep(world, "first.mp4")
        yield world


def upload_and_sweep(world: World, key: str) -> None:
    world.upload(key, marked_video("Hello_1", key))
    world.cloud.settle()
    world.cloud.advance(GRACE)
    world.sweep()
    world.cloud.settle()
    assert world.answer(key) == ("found", "Hello_1")
    assert world.claims == []


@dataclass(frozen=True)
class Spent:
    """What something took: runs of functions, and calls by what they are billed as."""

    runs: int
    cos_reads: int
    cos_writes: int
    ci: int
    tdmq: int

    def __str__(self) -> str:
        return " | ".join(map(str, astuple(self)))


def spent(world: World, action: Callable[[], object]) -> Spent:
    calls, runs = len(world.cloud.journal), len(world.cloud.scf.backend.invocations)
    action()
    made = list(world.cloud.journal)[calls:]
    cos = [call for call in made if is_of(call, "cos")]
    reads = sum(call.request.method in ("HEAD", "GET") for call in cos)
    return Spent(
        len(world.cloud.scf.backend.invocations) - runs,
        reads,
        len(cos) - reads,
        sum(is_of(call, "ci") for call in made),
        sum(is_of(call, "tencenttdmq") for call in made),
    )


def is_of(call: Call, service: str) -> bool:
    return service in call.request.host.split(".")


def a_video(world: World) -> Spent:
    return spent(world, lambda: (world.upload("clip.mp4", marked_video("Hello_1")), world.cloud.settle()))


def a_video_and_a_tick(world: World) -> Spent:
    return spent(world, lambda: upload_and_sweep(world, "clip.mp4"))


def a_video_without_copies_subscribed(world: World) -> Spent:
    world.cloud.scf.backend.delete_trigger(CosTrigger("submit", BUCKET, COPY, "", ""))
    return a_video(world)


def a_copy_with_its_metadata(world: World) -> Spent:
    first = world.get("first.mp4")
    return spent(world, lambda: (world.upload("copy.mp4", first.body, first.headers), world.cloud.settle()))


def the_same_bytes_under_another_key(world: World) -> Spent:
    """With the tick that writes the answer, which is known."""
    body = world.get("first.mp4").body

    def upload_and_tick() -> None:
        world.upload("copy.mp4", body)
        world.cloud.settle()
        world.cloud.advance(GRACE)
        world.sweep()
        world.cloud.settle()

    jobs = len(world.jobs)
    cost = spent(world, upload_and_tick)
    assert (world.answer("copy.mp4"), len(world.jobs), world.claims) == (("found", "Hello_1"), jobs, [])
    return cost


def an_event_again(world: World) -> Spent:
    scf = world.cloud.scf.backend
    event = next(run.event for run in scf.invocations if run.function == "submit")
    return spent(world, lambda: scf.invoke("submit", event))


def no_video(world: World) -> Spent:
    return spent(world, lambda: (world.upload("notes.txt", b"Remember the sunscreen."), world.cloud.settle()))


def an_idle_tick(world: World) -> Spent:
    return spent(world, world.sweep)


#: By the first column of the table in docs/operations.md.
PRICES: dict[str, tuple[dict[str, str], Callable[[World], Spent]]] = {
    "a video, callback by URL": ({}, a_video),
    "the same, `cos:ObjectCreated:Copy` not subscribed": ({}, a_video_without_copies_subscribed),
    "a video, callback by URL, a daily limit": (LIMIT, a_video),
    "a video, TDMQ queue, with its tick": (QUEUE, a_video_and_a_tick),
    "a video, no callback, with its tick": (NO_CALLBACK, a_video_and_a_tick),
    "the same bytes under another key, with its tick": ({}, the_same_bytes_under_another_key),
    "its event once more, later": ({}, an_event_again),
    "a copy of it, with its metadata": ({}, a_copy_with_its_metadata),
    "an upload that is no video": ({}, no_video),
    "a tick with nothing in flight": ({}, an_idle_tick),
    "the same, TDMQ queue": (QUEUE, an_idle_tick),
    "a tick with nothing in flight, a daily limit": (LIMIT, an_idle_tick),
}


Run = tuple[str, list[str]]


def runs_of_a_video(settings: Mapping[str, str] = NO_LIMIT, *, cold: bool = False) -> list[Run]:
    """The runs that a video takes, each with its function and the operations that it called, in order."""
    made_by: list[Run] = []
    with deployment(**settings) as world:
        if cold:
            new_containers()
        journal, runs = world.cloud.journal, world.cloud.scf.backend.invocations
        world.upload("clip.mp4", marked_video("Hello_1"))
        made, run = len(journal), len(runs)
        while world.cloud.clock.run_next():
            ours = [call.route.operation for call in list(journal)[made:] if is_of(call, "cos") or is_of(call, "ci")]
            made_by += [(invocation.function, ours) for invocation in runs[run:]]
            made, run = len(journal), len(runs)
    return made_by


def table(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = text.partition(f"\n{heading}\n")[2].partition("\n## ")[0]
    rows = section.partition("\n|")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_calls_of_a_video_are_those_in_the_architecture() -> None:
    rows = table(ARCHITECTURE.read_text(encoding="utf-8"), "## The calls of one video")
    counted = [(function, operation) for function, operations in runs_of_a_video() for operation in operations]
    assert [(row[1], row[2]) for row in rows] == [(f"`{function}`", f"`{name}`") for function, name in counted]
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]


def more(runs: list[Run], than: list[Run]) -> list[tuple[str, str]]:
    """The calls that runs make beside those of others, with their functions."""
    return [
        (function, operation)
        for (function, calls), (_, fewer) in zip(runs, than, strict=True)
        for operation in (Counter(calls) - Counter(fewer)).elements()
    ]


def named_beside(text: str, name: str) -> list[tuple[str, str]]:
    """The calls in the architecture's table of further ones, where that is what they are for."""
    rows = re.findall(r"^\| (.+) \| `(\w+)` \| `(\w+)` \|", text, re.MULTILINE)
    return [(function, operation) for when, function, operation in rows if when == name]


def test_a_new_container_makes_the_calls_more_that_the_architecture_names() -> None:
    named = named_beside(ARCHITECTURE.read_text(encoding="utf-8"), "a new container")
    assert sorted(more(runs_of_a_video(cold=True), runs_of_a_video())) == sorted(named) != []


def test_and_so_does_a_daily_limit() -> None:
    named = named_beside(ARCHITECTURE.read_text(encoding="utf-8"), "a daily limit")
    assert sorted(more(runs_of_a_video(LIMIT), runs_of_a_video())) == sorted(named) != []


def test_a_functions_time_is_reckoned_for_as_many_calls_as_it_makes() -> None:
    assert max(len(operations) for _, operations in runs_of_a_video(LIMIT, cold=True)) == CALLS


def test_a_run_ends_in_time_even_if_each_call_takes_as_long_as_it_may() -> None:
    for _, operations in runs_of_a_video(LIMIT, cold=True):
        copies = operations.count("PutObjectCopy")
        assert (len(operations) - copies) * WORST_CASE + copies * WORST_COPY <= LONGEST


def test_what_a_video_costs_is_what_operations_says() -> None:
    counted = {}
    for title, (settings, measure) in PRICES.items():
        with deployment(**settings) as world:
            counted[title] = str(measure(world))
    rows = table(OPERATIONS.read_text(encoding="utf-8"), "## What costs money")
    documented = {row[0]: " | ".join(row[1:]) for row in rows}
    assert documented == counted, "\n".join(f"| {title} | {numbers} |" for title, numbers in counted.items())
