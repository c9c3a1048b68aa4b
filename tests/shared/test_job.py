"""Jobs as CI describes them: every documented node, every shape it may come in, and no crash on any other."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.documents import parse
from shared.domain.job import CANCELLED_CODE, JOB_ID, MAX_JOBS, Job, JobState, read_jobs
from shared.domain.result import MAX_TEXT, Result, Verdict
from shared.errors import MalformedError
from tests.shared.samples import EVENTS, any_text

if TYPE_CHECKING:
    from pathlib import Path

    from shared.documents import Tree

CALLBACKS = sorted((EVENTS / "callback").iterdir())
#: Every node of https://www.tencentcloud.com/document/product/1045/73155.
DETAIL: dict[str, Any] = {
    "Code": "Success",
    "Message": "done",
    "JobId": "j8d121820f5e411ec926ef19d53ba9c5d",
    "State": "Success",
    "CreationTime": "2026-01-01T08:00:20+0800",
    "StartTime": "2026-01-01T08:00:21+0800",
    "EndTime": "2026-01-01T08:00:54+0800",
    "QueueId": "p2242ab62c7c94486915508540933a2c6",
    "Tag": "ExtractDigitalWatermark",
    "Input": {"BucketId": "videos-1250000000", "Object": "uploads/clip.mp4", "Region": "ap-beijing"},
    "Operation": {
        "ExtractDigitalWatermark": {"Message": "team-42", "Type": "Text", "Version": "V1"},
        "UserData": "w2.x",
        "JobLevel": "0",
    },
}
CHINA = timezone(timedelta(hours=8))


def one_job(**changed: object) -> Job:
    (job,) = read_jobs({"JobsDetail": as_tree({**DETAIL, **changed})})
    return job


def as_tree(value: object) -> Tree:
    """The value as it arrives in JSON."""
    return parse(json.dumps(value).encode())


def as_xml(name: str, value: object) -> str:
    if isinstance(value, dict):
        return f"<{name}>{''.join(as_xml(*item) for item in value.items())}</{name}>"
    return f"<{name}>{value}</{name}>"


FINISHED = frozenset({"Success", "Failed", "Cancel"})


class TestNodes:
    def test_every_documented_node_is_read(self) -> None:
        job = one_job()

        assert job.code == "Success"
        assert job.message == "done"
        assert job.job_id == "j8d121820f5e411ec926ef19d53ba9c5d"
        assert job.state is JobState.SUCCESS
        assert job.created == datetime(2026, 1, 1, 8, 0, 20, tzinfo=CHINA)
        assert job.started == datetime(2026, 1, 1, 8, 0, 21, tzinfo=CHINA)
        assert job.ended == datetime(2026, 1, 1, 8, 0, 54, tzinfo=CHINA)
        assert job.tag == "ExtractDigitalWatermark"
        assert (job.bucket, job.key) == ("videos-1250000000", "uploads/clip.mp4")
        assert job.region == "ap-beijing"
        assert (job.ticket, job.text) == ("w2.x", "team-42")

    def test_xml_says_the_same(self) -> None:
        document = as_xml("Response", {"EventName": "TaskFinish", "JobsDetail": DETAIL})

        assert read_jobs(parse(document.encode())) == [one_job()]

    @pytest.mark.parametrize("name", DETAIL)
    @pytest.mark.parametrize("empty", ["", None])
    def test_every_node_can_be_empty_or_absent(self, name: str, empty: str | None) -> None:
        absent = {other: value for other, value in DETAIL.items() if other != name}

        assert read_jobs({"JobsDetail": as_tree(absent)}) == [one_job(**{name: empty})]

    def test_a_job_with_no_nodes_at_all_is_a_job(self) -> None:
        (job,) = read_jobs({"JobsDetail": {}})

        assert job == Job()
        assert job.state is JobState.UNKNOWN
        assert job.result() is None

    @pytest.mark.parametrize("value", [None, ""])
    def test_empty_containers_are_containers_of_nothing(self, value: object) -> None:
        job = one_job(Input=value, Operation={"ExtractDigitalWatermark": value, "UserData": value})

        assert (job.bucket, job.key, job.ticket) == ("", "", "")
        assert job.text == ""

    def test_further_nodes_are_overlooked(self) -> None:
        workflow = {"RunId": "i1", "CosHeaders": [{"Key": "EventName", "Value": "cos:ObjectCreated:Put"}]}

        assert one_job(Workflow=workflow, QueueType="CateAll", Progress="100") == one_job()

    @pytest.mark.parametrize("code", ["0", 0])
    def test_numbers_may_be_texts(self, code: object) -> None:
        assert one_job(Code=code).code == "0"

    @pytest.mark.parametrize("names", [("BucketId",), ("Bucket",), ("Bucket", "BucketId")])
    def test_the_bucket_goes_by_either_name(self, names: tuple[str, ...]) -> None:
        told = dict.fromkeys(names, "wrong") | {names[-1]: "videos-1250000000"}

        assert one_job(Input=told).bucket == "videos-1250000000"

    @given(st.text())
    def test_user_data_is_kept_as_it_is(self, text: str) -> None:
        assert one_job(Operation={"UserData": text}).ticket == text

    @pytest.mark.parametrize("text", [" padded ", "w2.a\tb", "&lt;", "产品", "{}", "0123"])
    def test_user_data_is_kept_in_xml_too(self, text: str) -> None:
        document = as_xml("Response", {"JobsDetail": {"Operation": {"UserData": text.replace("&", "&amp;")}}})

        assert read_jobs(parse(document.encode()))[0].ticket == text


class TestTimes:
    @pytest.mark.parametrize(
        "text",
        ["-", "", "never", "2026-01-01", "2026-13-01T00:00:00+0800", "2026-01-01T00:00:00", "0001-01-01T00:00:00+0800",
         "9999-12-31T23:59:59-0800", "2026-01-01T00:00:00+9900", "\ud800", "0" * 5000, None],
    )  # fmt: skip
    def test_a_time_that_is_none_stops_nothing(self, text: str | None) -> None:
        job = one_job(StartTime=text, EndTime=text)

        assert job.started is None
        assert job.result() == Result(Verdict.FOUND, "2026-01-01T00:00:20Z", job.job_id, text="team-42")

    @pytest.mark.parametrize("value", [{}, [], {"a": "b"}, ["2026-01-01T08:00:20+0800"]])
    def test_nor_does_one_that_is_no_text(self, value: object) -> None:
        assert one_job(EndTime=value).ended is None


class TestStates:
    @pytest.mark.parametrize("state", ["Submitted", "Running", "Success", "Failed", "Pause", "Cancel"])
    def test_every_documented_state_is_known(self, state: str) -> None:
        job = one_job(State=state)

        assert job.state.value == state
        assert (job.result() is not None) == (state in FINISHED)

    @pytest.mark.parametrize("state", ["Cancelled", "success", "Queued", "?", "", "\ud800"])
    def test_any_other_is_not_the_end(self, state: str) -> None:
        job = one_job(State=state)

        assert job.state is JobState.UNKNOWN
        assert job.result() is None


class TestShapes:
    @pytest.mark.parametrize(
        ("details", "count"),
        [({}, 1), ([], 0), ([{}], 1), ([{}, {}], 2), ("", 0), (None, 0), ([{}] * MAX_JOBS, MAX_JOBS)],
    )
    def test_one_job_or_many_with_or_without_a_wrapper(self, details: Tree, count: int) -> None:
        document: Tree = {"EventName": "TaskFinish", "JobsDetail": details}

        assert len(read_jobs(document)) == len(read_jobs({"Response": document})) == count

    def test_a_document_about_something_else_has_no_jobs(self) -> None:
        assert read_jobs({"EventName": "WorkflowFinish", "WorkflowExecution": {"RunId": "i1"}}) == []
        assert read_jobs({"Response": {"NonExistJobIds": "j1"}}) == []

    @pytest.mark.parametrize("tree", [None, "", "x", [], [{}], {"Response": ""}, {"Response": []}])
    def test_a_document_without_nodes_is_malformed(self, tree: Tree) -> None:
        with pytest.raises(MalformedError):
            read_jobs(tree)

    @pytest.mark.parametrize(
        "details",
        [
            "x",
            ["x"],
            [None],
            [[]],
            [[{}]],
            {"JobId": {}},
            {"JobId": ["a", "b"]},
            {"State": {"a": "b"}},
            {"Input": "x"},
            {"Input": [{}]},
            {"Input": {"Object": ["a", "b"]}},
            {"Operation": ["a"]},
            {"Operation": {"ExtractDigitalWatermark": "x"}},
            {"Operation": {"ExtractDigitalWatermark": {"Message": {"a": "b"}}}},
            [{}] * (MAX_JOBS + 1),
        ],
    )
    def test_structure_in_the_wrong_place_or_too_many_jobs_are_malformed(self, details: Tree) -> None:
        with pytest.raises(MalformedError):
            read_jobs({"JobsDetail": details})

    def test_refusals_name_the_node_and_not_what_is_in_it(self) -> None:
        with pytest.raises(MalformedError, match=r"Operation\.UserData") as refusal:
            read_jobs({"JobsDetail": {"Operation": {"UserData": {"secret": "text"}}}})
        assert "secret" not in str(refusal.value)

    @pytest.mark.parametrize("path", CALLBACKS, ids=lambda path: path.name)
    def test_the_sample_callbacks_are_read(self, path: Path) -> None:
        jobs = read_jobs(parse(path.read_bytes()))

        about_jobs = not any(word in path.name for word in ("finish", "probe", "non-exist"))
        assert len(jobs) == about_jobs + ("several-jobs" in path.name)


class TestResults:
    AT = "2026-01-01T00:00:54Z"

    @pytest.mark.parametrize("text", ["team-42", " ", "0", "none", "\r\nx-cos-acl: public-read", "🎬", "%00"])
    def test_a_text_was_found(self, text: str) -> None:
        result = one_job(Operation={"ExtractDigitalWatermark": {"Message": text}}).result()

        assert result == Result(Verdict.FOUND, self.AT, DETAIL["JobId"], text=text)

    @pytest.mark.parametrize("watermark", [{}, "", {"Message": ""}, {"Message": None}, {"Type": "Text"}])
    def test_success_without_a_text_means_that_there_is_none(self, watermark: object) -> None:
        result = one_job(Operation={"ExtractDigitalWatermark": watermark}).result()

        assert result == Result(Verdict.NONE, self.AT, DETAIL["JobId"])

    def test_a_failure_keeps_code_and_message_verbatim(self) -> None:
        result = one_job(State="Failed", Code="InvalidVideo", Message="Not a <video>.\n").result()

        assert result == Result(
            Verdict.FAILED, self.AT, DETAIL["JobId"], code="InvalidVideo", message="Not a <video>.\n"
        )

    def test_a_cancelled_job_is_a_failure_of_its_own(self) -> None:
        result = one_job(State="Cancel").result()

        assert result == Result(Verdict.FAILED, self.AT, DETAIL["JobId"], code=CANCELLED_CODE)

    @pytest.mark.parametrize("state", ["Submitted", "Running", "Pause", "Paused"])
    def test_a_job_that_goes_on_has_none(self, state: str) -> None:
        assert one_job(State=state).result() is None

    @pytest.mark.parametrize(
        ("created", "at"), [("2026-01-01T08:00:20+0800", "2026-01-01T00:00:20Z"), ("-", ""), (None, "")]
    )
    def test_without_an_end_its_beginning_counts_so_that_every_look_says_the_same(
        self, created: str | None, at: str
    ) -> None:
        result = one_job(EndTime="-", CreationTime=created).result()

        assert result is not None
        assert result.at == at

    def test_codes_that_an_operator_names_mean_that_there_is_no_watermark(self) -> None:
        job = one_job(State="Failed", Code="NoWatermark", Message="extract fail")

        assert job.result({"NoWatermark", "Other"}) == Result(Verdict.NONE, self.AT, DETAIL["JobId"])
        assert job.result({"Other"}) == job.result()

    @pytest.mark.parametrize("state", ["Success", "Cancel", "Running"])
    def test_such_a_code_says_so_of_failed_jobs_only(self, state: str) -> None:
        job = one_job(State=state, Code="NoWatermark")

        assert job.result({"NoWatermark"}) == job.result()

    @pytest.mark.parametrize("size", [MAX_TEXT, MAX_TEXT + 1, 10 * MAX_TEXT])
    def test_texts_are_kept_up_to_a_length_that_every_claim_and_record_can_hold(self, size: int) -> None:
        found = one_job(Operation={"ExtractDigitalWatermark": {"Message": "t" * size}}).result()
        failed = one_job(State="Failed", Code="c" * size, Message="m" * size).result()

        assert found
        assert failed
        assert {len(found.text), len(failed.code), len(failed.message)} == {MAX_TEXT}

    def test_half_a_character_becomes_a_question_mark(self) -> None:
        result = one_job(State="Failed", Code="a\ud800b", Message="\udcff").result()

        assert result
        assert (result.code, result.message) == ("a?b", "?")


NAMES = [*DETAIL, "JobsDetail", "Response", "ExtractDigitalWatermark", "UserData", "JobLevel", "BucketId", "Bucket",
         "Object", "Region", "Type", "Version", "NonExistJobIds"]  # fmt: skip
leaves = st.none() | st.sampled_from([*JobState]).map(lambda state: state.value) | any_text | st.datetimes().map(
    lambda time: time.strftime("%Y-%m-%dT%H:%M:%S+0800")
)  # fmt: skip
nodes = st.recursive(
    leaves,
    lambda node: st.lists(node, max_size=3) | st.dictionaries(st.sampled_from(NAMES), node, max_size=6),
    max_leaves=10,
)
details = st.fixed_dictionaries({}, optional=dict.fromkeys(DETAIL, leaves | nodes))


@given(nodes | st.fixed_dictionaries({"JobsDetail": details | st.lists(details, max_size=3)}))
def test_any_document_is_jobs_or_malformed(tree: Tree) -> None:
    try:
        jobs = read_jobs(parse(json.dumps(tree).encode()))
    except MalformedError:
        return
    for job in jobs:
        result = job.result()
        assert (result is not None) == (job.state.value in FINISHED)


@given(st.fixed_dictionaries({name: leaves for name in DETAIL if name not in ("Input", "Operation")}))
def test_any_job_of_texts_is_read_and_has_a_result_if_it_ended(detail: dict[str, str | None]) -> None:
    (job,) = read_jobs({"JobsDetail": as_tree(detail)})

    assert (job.result() is not None) == (job.state.value in FINISHED)


def test_a_job_id_can_stand_in_a_path() -> None:
    assert JOB_ID.fullmatch(DETAIL["JobId"])
    for text in ("", "a/b", "..", "a,b", "a?b", "a b", "é", "j1\n", "j" * 129):
        assert not JOB_ID.fullmatch(text)
