"""Finding jobs again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.faketencent.ci_fixtures import BUCKET, World, embedding, extraction, running_world
from tests.faketencent.sdk import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Says the same on every Python.
pytestmark = pytest.mark.once


@pytest.fixture
def world() -> Iterator[World]:
    with running_world() as world:
        world.put_video()
        yield world


class TestLookingUp:
    def test_several_jobs_at_once_in_the_order_asked(self, world: World) -> None:
        first, second = world.submit(), world.submit()
        reply = world.sdk.ci_get_media_jobs(Bucket=BUCKET, JobIDs=f"{second},{first}")
        assert [detail["JobId"] for detail in reply["JobsDetail"]] == [second, first]
        assert "NonExistJobIds" not in reply

    def test_names_the_ids_that_do_not_exist(self, world: World) -> None:
        job_id = world.submit()
        reply = world.sdk.ci_get_media_jobs(Bucket=BUCKET, JobIDs=f"j1,{job_id},j2")
        assert [detail["JobId"] for detail in reply["JobsDetail"]] == [job_id]
        assert reply["NonExistJobIds"] == "j1,j2"

    def test_takes_commas_encoded_or_not(self, world: World) -> None:
        first, second = world.submit(), world.submit()
        for comma in (",", "%2C"):
            text = world.send("GET", f"/jobs/{first}{comma}{second}").text
            assert text.count("<JobsDetail>") == 2

    def test_refuses_more_than_ten_ids(self, world: World) -> None:
        assert world.send("GET", "/jobs/" + ",".join(f"j{n}" for n in range(10))).status_code == 200
        assert world.send("GET", "/jobs/" + ",".join(f"j{n}" for n in range(11))).status_code == 400

    def test_refuses_jobs_of_different_kinds(self, world: World) -> None:
        one, other = world.submit(), world.submit(embedding())
        assert world.send("GET", f"/jobs/{one},{other}").status_code == 400

    def test_a_job_of_another_bucket_does_not_exist(self, world: World) -> None:
        world.cloud.cos.backend.create_bucket("other-1250000000", REGION)
        world.ci.bind_bucket("other-1250000000")
        job_id = world.submit()
        assert world.sdk.ci_get_media_jobs(Bucket="other-1250000000", JobIDs=job_id) == {"NonExistJobIds": job_id}
        assert world.sdk.ci_list_media_jobs(Bucket="other-1250000000", Tag="") == {"NextToken": None}


class TestListing:
    @pytest.fixture
    def jobs(self, world: World) -> list[str]:
        """Five jobs, ten seconds apart; the third failed, the fourth is held, the fifth is an embedding."""
        ci = world.manual()
        made = []
        for n in range(5):
            made.append(world.submit(embedding(f"{n}.mp4") if n == 4 else extraction(f"{n}.mp4")))
            world.cloud.advance(10)
        ci.fail(made[2])
        ci.pause(made[3])
        return made

    def listed(self, world: World, **params: str) -> list[str]:
        query = "&".join(f"{name}={value}" for name, value in params.items())
        return re.findall("<JobId>(.*?)</JobId>", world.send("GET", f"/jobs?{query}").text)

    def test_the_sdk_lists_the_newest_first(self, world: World, jobs: list[str]) -> None:
        reply = world.sdk.ci_list_media_jobs(
            Bucket=BUCKET,
            Tag="ExtractDigitalWatermark",
            QueueId=world.ci.buckets[BUCKET].queue_id,
            StartCreationTime="2026-01-01T08:00:00+0800",
            EndCreationTime="2026-01-01T08:00:30+0800",
            Size=100,
        )
        assert [detail["JobId"] for detail in reply["JobsDetail"]] == [jobs[2], jobs[1]]
        assert reply["NextToken"] is None

    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({}, [4, 3, 2, 1, 0]),
            ({"orderByTime": "Asc"}, [0, 1, 2, 3, 4]),
            ({"orderByTime": "Desc", "size": "2"}, [4, 3]),
            ({"tag": "DigitalWatermark"}, [4]),
            ({"inputObject": "1.mp4"}, [1]),
            ({"inputObject": "1"}, []),
            ({"states": "All"}, [4, 3, 2, 1, 0]),
            ({"states": "Failed"}, [2]),
            ({"states": "Failed,Pause"}, [3, 2]),
            ({"startCreationTime": "2026-01-01T08:00:20%2B0800"}, [4, 3]),
            ({"endCreationTime": "2026-01-01T08:00:20%2B0800"}, [1, 0]),
            ({"startCreationTime": "2026-01-01T00:00:05%2B0000", "endCreationTime": "2026-01-01T08:00:15%2B0800"}, [1]),
            ({"queueId": "p1"}, []),
        ],
        ids=str,
    )
    def test_filters(self, world: World, jobs: list[str], params: dict[str, str], expected: list[int]) -> None:
        assert self.listed(world, **params) == [jobs[n] for n in expected]

    @pytest.mark.parametrize("order", ["Asc", "Desc"])
    @pytest.mark.parametrize("size", [1, 2, 4, 5, 6])
    def test_pages_hold_every_job_once(self, world: World, jobs: list[str], order: str, size: int) -> None:
        # when all pages are read, while a new job comes in after the first
        token, seen = "", list[str]()
        while not seen or token:
            reply = world.sdk.ci_list_media_jobs(Bucket=BUCKET, Tag="", OrderByTime=order, Size=size, NextToken=token)
            assert len(reply["JobsDetail"]) <= size
            if not seen:
                world.submit()
            seen += [detail["JobId"] for detail in reply["JobsDetail"]]
            token = reply["NextToken"] or ""

        # then none that was there is missing or repeated
        assert len(set(seen)) == len(seen)
        assert set(jobs) <= set(seen)

    @pytest.mark.parametrize(
        "query",
        [
            "size=0", "size=101", "size=x", "states=Done", "orderByTime=desc", "tag=Transcode", "nextToken=x",
            "startCreationTime=2026-01-01", "startCreationTime=2026-01-01T08:00:20+0800",
            "endCreationTime=2026-13-01T08:00:20%2B0800", "endCreationTime=2026-01-01T08:00:20%2B08:00",
            "workflowId=w1", "bogus=1",
        ],
    )  # fmt: skip
    def test_refuses_what_the_page_does_not_allow(self, world: World, query: str) -> None:
        assert world.send("GET", f"/jobs?{query}").status_code == 400
