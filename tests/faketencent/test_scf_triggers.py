"""COS triggers: which events reach which function, how often, and which bindings are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faketencent.cloud import FakeCloud
from faketencent.errors import ServiceError
from faketencent.scf.cos_trigger import CosTrigger, Delivery
from faketencent.scf.exceptions import InvalidValueError, LimitExceededError
from faketencent.scf.invocation import Source

if TYPE_CHECKING:
    from faketencent.scf.models import ScfBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once

BUCKET = "videos-1250000000"


@pytest.fixture
def cloud() -> FakeCloud:
    cloud = FakeCloud()
    cloud.cos.backend.create_bucket(BUCKET, "ap-beijing")
    return cloud


@pytest.fixture
def scf(cloud: FakeCloud) -> ScfBackend:
    cloud.scf.backend.create_function("submit", lambda _, __: None)
    return cloud.scf.backend


def upload(cloud: FakeCloud, *keys: str) -> None:
    for key in keys:
        cloud.cos.backend.put(BUCKET, key, b"video", {"Content-Type": "video/mp4", "x-cos-meta-camera": "B"})


def keys(scf: ScfBackend) -> list[list[str]]:
    """The keys that the function was told of, one list per event."""
    return [
        [record["cos"]["cosObject"]["key"].removeprefix("/1250000000/videos/") for record in run.event["Records"]]
        for run in scf.invocations
    ]


class TestCosTrigger:
    def test_an_upload_runs_the_function_later(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        scf.add_cos_trigger("submit", BUCKET)

        upload(cloud, "clip.mp4")
        assert scf.invocations == []

        cloud.settle()
        assert keys(scf) == [["clip.mp4"]]
        assert scf.invocations[0].source is Source.COS

    @pytest.mark.parametrize(
        ("events", "prefix", "suffix", "told"),
        [
            ("cos:ObjectCreated:*", "", "", ["in/a.mp4", "in/a.txt", "out/a.mp4"]),
            ("cos:ObjectCreated:Put", "", "", ["in/a.mp4", "in/a.txt", "out/a.mp4"]),
            ("cos:ObjectCreated:Copy", "", "", []),
            ("cos:ObjectRemove:*", "", "", ["out/a.mp4"]),
            ("cos:ObjectCreated:*", "in/", "", ["in/a.mp4", "in/a.txt"]),
            ("cos:ObjectCreated:*", "", ".mp4", ["in/a.mp4", "out/a.mp4"]),
            ("cos:ObjectCreated:*", "in/", ".mp4", ["in/a.mp4"]),
        ],
    )
    def test_filters(
        self, cloud: FakeCloud, scf: ScfBackend, events: str, prefix: str, suffix: str, told: list[str]
    ) -> None:
        scf.add_cos_trigger("submit", BUCKET, events, prefix=prefix, suffix=suffix)

        upload(cloud, "in/a.mp4", "in/a.txt", "out/a.mp4")
        cloud.cos.backend.delete(BUCKET, "out/a.mp4")
        cloud.settle()

        assert keys(scf) == [[key] for key in told]

    def test_other_buckets_are_not_its_business(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        cloud.cos.backend.create_bucket("other-1250000000", "ap-beijing")
        scf.add_cos_trigger("submit", BUCKET)

        cloud.cos.backend.put("other-1250000000", "clip.mp4", b"video")
        cloud.settle()

        assert scf.invocations == []

    def test_a_deleted_trigger_is_silent(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        trigger = scf.add_cos_trigger("submit", BUCKET)
        scf.delete_trigger(trigger)

        upload(cloud, "clip.mp4")
        cloud.settle()

        assert scf.invocations == []


class TestCosBindingRules:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (("cos:ObjectCreated:*", "", ""), ("cos:ObjectCreated:*", "", "")),
            (("cos:ObjectCreated:*", "", ""), ("cos:ObjectCreated:Put", "in/", ".mp4")),
            (("cos:ObjectCreated:Put", "in/", ""), ("cos:ObjectCreated:*", "in/deep/", "")),
            (("cos:ObjectCreated:*", "in/", ""), ("cos:ObjectCreated:*", "", ".mp4")),
            (("cos:ObjectCreated:*", "", "4"), ("cos:ObjectCreated:*", "", ".mp4")),
        ],
    )
    def test_rules_that_overlap_are_refused(
        self, scf: ScfBackend, first: tuple[str, str, str], second: tuple[str, str, str]
    ) -> None:
        scf.create_function("other", lambda _, __: None)
        scf.add_cos_trigger("submit", BUCKET, *first)

        with pytest.raises(InvalidValueError) as refused:
            scf.add_cos_trigger("other", BUCKET, *second)

        assert refused.value.code == "InvalidParameterValue.CosNotifyRuleConflict"

    @pytest.mark.parametrize(
        "second",
        [
            ("cos:ObjectRemove:*", "", ""),
            ("cos:ObjectCreated:Put", "out/", ""),
            ("cos:ObjectCreated:Put", "in/", ".mov"),
        ],
    )
    def test_rules_that_do_not_overlap_live_side_by_side(self, scf: ScfBackend, second: tuple[str, str, str]) -> None:
        scf.add_cos_trigger("submit", BUCKET, "cos:ObjectCreated:*", prefix="in/", suffix=".mp4")

        assert scf.add_cos_trigger("submit", BUCKET, *second).function == "submit"

    @given(data=st.data())
    def test_rules_that_are_let_through_never_share_an_object(self, data: st.DataObject) -> None:
        # given any two rules and any key
        text = st.text("a.", max_size=2)
        rules = [
            CosTrigger("submit", BUCKET, "cos:ObjectCreated:*", data.draw(text), data.draw(text)) for _ in range(2)
        ]
        cloud = FakeCloud()
        cloud.cos.backend.create_bucket(BUCKET, "ap-beijing")
        told: list[bool] = []
        cloud.cos.backend.listeners.append(lambda event: told.append(all(rule.matches(event) for rule in rules)))

        # when both of them match
        cloud.cos.backend.put(BUCKET, data.draw(st.text("a.", min_size=1, max_size=5)), b"")
        cloud.settle()

        # then they overlap
        assert rules[0].overlaps(rules[1]) or told == [False]

    def test_an_event_type_that_does_not_exist_is_refused(self, scf: ScfBackend) -> None:
        with pytest.raises(InvalidValueError):
            scf.add_cos_trigger("submit", BUCKET, "cos:ObjectCreated:Rename")

    def test_the_bucket_must_be_in_the_functions_region(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        cloud.cos.backend.create_bucket("far-1250000000", "ap-shanghai")

        with pytest.raises(InvalidValueError):
            scf.add_cos_trigger("submit", "far-1250000000")

    def test_the_bucket_must_exist(self, scf: ScfBackend) -> None:
        with pytest.raises(ServiceError, match="NoSuchBucket"):
            scf.add_cos_trigger("submit", "nothing-1250000000")

    def test_a_function_has_at_most_ten_triggers(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        cloud.cos.backend.create_bucket("other-1250000000", "ap-beijing")
        for n in range(10):
            scf.add_cos_trigger("submit", BUCKET, prefix=f"{n}/")

        with pytest.raises(LimitExceededError):
            scf.add_cos_trigger("submit", "other-1250000000")

    def test_a_bucket_has_at_most_ten_triggers(self, scf: ScfBackend) -> None:
        scf.create_function("other", lambda _, __: None)
        for n in range(10):
            scf.add_cos_trigger("submit", BUCKET, prefix=f"{n}/")

        with pytest.raises(LimitExceededError):
            scf.add_cos_trigger("other", BUCKET, prefix="x/")


class TestCosDelivery:
    @pytest.mark.parametrize(("copies", "runs"), [(0, 0), (1, 1), (3, 3)])
    def test_an_event_may_come_more_than_once_or_never(
        self, cloud: FakeCloud, scf: ScfBackend, copies: int, runs: int
    ) -> None:
        scf.add_cos_trigger("submit", BUCKET)
        scf.cos_triggers.delivery = Delivery(copies=copies)

        upload(cloud, "clip.mp4")
        cloud.settle()

        assert keys(scf) == [["clip.mp4"]] * runs

    def test_several_records_may_come_in_one_event(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        scf.add_cos_trigger("submit", BUCKET)
        scf.cos_triggers.delivery = Delivery(batch=2)

        upload(cloud, "one.mp4", "two.mp4", "three.mp4")
        cloud.settle()

        assert keys(scf) == [["one.mp4", "two.mp4"], ["three.mp4"]]

    def test_events_may_wait_for_company(self, cloud: FakeCloud, scf: ScfBackend) -> None:
        scf.add_cos_trigger("submit", BUCKET)
        scf.cos_triggers.delivery = Delivery(batch=10, window=5)

        for key in ("one.mp4", "two.mp4", "three.mp4"):
            upload(cloud, key)
            cloud.advance(1)
        assert keys(scf) == []
        cloud.advance(2)
        upload(cloud, "late.mp4")
        cloud.advance(5)

        assert keys(scf) == [["one.mp4", "two.mp4", "three.mp4"], ["late.mp4"]]

    def test_an_event_of_several_records_is_retried_and_given_up_as_one(
        self, cloud: FakeCloud, scf: ScfBackend
    ) -> None:
        def fail(_: object, __: object) -> None:
            raise RuntimeError

        scf.create_function("failing", fail, retries=2)
        scf.add_cos_trigger("failing", BUCKET)
        scf.cos_triggers.delivery = Delivery(batch=2)

        upload(cloud, "one.mp4", "two.mp4")
        cloud.advance(120)

        assert keys(scf) == [["one.mp4", "two.mp4"]] * 3
        (letter,) = scf.dead_letters
        assert letter.last.event == scf.invocations[0].event
