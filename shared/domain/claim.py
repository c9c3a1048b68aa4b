"""The claim: our note that one content is being worked on, and how far we got.

It is the outbox (the intent survives a crash), the lock (no second job) and the list of what is in flight. An attempt
is one try to have a job; each has a claim of its own, and the newest says how things stand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from shared.domain.objects import Content  # noqa: TC001 - pydantic resolves the fields' types at run time
from shared.domain.result import Result  # noqa: TC001 - as above
from shared.errors import ForgedClaimError
from shared.signing import Purpose, Secrets


@dataclass(frozen=True)
class Claim:
    """One attempt.

    `since` is when the first attempt was made and `started` when this one was, both by COS's clock, in seconds since
    1970; a claim that was never rewritten has neither, because only COS knew them when it was created: `dated` adds
    them. `issued` are the times on the tickets of all attempts so far, this one's last. `job` is empty as long as no
    job is known; `forgotten` counts the jobs of earlier attempts that CI did not know any more. `result` is one that
    could not be written, and `problem` says why.

    Attempt 0, without any ticket, is a reminder: the same content was uploaded again while it was in flight.
    """

    content: Content
    issued: tuple[int, ...]
    since: float | None = None
    started: float | None = None
    job: str = ""
    result: Result | None = None
    problem: str = ""
    forgotten: int = 0

    @property
    def attempt(self) -> int:
        """Its number, counted from 1."""
        return len(self.issued)

    def dated(self, modified: float) -> Claim:
        """The claim with its times filled in, `modified` being when COS stored it."""
        started = self.started if self.started is not None else modified
        return replace(self, started=started, since=self.since if self.since is not None else started)

    def next_attempt(self, now: float) -> Claim:
        """The claim for another try."""
        forgotten = self.forgotten + bool(self.job)
        return Claim(self.content, (*self.issued, int(now)), since=self.since, forgotten=forgotten)


_CLAIM = TypeAdapter(Claim)


def encode(claim: Claim, secrets: Secrets) -> bytes:
    """The claim as it is stored: JSON, signed, since whoever can upload videos may be able to write claims too."""
    text = _CLAIM.dump_json(claim).decode()
    return json.dumps({"claim": text, "signature": secrets.sign(Purpose.CLAIM, text)}).encode()


def decode(body: bytes, secrets: Secrets) -> Claim:
    """The claim in a stored body.

    Raises:
        ForgedClaimError: it is not one that we wrote.
    """
    try:
        stored = json.loads(body)
        text, signature = str(stored["claim"]), str(stored["signature"])
        if not secrets.verify(signature, Purpose.CLAIM, text):
            raise ForgedClaimError("a claim does not bear this deployment's signature")
        return _CLAIM.validate_json(text)
    except (ValueError, LookupError, TypeError, RecursionError, ValidationError) as error:
        raise ForgedClaimError("an object among the claims is not a claim") from error
