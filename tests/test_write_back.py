"""The result is written, and nothing else about the object changes."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faketencent.cos.acl import user_id
from faketencent.cos.buckets import Versioning
from faketencent.cos.storage import StorageClass
from shared.domain.metadata import FIELDS
from shared.domain.outcome import Reason
from shared.domain.result import Verdict
from tests.world import BUCKET, deployed, marked_video

if TYPE_CHECKING:
    from faketencent.cos.objects import StoredObject
    from faketencent.routes import Call

#: Says the same on every Python.
pytestmark = pytest.mark.once

OURS = {f"x-cos-meta-watermark-{field}".removesuffix("-") for field in FIELDS}

names = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True).filter(lambda name: not name.startswith("watermark"))
#: What HTTP carries in a header: visible latin-1, spaces inside only.
values = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_categories=["Cc"]), min_size=1, max_size=60
)
grantees = st.integers(100000000002, 100000000009).map(lambda uin: f'id="{user_id(str(uin))}"')
acls: st.SearchStrategy[dict[str, str]] = st.one_of(
    st.just({}),
    st.sampled_from(["private", "public-read", "authenticated-read"]).map(lambda acl: {"x-cos-acl": acl}),
    st.dictionaries(
        st.sampled_from(["x-cos-grant-read", "x-cos-grant-read-acp", "x-cos-grant-full-control"]), grantees, min_size=1
    ),
    grantees.map(lambda who: {"x-cos-acl": "public-read", "x-cos-grant-write-acp": who}),
)
encryptions = st.sampled_from(
    [
        {},
        {"x-cos-server-side-encryption": "AES256"},
        {"x-cos-server-side-encryption": "cos/kms", "x-cos-server-side-encryption-cos-kms-key-id": "a-key"},
        {"x-cos-server-side-encryption": "cos/kms"},
    ]
)
classes = st.sampled_from([c.value for c in StorageClass if not c.archived]).map(lambda c: {"x-cos-storage-class": c})
contents = st.fixed_dictionaries(
    {"content-type": st.sampled_from(["video/mp4", 'video/x-matroska; codecs="vp9"'])},
    optional={
        "cache-control": st.just("max-age=60"),
        "content-disposition": values.map(lambda text: f"attachment; filename={text}"),
        "content-encoding": st.just("identity"),
        "content-language": st.just("de, en"),
        "expires": st.just("Thu, 01 Jan 2032 00:00:00 GMT"),
    },
)
tags = st.sampled_from([{}, {"x-cos-tagging": "team=film&year=2026"}])
uploads = st.tuples(
    contents,
    st.dictionaries(names.map("x-cos-meta-{}".format), values, max_size=4),
    acls,
    encryptions,
    classes,
    tags,
).map(lambda parts: {name: value for part in parts for name, value in part.items()})  # fmt: skip


def without_ours(stored: StoredObject) -> StoredObject:
    """The object without what may differ: our fields, the time, the version, and the ETag where it is no checksum."""
    kept = {name: value for name, value in stored.headers.items() if name not in OURS}
    return replace(stored, headers=kept, last_modified=0, version_id="", etag="")


@given(headers=uploads, versioned=st.booleans())
def test_whatever_the_object_had_it_still_has(headers: dict[str, str], versioned: bool) -> None:
    with deployed() as world:
        if versioned:
            world.cloud.cos.backend.bucket(BUCKET).set_versioning(Versioning.ENABLED)
        before = world.upload("clip.mp4", marked_video("Hello_1"), headers)

        world.cloud.settle()

        after = world.get("clip.mp4")
        assert world.answer("clip.mp4") == ("found", "Hello_1")
        assert without_ours(after) == without_ours(before)
        assert len(world.jobs) == 1


def test_metadata_named_like_ours_stays_if_it_is_not_ours() -> None:
    with deployed() as world:
        world.upload("clip.mp4", marked_video("x"), {"x-cos-meta-watermark-colour": "red"})

        world.cloud.settle()

        assert world.get("clip.mp4").headers["x-cos-meta-watermark-colour"] == "red"


def test_metadata_invented_by_the_uploader_is_replaced() -> None:
    with deployed() as world:
        invented = {"x-cos-meta-watermark": "none", "x-cos-meta-watermark-seal": "s1." + "0" * 64}
        world.upload("clip.mp4", marked_video("Hello_1"), invented)

        world.cloud.settle()

        assert world.answer("clip.mp4") == ("found", "Hello_1")


HOSTILE = [
    "a\r\nx-cos-acl: public-read",
    "x-cos-meta-watermark-seal: s1.0",
    "10 kB: " + "k" * 10_000,
    "\u202egnp.exe\u2066",
    "{{constructor.constructor('x')()}} ${jndi:ldap://x}",
    "%0d%0a%2500 100%",
    "' OR 1=1 -- <script>&amp;",
    "水印 🎬",
    " leading and trailing ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_hostile_text_lands_only_percent_encoded_in_its_own_field(text: str) -> None:
    with deployed() as world:
        before = world.upload("clip.mp4", marked_video(text), {"content-type": "video/mp4"})

        world.cloud.settle()

        after = world.get("clip.mp4")
        new = {name: value for name, value in after.headers.items() if name not in before.headers}
        assert set(new) <= OURS
        assert all(value.isascii() and value.isprintable() and " " not in value for value in new.values())
        assert after.acl == before.acl
        if len(text) < 1000:
            assert world.answer("clip.mp4") == ("found", text)
        else:
            # It cannot fit into 2 KB: the result is kept, whole, in the claim, for an operator to see.
            assert new == {}
            assert [line["error"] for line in world.log if line.get("outcome") == "pending"] == ["MetadataFull"]
            assert len(world.claims) == 1


def test_a_video_encrypted_with_a_customers_key_is_skipped_by_name() -> None:
    key = b"k" * 32
    with deployed() as world:
        prefix = "x-cos-server-side-encryption-customer"
        headers = {
            f"{prefix}-algorithm": "AES256",
            f"{prefix}-key": base64.b64encode(key).decode(),
            f"{prefix}-key-md5": base64.b64encode(hashlib.md5(key, usedforsecurity=False).digest()).decode(),
        }
        world.upload("clip.mp4", marked_video("x"), headers)

        world.cloud.settle()

        assert [(line["outcome"], line["reason"]) for line in world.log] == [("skipped", "unreadable")]
        record = world.record("clip.mp4")
        assert (record.verdict, record.reason) == (Verdict.SKIPPED, Reason.UNREADABLE)
        assert world.jobs == []


def test_the_first_write_of_a_container_is_read_back_and_pauses_all_if_it_came_back_changed() -> None:
    # Given a COS that gives our metadata back in another spelling
    with deployed() as world:

        def respell(call: Call) -> None:
            if call.route.operation == "HeadObject" and world.writes:
                stored = world.get("clip.mp4")
                changed = {name: value.upper() for name, value in stored.headers.items()}
                world.cloud.cos.backend.bucket(BUCKET).swap(stored, replace(stored, headers=changed))
                world.cloud.watchers.remove(respell)

        world.cloud.watchers.append(respell)
        world.upload("clip.mp4", marked_video("Hello_1"), {"content-type": "video/mp4"})

        world.cloud.settle()

        (line,) = [line for line in world.log if line["event"] == "write"]
        assert line["level"] == "ERROR"
        assert "nothing is submitted until the ledger's object `paused` is removed" in line["message"]
        assert (line["bucket"], line["key"]) == (BUCKET, "clip.mp4")
        assert json.loads(world.kept("paused"))["why"] in line["message"]


def test_a_write_that_came_back_as_it_was_sent_is_silent() -> None:
    with deployed() as world:
        world.upload("clip.mp4", marked_video("Hello_1"))

        world.cloud.settle()

        assert [line for line in world.log if line["event"] == "write"] == []
        assert world.ledger("paused") == []
