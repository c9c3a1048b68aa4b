"""Replies that came, and do not say what they must: they are an error of their own, never a yes or a no."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest
from requests.structures import CaseInsensitiveDict

from shared.cloud.ci import Jobs
from shared.cloud.cos import Cos
from shared.cloud.transport import Call, Reply, Transport
from shared.domain.objects import ObjectRef
from shared.errors import Cause, GarbledReplyError, NotFoundError
from shared.settings import JobLevel, Settings
from tests.world import SECRET

CLIP = ObjectRef("ap-beijing", "videos-1250000000", "clip.mp4")
LEDGER = ObjectRef("ap-beijing", "ledger-1250000000", "claims/")
DATE = {"Date": "Thu, 01 Jan 2026 00:00:00 GMT"}
JOB = "<JobsDetail><JobId>j1</JobId></JobsDetail>"


@dataclass
class Always:
    """Stands in for the transport: each call has this reply, or fails so."""

    body: str = ""
    headers: dict[str, str] = field(default_factory=lambda: DATE)
    error: NotFoundError | None = None

    def send(self, call: Call) -> Reply:
        if self.error:
            raise self.error
        return Reply(call, 200, CaseInsensitiveDict(self.headers), self.body.encode())

    @property
    def jobs(self) -> Jobs:
        return Jobs(cast("Transport", self))

    @property
    def objects(self) -> Cos:
        return Cos(cast("Transport", self))


def listing(modified: str) -> str:
    return (
        f"<ListBucketResult><Contents><Key>claims/a</Key><ETag>1</ETag><LastModified>{modified}</LastModified>"
        "</Contents><IsTruncated>false</IsTruncated></ListBucketResult>"
    )


@pytest.mark.parametrize(
    ("jobs", "problem"),
    [
        ("", "0 jobs, and not the one that was asked for"),
        (JOB + JOB, "2 jobs, and not the one"),
        ("<JobsDetail><JobId>a/b</JobId></JobsDetail>", "1 jobs, and not the one"),
        ("<JobsDetail><JobId>j1</JobId><Input><Object>b.mp4</Object></Input></JobsDetail>", "1 jobs, and not the one"),
        ("<JobsDetail><JobId><a/></JobId></JobsDetail>", "no text in JobId"),
    ],
)
def test_a_submission_is_answered_with_the_one_job_that_was_asked_for(jobs: str, problem: str) -> None:
    settings = Settings.model_validate({"secret": SECRET, "ledger_bucket": LEDGER.bucket})

    with pytest.raises(GarbledReplyError, match=problem):
        Always(f"<Response>{jobs}</Response>").jobs.create(settings, CLIP, "ticket", JobLevel.LOW)


def test_a_job_is_unknown_only_if_a_code_says_so_of_this_one() -> None:
    named = Always(error=NotFoundError(Cause("GET ci", 404, "NoSuchJob")))
    bare = Always(error=NotFoundError(Cause("GET ci", 404)))

    assert named.jobs.get(CLIP, ["j1"]) == {"j1": None}
    for transport, ids in ((named, ["j1", "j2"]), (bare, ["j1"])):
        with pytest.raises(GarbledReplyError):
            transport.jobs.get(CLIP, ids)


def test_another_document_than_the_one_that_was_asked_for_is_none() -> None:
    with pytest.raises(GarbledReplyError, match="the reply is <Error>, not <ListBucketResult>"):
        list(Always("<Error/>").objects.list(LEDGER))


@pytest.mark.parametrize("modified", ["", "yesterday"])
def test_a_time_that_cannot_be_read_is_no_age(modified: str) -> None:
    with pytest.raises(GarbledReplyError, match="a LastModified that is no time"):
        list(Always(listing(modified)).objects.list(LEDGER))


@pytest.mark.parametrize("headers", [{}, {"Date": "today"}])
def test_nor_is_there_one_without_the_stores_own_time(headers: dict[str, str]) -> None:
    with pytest.raises(GarbledReplyError, match="it has no Date"):
        list(Always(listing("2026-01-01T00:00:00.000Z"), headers).objects.list(LEDGER))
