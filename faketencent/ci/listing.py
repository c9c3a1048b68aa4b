"""Which jobs `GET /jobs` lists, page by page.

https://www.tencentcloud.com/document/product/1045/73114. Parameters about workflows and batch jobs, of which
this fake has none, are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.ci.jobs import JobState, Tag
from faketencent.ci.times import TIME, time_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faketencent.ci.fields import Fields
    from faketencent.ci.jobs import Job


class Order(Enum):
    """By time of creation."""

    NEWEST_FIRST = "Desc"
    OLDEST_FIRST = "Asc"


@dataclass(frozen=True)
class JobPage:
    """Some jobs, and the token of the next page; no token when this is the last."""

    jobs: list[Job]
    next_token: str


@dataclass(frozen=True)
class JobQuery:
    """What one page is to hold; None and an empty list let all through.

    Older pages require `queueId` and `tag`; newer ones do not, and neither does the fake. `after` and
    `before` are excluded themselves, as the Chinese page words it.
    """

    tag: Tag | None
    key: str | None
    queue_id: str | None
    states: list[JobState]
    after: float | None
    before: float | None
    order: Order
    size: int
    last_seen: int | None

    def page(self, jobs: Iterable[Job]) -> JobPage:
        """The page. The token is the serial of its last job: jobs that come in between shift nothing."""
        newest_first = self.order is Order.NEWEST_FIRST
        found = sorted(filter(self._wants, jobs), key=lambda job: job.serial, reverse=newest_first)
        shown = found[: self.size]
        return JobPage(shown, str(shown[-1].serial) if len(found) > len(shown) else "")

    def _wants(self, job: Job) -> bool:
        return (
            self.tag in (None, job.request.tag)
            and self.key in (None, job.request.key)
            and self.queue_id in (None, job.queue_id)
            and (not self.states or job.state in self.states)
            and (self.after is None or self.after < job.created_at)
            and (self.before is None or job.created_at < self.before)
            and (self.last_seen is None or self._is_behind(job, self.last_seen))
        )

    def _is_behind(self, job: Job, last_seen: int) -> bool:
        return job.serial < last_seen if self.order is Order.NEWEST_FIRST else job.serial > last_seen


def read_job_query(fields: Fields) -> JobQuery:
    """The parameters of `GET /jobs`.

    Raises:
        ServiceError: a value that the page does not allow, or a parameter that it does not know.
    """
    query = JobQuery(
        tag=fields.choice("tag", Tag),
        key=fields.text("inputObject"),
        queue_id=fields.text("queueId"),
        states=fields.choices("states", JobState, everything="All"),
        after=_time(fields, "startCreationTime"),
        before=_time(fields, "endCreationTime"),
        order=fields.choice("orderByTime", Order) or Order.NEWEST_FIRST,
        size=fields.number("size", default=10, highest=100),
        last_seen=fields.number("nextToken", default=0) or None,
    )
    fields.end()
    return query


def _time(fields: Fields, name: str) -> float | None:
    text = fields.text(name, TIME)
    try:
        return None if text is None else time_of(text)
    except ValueError:
        fields.refuse(name, f"{text!r} is not a time")
