"""What a function is told of an object, in each of the ways it may be told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faketencent.cloud import FakeCloud
from faketencent.scf.cos_event import Dialect, EventNaming, HostStyle, KeyEncoding, Nodes

if TYPE_CHECKING:
    from faketencent.scf.models import ScfBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once

BUCKET = "videos-1250000000"
EVENTS = Path(__file__).parents[2] / "events"


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


def nodes(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The names in a JSON document, without its values."""
    if isinstance(value, dict):
        return {name: nodes(inner) for name, inner in value.items()}
    return [nodes(inner) for inner in value] if isinstance(value, list) else type(value)


def test_the_event_has_the_documented_nodes(cloud: FakeCloud, scf: ScfBackend) -> None:
    # given the documentation's sample: https://cloud.tencent.com/document/product/583/9707
    sample = json.loads((EVENTS / "upload" / "documented-sample.json").read_text(encoding="utf-8"))
    sample["Records"][0]["cos"]["cosObject"]["meta"]["x-cos-meta-camera"] = ""
    del sample["Records"][0]["cos"]["cosObject"]["meta"]["x-cos-meta-mykey"]
    scf.add_cos_trigger("submit", BUCKET)
    scf.cos_triggers.dialect = Dialect(nodes=Nodes.DOCUMENTED)

    # when something is uploaded
    upload(cloud, "clip.mp4")
    cloud.settle()

    # then the function is told in the same form
    event = scf.invocations[0].event
    assert nodes(event) == nodes(sample)
    record = event["Records"][0]
    assert record["event"]["eventName"] == "cos:ObjectCreated:Put"
    assert record["event"]["eventTime"] == cloud.clock.now()
    assert record["event"]["eventQueue"] == "qcs:0:scf:bj:appid/1250000000:default.submit.$LATEST"
    assert record["cos"]["cosBucket"] == {"region": "bj", "name": "videos", "appid": "1250000000"}
    assert record["cos"]["cosObject"] == {
        "url": "http://videos-1250000000.cos.ap-beijing.myqcloud.com/clip.mp4",
        "meta": record["cos"]["cosObject"]["meta"],
        "vid": "",
        "key": "/1250000000/videos/clip.mp4",
        "size": 5,
    }
    assert record["cos"]["cosObject"]["meta"]["Content-Type"] == "video/mp4"
    assert record["cos"]["cosObject"]["meta"]["x-cos-meta-camera"] == "B"


def test_a_versioned_bucket_names_the_version(cloud: FakeCloud, scf: ScfBackend) -> None:
    cloud.cos.backend.create_bucket("kept-1250000000", "ap-beijing", versioning=True)
    scf.add_cos_trigger("submit", "kept-1250000000")

    stored = cloud.cos.backend.put("kept-1250000000", "clip.mp4", b"video")
    cloud.settle()

    assert scf.invocations[0].event["Records"][0]["cos"]["cosObject"]["vid"] == stored.version_id != ""


@pytest.mark.parametrize(
    ("encoding", "key", "path"),
    [
        (KeyEncoding.RAW, "a b+%水.mp4", "a%20b%2B%25%E6%B0%B4.mp4"),
        (KeyEncoding.ENCODED, "a%20b%2B%25%E6%B0%B4.mp4", "a%20b%2B%25%E6%B0%B4.mp4"),
        (KeyEncoding.UNQUOTED, "a b+%水.mp4", "a b+%水.mp4"),
    ],
)
def test_the_key_can_be_spelled_in_several_ways(
    cloud: FakeCloud, scf: ScfBackend, encoding: KeyEncoding, key: str, path: str
) -> None:
    scf.add_cos_trigger("submit", BUCKET)
    scf.cos_triggers.dialect = Dialect(key=encoding)

    upload(cloud, "a b+%水.mp4")
    cloud.settle()

    told = scf.invocations[0].event["Records"][0]["cos"]["cosObject"]
    assert told["key"] == f"/1250000000/videos/{key}"
    assert told["url"] == f"http://videos-1250000000.cos.ap-beijing.myqcloud.com/{path}"


@given(key=st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_the_url_leads_back_to_any_key(key: str) -> None:
    cloud = FakeCloud()
    cloud.cos.backend.create_bucket(BUCKET, "ap-beijing")
    cloud.scf.backend.create_function("submit", lambda _, __: None)
    cloud.scf.backend.add_cos_trigger("submit", BUCKET)

    cloud.cos.backend.put(BUCKET, key, b"")
    cloud.settle()

    told = cloud.scf.backend.invocations[0].event["Records"][0]["cos"]["cosObject"]
    assert told["key"] == f"/1250000000/videos/{key}"
    assert unquote(urlsplit(told["url"]).path[1:]) == key


def test_the_event_may_bear_the_triggers_own_name(cloud: FakeCloud, scf: ScfBackend) -> None:
    scf.add_cos_trigger("submit", BUCKET)
    scf.cos_triggers.dialect = Dialect(naming=EventNaming.CONFIGURED)

    upload(cloud, "clip.mp4")
    cloud.settle()

    assert scf.invocations[0].event["Records"][0]["event"]["eventName"] == "cos:ObjectCreated:*"


def test_the_url_may_have_the_legacy_host(cloud: FakeCloud, scf: ScfBackend) -> None:
    scf.add_cos_trigger("submit", BUCKET)
    scf.cos_triggers.dialect = Dialect(host=HostStyle.LEGACY)

    upload(cloud, "clip.mp4")
    cloud.settle()

    url = scf.invocations[0].event["Records"][0]["cos"]["cosObject"]["url"]
    assert url == "http://videos-1250000000.cosbj.myqcloud.com/clip.mp4"


def test_unless_told_otherwise_events_look_like_real_ones(cloud: FakeCloud, scf: ScfBackend) -> None:
    # given a real event of 2022, adapted
    sample = json.loads((EVENTS / "upload" / "observed-extra-nodes.json").read_text(encoding="utf-8"))["Records"][0]
    sample["cos"]["cosObject"]["meta"]["x-cos-meta-camera"] = ""
    scf.add_cos_trigger("submit", BUCKET)

    # when something is uploaded
    upload(cloud, "take!!.mp4")
    cloud.settle()

    # then the function is told in the same form
    (record,) = scf.invocations[0].event["Records"]
    assert nodes(record) == nodes(sample)
    assert record["cos"]["cosBucket"] == sample["cos"]["cosBucket"]
    assert record["cos"]["cosObject"]["meta"]["x-cos-storage-class"] == "Standard"
    assert record["cos"]["cosObject"]["meta"]["ETag"] == cloud.cos.backend.get(BUCKET, "take!!.mp4").etag
    assert record["cos"]["cosObject"]["url"].endswith("/take%21%21.mp4")
    assert record["event"]["eventQueue"] == "qcs:0:scf:ap-beijing:appid/1250000000:default.submit.$DEFAULT"
    assert record["event"]["reqid"] == sample["event"]["reqid"] == 0


def test_the_storage_class_is_that_of_the_object(cloud: FakeCloud, scf: ScfBackend) -> None:
    scf.add_cos_trigger("submit", BUCKET)
    cloud.cos.backend.put(BUCKET, "clip.mp4", b"video", {"x-cos-storage-class": "STANDARD_IA"})
    cloud.settle()

    told = scf.invocations[0].event["Records"][0]["cos"]["cosObject"]
    assert told["meta"]["x-cos-storage-class"] == "STANDARD_IA"
