"""The fourth use case: callbacks that wait in a queue.

A message is deleted once it is dealt with: its result written, or nothing left to do, or refused for good. Otherwise
it stays, and the queue brings it back. Nothing hangs on a message: the claim remembers the work, so one that comes
twice, late, to two polls at once or never changes only how soon it is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from traceback import format_exc
from typing import TYPE_CHECKING

from shared import log
from shared.domain.outcome import Kind, Outcome
from shared.errors import GivenUpError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.cloud.tdmq import Message, Queue
    from shared.settings import Settings

#: Seconds after which a message that cannot be dealt with is deleted: by then the sweep goes on with what it is about.
_MAX_AGE = 3600


@dataclass
class Tally:
    """How many messages a poll dealt with, and what became of them; `emptied` says whether it saw the queue's end.

    `undeleted` are done but come back all the same, mostly because that took longer than their visibility time-out.
    """

    handled: int = 0
    deleted: int = 0
    undeleted: int = 0
    left: int = 0
    given_up: int = 0
    emptied: bool = False


@dataclass
class Poll:
    """One poll. `handle` deals with a message's body, `tell` is told each outcome; `now` is in seconds since 1970."""

    queue: Queue
    settings: Settings
    handle: Callable[[bytes], list[Outcome]]
    tell: Callable[[Outcome], None]
    now: Callable[[], float]
    tally: Tally = field(default_factory=Tally)
    _left: set[str] = field(default_factory=set)

    def run(self, time_left: Callable[[], float]) -> None:
        """Receive messages and deal with them until none is new or time runs short.

        Raises:
            CloudError: the queue does not answer as it should; what was dealt with until then is done.
        """
        while batch := self._receive(time_left()):
            finished = []
            for message in batch:
                if self.tally.handled and time_left() <= 0:
                    break
                if self._finish(message):
                    finished.append(message)
            if finished:
                self._delete(finished)
            if time_left() <= 0:
                return
        self.tally.emptied = True

    def _receive(self, time_left: float) -> list[Message]:
        wait = min(self.settings.mq_poll_wait, max(0, int(time_left)))
        # What was left a moment ago would only fail again; that it comes back means that the rest has been seen.
        return [message for message in self.queue.receive(wait) if message.id not in self._left]

    def _finish(self, message: Message) -> bool:
        self.tally.handled += 1
        outcomes = self._handle(message)
        if self._is_too_old(message) and any(outcome.unfinished for outcome in outcomes):
            self.tally.given_up += 1
            outcomes = [_given_up(outcome, message) if outcome.unfinished else outcome for outcome in outcomes]
        for outcome in outcomes:
            self.tell(outcome)
        if not any(outcome.unfinished for outcome in outcomes):
            return True
        self.tally.left += 1
        self._left.add(message.id)
        return False

    def _handle(self, message: Message) -> list[Outcome]:
        if message.is_too_long:
            error = TooLargeError(f"message {message.id} is longer than any callback; it was not read")
            return [Outcome(Kind.FAILED, error=error)]
        try:
            return self.handle(message.body)
        except Exception:  # noqa: BLE001 - a bug that one message brings out must not keep the others from their end
            log.write("callback", log.Level.ERROR, detail=f"message {message.id}", trace=format_exc())
            return [Outcome(Kind.FAILED, detail="an unexpected error, see the trace")]

    def _delete(self, messages: list[Message]) -> None:
        undeleted = self.queue.delete(messages)
        self.tally.undeleted += undeleted
        self.tally.deleted += len(messages) - undeleted

    def _is_too_old(self, message: Message) -> bool:
        return message.sent is not None and self.now() - message.sent > _MAX_AGE


def _given_up(outcome: Outcome, message: Message) -> Outcome:
    why = outcome.error or outcome.detail or "the job has not ended"
    error = GivenUpError(
        f"message {message.id} was given up after an hour: {why}. The claim stays, and the sweep continues with it"
    )
    return outcome._replace(kind=Kind.FAILED, reason=None, error=error)
