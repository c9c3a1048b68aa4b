"""The ticket that each job carries in `UserData`: proof that we asked for it, and for which upload.

`w2.<region>.<crc64>.<size>.<modified>.<attempt>.<signature>`: printable ASCII, well below the 1024 characters that CI
keeps (https://www.tencentcloud.com/document/product/1045/73155). With bucket and key, which every job names, it says
all that a callback needs. It does not expire: a callback that is played back meets an object that has its result. A
re-check's also has, before its signature, `<run>.<digits of the seal that it replaces>.`
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from shared.domain.metadata import DIGITS
from shared.domain.objects import RUN, Content, ObjectRef, Upload
from shared.errors import TicketError
from shared.signing import Purpose, Secrets

if TYPE_CHECKING:
    from shared.domain.job import Job

#: Compiled when the first ticket is read: `submit` reads none.
_FORMAT = (
    r"w2\.(?P<region>[a-z0-9-]{1,32})\.(?P<crc64>[0-9]{1,20})\.(?P<size>0|[1-9][0-9]{0,19})"
    r"\.(?P<modified>0|[1-9][0-9]{0,11})\.(?P<attempt>[1-9][0-9]{0,5})"
    rf"(?:\.(?P<run>{RUN.pattern})\.(?P<replaces>(?:[0-9a-f]{{{DIGITS}}})?))?\.(?P<signature>[0-9a-f]{{64}})"
)


class Ticket(NamedTuple):
    """What a ticket says: the upload that the job is for, which attempt on it this is, which seal it may replace."""

    upload: Upload
    attempt: int
    replaces: str = ""

    def sign(self, secrets: Secrets) -> str:
        """The ticket as it is sent."""
        upload = self.upload
        said = f"{upload.target.region}.{upload.content.crc64}.{upload.content.size}.{upload.modified}.{self.attempt}"
        if upload.run:
            said += f".{upload.run}.{self.replaces}"
        return f"w2.{said}.{secrets.sign(Purpose.TICKET, *self._signed_parts())}"

    def _signed_parts(self) -> tuple[str, ...]:
        return (self.upload.target.region, self.upload.id, str(self.attempt), self.replaces)


def looks_like_ticket(text: str) -> bool:
    """Whether the text has a ticket's form; what has not belongs to somebody else's job."""
    return text.startswith("w2.")


def ticket_of(job: Job, secrets: Secrets) -> Ticket:
    """The ticket that a job, or a callback about one, carries for its own object.

    Raises:
        TicketError: not ours, or not for this object.
    """
    bucket, key = job.bucket, job.key
    found = re.fullmatch(_FORMAT, job.ticket, re.ASCII)
    if not found:
        raise TicketError(f"the ticket for {bucket}/{key} does not have a ticket's form; the callback was refused")
    content = Content(found["crc64"], int(found["size"]))
    upload = Upload(ObjectRef(found["region"], bucket, key), content, int(found["modified"]), found["run"] or "")
    ticket = Ticket(upload, int(found["attempt"]), found["replaces"] or "")
    if not secrets.verify(found["signature"], Purpose.TICKET, *ticket._signed_parts()):  # noqa: SLF001 - its own module
        raise TicketError(f"the ticket for {bucket}/{key} was not issued by this deployment; the callback was refused")
    return ticket
