"""What COS and CI list page by page, and what of it is believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest
from requests.structures import CaseInsensitiveDict

from shared.cloud.ci import Jobs
from shared.cloud.cos import Cos
from shared.cloud.transport import Call, Reply, Transport
from shared.domain.objects import ObjectRef
from shared.errors import GarbledReplyError

FOLDER = ObjectRef("ap-beijing", "ledger-1250000000", "claims/")
CLIP = ObjectRef("ap-beijing", "videos-1250000000", "clip.mp4")
DATE = "Thu, 01 Jan 2026 00:00:00 GMT"
#: What no test comes to; a client that goes on for ever does.
MANY = 10


@dataclass
class Pages:
    """Stands in for the transport: one reply after the other, the last one again and again."""

    bodies: list[str]
    calls: list[Call] = field(default_factory=list)

    def send(self, call: Call) -> Reply:
        self.calls.append(call)
        if len(self.calls) > MANY:
            raise RecursionError("this goes on for ever")
        body = self.bodies[min(len(self.calls), len(self.bodies)) - 1]
        return Reply(call, 200, CaseInsensitiveDict({"Date": DATE}), body.encode())


def listing(*keys: str, after: str = "") -> str:
    contents = "".join(
        f'<Contents><Key>{key}</Key><ETag>"1"</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>'
        for key in keys
    )
    more = f"<IsTruncated>true</IsTruncated><NextMarker>{after}</NextMarker>" if after else ""
    return f"<ListBucketResult>{contents}{more or '<IsTruncated>false</IsTruncated>'}</ListBucketResult>"


def job(job_id: str, key: str = "clip.mp4") -> str:
    return f"<JobsDetail><JobId>{job_id}</JobId><Input><Object>{key}</Object></Input></JobsDetail>"


def jobs_page(*jobs: str, token: str = "") -> str:
    return f"<Response>{''.join(jobs)}<NextToken>{token}</NextToken></Response>"


def cos(*bodies: str) -> tuple[Cos, Pages]:
    pages = Pages(list(bodies))
    return Cos(cast("Transport", pages)), pages


def ci(*bodies: str) -> tuple[Jobs, Pages]:
    pages = Pages(list(bodies))
    return Jobs(cast("Transport", pages)), pages


def test_a_listing_goes_on_behind_the_marker() -> None:
    client, pages = cos(listing("claims/a", "claims/%20b", after="claims/%20b"), listing("claims/c"))

    assert [listed.key for listed in client.list(FOLDER)] == ["claims/a", "claims/ b", "claims/c"]
    assert [call.params["marker"] for call in pages.calls] == ["", "claims/ b"]


@pytest.mark.parametrize("after", ["claims/a", "claims/0"])
def test_one_that_does_not_get_further_is_an_error(after: str) -> None:
    client, _ = cos(listing("claims/a", after="claims/a"), listing("claims/b", after=after))

    with pytest.raises(GarbledReplyError, match="not further"):
        list(client.list(FOLDER))


def test_jobs_are_listed_up_to_the_last_page() -> None:
    client, pages = ci(jobs_page(job("j1"), token="2"), jobs_page(job("j2"), token=""))

    assert [found.job_id for found in client.on(CLIP)] == ["j1", "j2"]
    assert [call.params.get("nextToken") for call in pages.calls] == [None, "2"]


def test_a_page_that_leads_to_itself_is_the_last() -> None:
    client, _ = ci(jobs_page(job("j1"), token="2"), jobs_page(job("j2"), token="2"))

    assert [found.job_id for found in client.on(CLIP)] == ["j1", "j2"]


def test_a_job_on_another_object_is_not_believed_to_be_on_this_one() -> None:
    client, _ = ci(jobs_page(job("j1", "other.mp4"), job("j2")))

    assert [found.job_id for found in client.on(CLIP)] == ["j2"]


def test_only_the_jobs_that_were_asked_for_count() -> None:
    client, _ = ci(jobs_page(job("j1"), job("j3"), "<NonExistJobIds>j2</NonExistJobIds>"))

    found = client.get(CLIP, ["j1", "j2"])

    assert {job_id: got is not None for job_id, got in found.items()} == {"j1": True, "j2": False}


def test_what_is_not_said_to_be_unknown_is_not_taken_to_be() -> None:
    client, _ = ci(jobs_page(job("j1")))

    with pytest.raises(GarbledReplyError, match="what became of each job"):
        client.get(CLIP, ["j1", "j2"])
