"""Polling: which messages are deleted, which stay, which are given up, and when a poll ends."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cloud.tdmq import BATCH, Message, Queue
from shared.domain.outcome import Kind, Outcome, Reason
from shared.errors import (
    BlockedError,
    Cause,
    ConfigurationError,
    GivenUpError,
    MalformedError,
    NoReplyError,
    RejectedError,
    ThrottledError,
    TicketError,
    TooLargeError,
    UnfinishedError,
)
from shared.use_cases.poll import Poll, Tally
from tests.shared.samples import UPLOAD, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = 1_767_225_600
HOUR = 3600
CAUSE = Cause("GET ci videos-1250000000/jobs/j1", 503, "SlowDown", "please", "NWMx")
WRITTEN = Outcome(Kind.WRITTEN, upload=UPLOAD, job="j1")
FAILED = Outcome(Kind.FAILED, upload=UPLOAD, job="j1", error=ThrottledError(CAUSE))
NOT_ENDED = Outcome(Kind.SKIPPED, upload=UPLOAD, job="j1", reason=Reason.UNFINISHED)

FINISHED = [
    WRITTEN,
    *(Outcome(Kind.SKIPPED, reason=reason) for reason in Reason if reason is not Reason.UNFINISHED),
    Outcome(Kind.PENDING, upload=UPLOAD, error=BlockedError(CAUSE)),
    Outcome(Kind.FAILED, error=MalformedError("x")),
    Outcome(Kind.FAILED, error=TooLargeError("x")),
    Outcome(Kind.FAILED, error=TicketError("x")),
]
UNFINISHED = [
    FAILED,
    NOT_ENDED,
    Outcome(Kind.FAILED, error=NoReplyError(CAUSE)),
    Outcome(Kind.FAILED, error=BlockedError(CAUSE)),
    Outcome(Kind.FAILED, error=RejectedError(CAUSE)),
    Outcome(Kind.FAILED, error=UnfinishedError("x")),
    Outcome(Kind.FAILED, error=ConfigurationError("x")),
]


def name_of(outcome: Outcome) -> str:
    return f"{outcome.kind.value}-{outcome.reason.value if outcome.reason else type(outcome.error).__name__}"


@dataclass
class ScriptedQueue:
    """Gives out these batches, then nothing; remembers what was asked for and deleted."""

    batches: list[list[Message]]
    undeletable: int = 0
    waits: list[int] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def receive(self, wait: int) -> list[Message]:
        self.waits.append(wait)
        return self.batches.pop(0) if self.batches else []

    def delete(self, messages: Sequence[Message]) -> int:
        assert 1 <= len(messages) <= BATCH
        self.deleted += [message.id for message in messages]
        return self.undeletable


def message(name: str, receives: int | None = 1, sent: int | None = NOW) -> Message:
    return Message(name, name.encode(), f"handle of {name}", receives, sent)


@dataclass
class Run:
    """One poll of a scripted queue, where each message leads to the outcomes that are named after it."""

    queue: ScriptedQueue
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    handled: list[str] = field(default_factory=list)
    told: list[Outcome] = field(default_factory=list)

    def poll(self, time_left: Sequence[float] = (), **changed: str) -> Tally:
        """Poll; `time_left` is what each look at the clock shows, and there is plenty when it ends."""
        shown = iter(time_left)
        poll = Poll(
            cast("Queue", self.queue), settings(**changed), handle=self.handle, tell=self.told.append, now=lambda: NOW
        )
        poll.run(lambda: next(shown, 100.0))
        return poll.tally

    def handle(self, body: bytes) -> list[Outcome]:
        self.handled.append(body.decode())
        return self.outcomes.get(body.decode(), [WRITTEN])


class TestFate:
    @pytest.mark.parametrize("outcome", FINISHED, ids=name_of)
    def test_a_message_that_is_dealt_with_or_refused_for_good_is_deleted(self, outcome: Outcome) -> None:
        run = Run(ScriptedQueue([[message("a")]]), {"a": [outcome]})

        assert run.poll() == Tally(handled=1, deleted=1, emptied=True)
        assert (run.queue.deleted, run.told) == (["a"], [outcome])

    @pytest.mark.parametrize("outcome", UNFINISHED, ids=name_of)
    def test_any_other_stays(self, outcome: Outcome) -> None:
        run = Run(ScriptedQueue([[message("a")]]), {"a": [outcome]})

        assert run.poll() == Tally(handled=1, left=1, emptied=True)
        assert (run.queue.deleted, run.told) == ([], [outcome])

    def test_a_message_about_several_jobs_stays_for_the_sake_of_one(self) -> None:
        run = Run(ScriptedQueue([[message("a"), message("b")]]), {"a": [WRITTEN, FAILED, WRITTEN]})

        assert run.poll() == Tally(handled=2, deleted=1, left=1, emptied=True)
        assert run.queue.deleted == ["b"]

    def test_what_could_not_be_deleted_is_counted(self) -> None:
        run = Run(ScriptedQueue([[message("a"), message("b"), message("c")]], undeletable=2))

        assert run.poll() == Tally(handled=3, deleted=1, undeleted=2, emptied=True)


class TestGivingUp:
    @pytest.mark.parametrize(
        ("sent", "receives", "given_up"),
        [
            (NOW, 1, False),
            (NOW - HOUR, 1, False),
            (NOW - HOUR - 1, 1, True),
            (NOW - HOUR - 1, None, True),
            # Ticks come each minute: to have received it often says nothing.
            (NOW - HOUR, 999, False),
            # Where the service does not tell its age, the queue's own retention ends it.
            (None, 999, False),
        ],
    )
    @pytest.mark.parametrize("outcome", [FAILED, NOT_ENDED], ids=["failed", "unfinished"])
    def test_is_a_matter_of_age_and_not_of_how_often_it_came(
        self, outcome: Outcome, receives: int | None, sent: int | None, given_up: bool
    ) -> None:
        run = Run(ScriptedQueue([[message("a", receives, sent)]]), {"a": [outcome]})

        tally = run.poll()

        assert (tally.given_up, tally.deleted, tally.left) == ((1, 1, 0) if given_up else (0, 0, 1))

    def test_leaves_a_line_that_names_the_video_the_job_the_message_and_the_reason(self) -> None:
        run = Run(ScriptedQueue([[message("a", sent=NOW - HOUR - 1)]]), {"a": [FAILED, WRITTEN, NOT_ENDED]})

        run.poll()

        first, second, third = run.told
        assert second == WRITTEN
        for outcome, why in ((first, str(CAUSE)), (third, "the job has not ended")):
            assert isinstance(outcome.error, GivenUpError)
            assert not outcome.unfinished
            assert (outcome.kind, outcome.upload, outcome.job) == (Kind.FAILED, UPLOAD, "j1")
            assert f"message a was given up after an hour: {why}. " in str(outcome.error)

    def test_never_meets_a_message_that_is_dealt_with(self) -> None:
        run = Run(ScriptedQueue([[message("a", receives=99, sent=NOW - 9 * HOUR)]]))

        assert run.poll() == Tally(handled=1, deleted=1, emptied=True)
        assert run.told == [WRITTEN]


class TestBugs:
    def test_one_that_a_message_brings_out_keeps_no_other_from_its_end(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # Given a message that makes something of ours raise what it should not
        run = Run(ScriptedQueue([[message("a"), message("b")], [message("c")]]))

        def handle(body: bytes) -> list[Outcome]:
            if body == b"a":
                raise ZeroDivisionError("a bug")
            return run.handle(body)

        poll = Poll(cast("Queue", run.queue), settings(), handle=handle, tell=run.told.append, now=lambda: NOW)

        poll.run(lambda: 100)

        # Then the others are dealt with, it stays, and the log has the trace
        assert poll.tally == Tally(handled=3, deleted=2, left=1, emptied=True)
        assert run.queue.deleted == ["b", "c"]
        line = json.loads(capsys.readouterr().out)
        assert (line["level"], line["detail"]) == ("ERROR", "message a")
        assert "a bug" in line["trace"]


class TestEnd:
    def test_is_when_nothing_is_received(self) -> None:
        run = Run(ScriptedQueue([[message("a")], [message("b")]]))

        assert run.poll().emptied
        assert run.queue.waits == [5, 5, 5]

    def test_is_when_only_what_was_left_before_comes_back(self) -> None:
        again = message("a", receives=2)._replace(handle="another handle")
        run = Run(ScriptedQueue([[message("a")], [again, message("b")], [again], [message("c")]]), {"a": [FAILED]})

        assert run.poll() == Tally(handled=2, deleted=1, left=1, emptied=True)
        assert run.handled == ["a", "b"]

    def test_is_when_time_is_up_and_what_is_done_is_deleted_first(self) -> None:
        run = Run(ScriptedQueue([[message("a"), message("b"), message("c")], [message("d")]]))

        # looked at before the batch, before b, before c, and after the batch
        assert run.poll(time_left=[60, 30, 0, 0]) == Tally(handled=2, deleted=2)
        assert run.queue.deleted == ["a", "b"]

    def test_is_never_before_one_message_was_dealt_with(self) -> None:
        run = Run(ScriptedQueue([[message("a"), message("b")]]))

        assert run.poll(time_left=[-5] * 9) == Tally(handled=1, deleted=1)

    def test_is_never_put_off_by_waiting_for_messages(self) -> None:
        run = Run(ScriptedQueue([[message("a")], [message("b")]]))

        run.poll(time_left=[60.0, 60.0, 3.9, 0.5], MQ_POLL_WAIT="30")

        assert run.queue.waits[:2] == [30, 3]

    def test_by_an_error_leaves_the_count_of_what_was_done(self) -> None:
        class Breaking(ScriptedQueue):
            def receive(self, wait: int) -> list[Message]:
                if not self.batches:
                    raise NoReplyError(CAUSE)
                return super().receive(wait)

        run = Run(Breaking([[message("a")]]))
        poll = Poll(cast("Queue", run.queue), settings(), handle=run.handle, tell=run.told.append, now=lambda: NOW)

        with pytest.raises(NoReplyError):
            poll.run(lambda: 100)

        assert poll.tally == Tally(handled=1, deleted=1)


@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 20), st.sampled_from([*FINISHED, *UNFINISHED]), st.integers(1, 12)),
            min_size=1,
            max_size=BATCH,
            unique_by=lambda drawn: drawn[0],
        ),
        max_size=5,
    )
)
def test_whatever_comes_each_message_is_deleted_left_or_given_up(
    batches: list[list[tuple[int, Outcome, int]]],
) -> None:
    # given batches in which messages may come again, another time with another outcome
    outcomes = {str(n): [outcome] for batch in batches for n, outcome, _ in batch}
    run = Run(ScriptedQueue([[message(str(n), times) for n, _, times in batch] for batch in batches]), outcomes)

    tally = run.poll()

    assert tally.handled == tally.deleted + tally.left == len(run.told)
    kept = set(run.handled) - set(run.queue.deleted)
    assert all(outcomes[name][0].unfinished for name in kept)
    # nothing that was left is looked at twice
    assert all(run.handled.count(name) == 1 for name in kept)
