"""Questions about TDMQ for CMQ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops import waiting
from ops.policies.statements import allow, policy
from ops.probe.account import NAME
from ops.probe.keys import temporary
from ops.probe.patience import awaited
from ops.probe.questions import Paid, Question, judged
from shared.cloud.tdmq import connect_queue
from shared.documents import parse
from shared.domain.job import read_jobs
from shared.errors import BlockedError
from shared.events.messages import read_documents
from shared.settings import CallbackType, MqMode

if TYPE_CHECKING:
    from ops.probe.questions import Answer
    from ops.probe.stage import Stage
    from shared.cloud.tdmq import Message, Queue
    from shared.settings import Credentials

#: Seconds until a message has come.
_COMES = 60


def _queue(stage: Stage, credentials: Credentials) -> Queue:
    told = {"callback_type": CallbackType.TDMQ, "mq_region": stage.queue(), "mq_name": NAME, "mq_endpoint": None}
    settings = stage.account.configuration.settings.model_copy(update={**told, "mq_mode": MqMode.QUEUE})
    return connect_queue(settings, credentials, waiting.now)


def _message(stage: Stage) -> Answer:
    made = stage.job(Paid.QUEUED)
    queue = _queue(stage, stage.account.configuration.credentials)

    def look() -> Message | None:
        return next(iter(queue.receive(0)), None)

    message = awaited(look, _COMES)
    if message is None:
        return judged(
            holds=False, evidence=f"no message came within {_COMES} s after the end of the job ({made.job.state.value})"
        )
    documents = [one for one in read_documents(message.body) if isinstance(one, bytes)]
    named = [job.job_id for one in documents for job in read_jobs(parse(one))] == [made.job.job_id]
    plain = documents == [message.body]
    told = (
        f"{'the document as it is' if plain else 'in an envelope or base64'}: {message.body.decode(errors='replace')}"
    )
    return judged(named and plain, told)


def _token(stage: Stage) -> Answer:
    """With temporary keys that may do just what the callback function's role may."""
    region = stage.queue()
    account = f"qcs::tdmq:{region.value}:uin/{stage.account.uin}"
    refusals = []
    for kind in ("queue", "cmqqueue"):
        rights = policy(allow(["tdmq:BatchReceiveMessage", "tdmq:BatchDeleteMessage"], [f"{account}:{kind}/{NAME}"]))
        queue = _queue(stage, temporary(stage.account, rights))
        try:
            queue.receive(0)
        except BlockedError as error:
            refusals.append(f"{kind}: {error.cause.code} {error.cause.message}")
    told = (
        "Token is taken, and one of the two resources allows it" if len(refusals) < 2 else "refused with both resources"
    )
    return judged(len(refusals) < 2, f"{told}; {'; '.join(refusals) or 'both do'}")


QUESTIONS = (
    Question(
        "queue-message",
        "What does CI write into a queue?",
        "the document of the callback, as it is",
        "shared/events/messages.py",
        _message,
        frozenset({Paid.QUEUED}),
    ),
    Question(
        "queue-token",
        "Can temporary keys with the printed rights receive messages?",
        "with Token; one of the two resources is right",
        "ops/policies/statements.py",
        _token,
    ),
)
