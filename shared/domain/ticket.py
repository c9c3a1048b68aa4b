"""The ticket that each job carries in `UserData`: proof that we asked for it, and for which content.

`w1.<region>.<crc64>.<size>.<issued>.<signature>`: printable ASCII, well below the 1024 characters that
CI keeps (https://www.tencentcloud.com/document/product/1045/73155). The region is in it so that nothing
else of a callback has to be believed before the job is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.domain.objects import Content, Fingerprint, ObjectRef
from shared.errors import ExpiredTicketError, ForgedTicketError
from shared.signing import Purpose, Secrets

_FORMAT = re.compile(
    r"w1\.(?P<region>[a-z0-9-]{1,32})\.(?P<crc64>[0-9]{1,20})\.(?P<size>0|[1-9][0-9]{0,19})"
    r"\.(?P<issued>0|[1-9][0-9]{0,11})\.(?P<signature>[0-9a-f]{64})",
    re.ASCII,
)


@dataclass(frozen=True)
class Ticket:
    """A verified ticket: the content it was issued for, and when (seconds since 1970)."""

    content: Content
    issued: int

    def require_fresh(self, now: float, lifetime: float) -> None:
        """Refuse a ticket that was issued more than `lifetime` seconds ago.

        One from the future is only COS's clock running ahead of ours: nobody else can date a ticket.

        Raises:
            ExpiredTicketError: it is too old.
        """
        if now - self.issued > lifetime:
            raise ExpiredTicketError(f"the ticket for {self.content.target} has expired")


def issue(secrets: Secrets, content: Content, issued: int) -> str:
    """A ticket for this content, issued at that second."""
    ticket = Ticket(content, issued)
    signature = secrets.sign(Purpose.TICKET, *_signed_parts(ticket))
    region, fingerprint = content.target.region, content.fingerprint
    return f"w1.{region}.{fingerprint.crc64}.{fingerprint.size}.{ticket.issued}.{signature}"


def looks_like_ticket(text: str) -> bool:
    """Whether the text has a ticket's form; what has not belongs to somebody else's job."""
    return text.startswith("w1.")


def verify(secrets: Secrets, text: str, bucket: str, key: str) -> Ticket:
    """The ticket, if we issued it for this object, however long ago.

    Raises:
        ForgedTicketError: not ours, or not for this object.
    """
    found = _FORMAT.fullmatch(text)
    if not found:
        raise ForgedTicketError(f"the ticket for {bucket}/{key} does not have a ticket's form")
    content = Content(ObjectRef(found["region"], bucket, key), Fingerprint(found["crc64"], int(found["size"])))
    ticket = Ticket(content, int(found["issued"]))
    if not secrets.verify(found["signature"], Purpose.TICKET, *_signed_parts(ticket)):
        raise ForgedTicketError(f"the ticket for {bucket}/{key} was not issued by this deployment")
    return ticket


def _signed_parts(ticket: Ticket) -> tuple[str, ...]:
    return (ticket.content.target.region, *ticket.content.identity, str(ticket.issued))
