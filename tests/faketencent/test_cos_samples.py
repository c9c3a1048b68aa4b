"""Every sample of the documentation: the request is replayed, the reply must be the documented one.

The samples lie in `samples/`, one file per operation, with the address of the page on top.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
import requests
from defusedxml.ElementTree import fromstring

from faketencent.clock import Clock
from faketencent.cloud import FakeCloud
from faketencent.cos.acl import ALL_USERS, Acl, Grant, Permission, user_id
from faketencent.cos.buckets import Versioning
from faketencent.cos.models import Cause
from faketencent.cos.objects import Properties
from faketencent.cos.storage import Restoration, Tier
from faketencent.in_process import in_process
from tests.faketencent.cos_samples import Sample, assert_same, matches, read_samples
from tests.faketencent.sdk import signed

if TYPE_CHECKING:
    from collections.abc import Callable

    from faketencent.cos import CosBackend

#: Says the same on every Python.
pytestmark = pytest.mark.once

BUCKET, KEY = "examplebucket-1250000000", "exampleobject"
SOURCE, TARGET = "sourcebucket-1250000001", "destinationbucket-1250000000"
# Length, ETag and CRC64 on the pages show that these are, letter for letter, the contents used there.
CONTENT, CONTENT_2, PART = b"[Object Content]", b"[Object Content Version 2]", b"[Object Part]"
JPEG = {"content-type": "image/jpeg"}
SSE_COS = {**JPEG, "x-cos-server-side-encryption": "AES256"}
SSE_KMS = {
    **JPEG,
    "x-cos-server-side-encryption": "cos/kms",
    "x-cos-server-side-encryption-cos-kms-key-id": "48ba38aa-26c5-11ea-855c-52540085****",
}
SSE_C = {
    **JPEG,
    "x-cos-server-side-encryption-customer-algorithm": "AES256",
    "x-cos-server-side-encryption-customer-key": "MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=",
    "x-cos-server-side-encryption-customer-key-md5": "U5L61r7jcwdNvT7frmUG8g==",
}


def an_object(headers: dict[str, str] = JPEG) -> Callable[[CosBackend], object]:
    return lambda cos: cos.put(BUCKET, KEY, CONTENT, headers)


def a_source(content: bytes = CONTENT, headers: dict[str, str] = JPEG) -> Callable[[CosBackend], object]:
    keys = ("example-腾讯云.jpg", "example.jpg")
    return lambda cos: [cos.put(SOURCE, key, content, headers) for key in keys]


def enable_versioning(cos: CosBackend) -> None:
    cos.bucket(BUCKET).set_versioning(Versioning.ENABLED)


def suspend_versioning(cos: CosBackend) -> None:
    enable_versioning(cos)
    cos.bucket(BUCKET).set_versioning(Versioning.SUSPENDED)


def two_versions(cos: CosBackend) -> None:
    enable_versioning(cos)
    cos.put(BUCKET, KEY, CONTENT, JPEG)
    cos.put(BUCKET, KEY, CONTENT_2, JPEG)


def deleted(cos: CosBackend) -> None:
    two_versions(cos)
    cos.delete(BUCKET, KEY)


def archived(cos: CosBackend) -> None:
    cos.put(BUCKET, KEY, CONTENT, {**JPEG, "x-cos-storage-class": "ARCHIVE"})


def being_restored(cos: CosBackend) -> None:
    stored = cos.put(BUCKET, KEY, b"13 characters", {**JPEG, "x-cos-storage-class": "ARCHIVE"})
    cos.clock.advance(6)
    cos.restore(stored, Tier.EXPEDITED, 1, Cause("Post"))


def restored(cos: CosBackend) -> None:
    archived(cos)
    now = cos.clock.now()
    until = parsedate_to_datetime("Mon, 13 Apr 2020 16:00:00 GMT").timestamp()
    cos.change(cos.get(BUCKET, KEY), restoration=Restoration(Tier.EXPEDITED, now, now, until))


def a_versioned_target(cos: CosBackend) -> None:
    cos.bucket(TARGET).set_versioning(Versioning.ENABLED)
    a_source(CONTENT_2)(cos)


def a_versioned_source(cos: CosBackend) -> None:
    cos.bucket(SOURCE).set_versioning(Versioning.ENABLED)
    a_source()(cos)


def granted(cos: CosBackend) -> None:
    grants = (Grant(ALL_USERS, Permission.READ), Grant(user_id("100000000002"), Permission.READ_ACP))
    cos.change(cos.put(BUCKET, KEY, CONTENT), acl=Acl(grants))


def a_text(tags: str = "") -> Callable[[CosBackend], object]:
    return lambda cos: cos.put(BUCKET, "exampleobject.txt", b"", {"x-cos-tagging": tags})


def keys(*names: str, no_2: str = "STANDARD") -> Callable[[CosBackend], object]:
    """Objects that hold their own keys, those called number 2 in another storage class."""
    classes = {name: no_2 if name.endswith("2.jpg") else "STANDARD" for name in names}
    return lambda cos: [
        cos.put(BUCKET, name, name.encode(), {"x-cos-storage-class": kept}) for name, kept in classes.items()
    ]


def in_other_scripts(cos: CosBackend) -> None:
    for key in ("Tencent Cloud.jpg", "照片/2020年/IMG0001.jpg", "腾讯云.jpg"):
        cos.put(BUCKET, key, CONTENT)


def folders(*inside: str) -> list[str]:
    return [f"example-folder-{n}/{key}" for n in (1, 2, 3, 4) for key in inside]


def numbered(*numbers: int) -> list[str]:
    return [f"example-object-{n}.jpg" for n in numbers]


def at(cos: CosBackend, time_of_day: str) -> None:
    moment = parsedate_to_datetime(f"Thu, 10 Dec 2020 {time_of_day} GMT").timestamp()
    cos.clock.advance(moment - cos.clock.now())


def never_versioned(cos: CosBackend) -> None:
    """The story that the page on listing versions tells, part one."""
    at(cos, "03:35:24")
    cos.put(BUCKET, "example-object-1.jpg", b"example-object-1.jpg")
    cos.put(BUCKET, "example-object-2.jpg", bytes(23), {"x-cos-storage-class": "INTELLIGENT_TIERING"})


def versioned_since(cos: CosBackend) -> None:
    """Part two."""
    never_versioned(cos)
    enable_versioning(cos)
    at(cos, "03:35:44")
    cos.put(BUCKET, "example-object-2.jpg", bytes(23), {"x-cos-storage-class": "STANDARD_IA"})
    cos.put(BUCKET, "example-object-3.jpg", b"example-object-3.jpg")
    at(cos, "03:35:54")
    cos.delete(BUCKET, "example-object-3.jpg")


def suspended_since(cos: CosBackend) -> None:
    """Part three."""
    versioned_since(cos)
    cos.bucket(BUCKET).set_versioning(Versioning.SUSPENDED)
    at(cos, "03:36:15")
    cos.put(BUCKET, "example-object-2.jpg", bytes(23))
    cos.put(BUCKET, "example-object-3.jpg", b"example-object-3.jpg")


def an_upload(*parts: bytes, headers: dict[str, str] = JPEG) -> Callable[[CosBackend], None]:
    def start(cos: CosBackend) -> None:
        now = cos.clock.now()
        upload = cos.uploads.start(BUCKET, KEY, Properties.from_headers(headers), now)
        for number, part in enumerate(parts, start=1):
            upload.add(number, part, now)

    return start


#: What there is beforehand; where nothing is said, one plain object.
GIVEN: dict[str, Callable[[CosBackend], object]] = {
    "put_object: versioning enabled": enable_versioning,
    "put_object: versioning suspended": suspend_versioning,
    "head_object: SSE-COS": an_object(headers=SSE_COS),
    "head_object: SSE-KMS": an_object(headers=SSE_KMS),
    "head_object: SSE-C": an_object(headers=SSE_C),
    "head_object: latest version": two_versions,
    "head_object: a named version": two_versions,
    "head_object: being restored": being_restored,
    "head_object: restored": restored,
    "get_object: SSE-COS": an_object(headers=SSE_COS),
    "get_object: SSE-KMS": an_object(headers=SSE_KMS),
    "copy_object: simple": a_source(),
    "copy_object: replacing metadata": a_source(),
    "copy_object: to SSE-COS": a_source(),
    "copy_object: to SSE-KMS": a_source(),
    "copy_object: from SSE-C to another key": a_source(headers=SSE_C),
    "copy_object: onto itself, from SSE-C to no encryption": an_object(headers=SSE_C),
    "copy_object: into a versioned bucket": a_versioned_target,
    "copy_object: from a named version": a_versioned_source,
    "delete_object: versioned": two_versions,
    "delete_object: a version, for good": two_versions,
    "delete_object: a delete marker, for good": deleted,
    "bucket_versioning: enabled": enable_versioning,
    "bucket_versioning: suspended": suspend_versioning,
    "restore_object: simple": archived,
    "object_acl: public read, and one more user": granted,
    "object_tagging: put": a_text(),
    "object_tagging: get": a_text("age=18&name=xiaoming"),
    "list_objects: encoded keys": in_other_scripts,
    "list_objects: folders in the root": keys(*numbered(1, 2), *folders("a")[:2], no_2="STANDARD_IA"),
    "list_objects: folders in a folder": keys(
        *folders(*numbered(1, 2), "sub-folder-1/a", "sub-folder-2/a"), no_2="INTELLIGENT_TIERING"
    ),
    "list_objects: first page": keys(*numbered(1, 2, 3, 4, 5)),
    "list_objects: second page": keys(*numbered(1, 2, 3, 4, 5)),
    "list_objects: first page of folders": keys(*folders("a"), *numbered(1)),
    "list_objects: second page of folders": keys(*folders("a", "b"), *numbered(1, 2)),
    "list_versions: versioning never enabled": never_versioned,
    "list_versions: versioning enabled since": versioned_since,
    "list_versions: versioning suspended since": suspended_since,
    "multipart: complete": an_upload(PART, headers=SSE_COS),
    "multipart: list parts": an_upload(bytes(1048576), bytes(1048576)),
}


@pytest.mark.parametrize("sample", read_samples(), ids=lambda sample: sample.name)
def test_the_documented_request_gets_the_documented_reply(sample: Sample) -> None:
    # given
    cloud = FakeCloud(Clock(sample.stored_at))
    cos = cloud.cos.backend
    for bucket, region in ((BUCKET, "ap-beijing"), (TARGET, "ap-beijing"), (SOURCE, "ap-shanghai")):
        cos.create_bucket(bucket, region)
    GIVEN.get(sample.name, an_object())(cos)
    cos.clock.advance(sample.sent_at - cos.clock.now())

    # when
    reply = replay(sample, cloud)

    # then
    assert reply.status_code == sample.status
    for name, documented in sample.reply_headers.items():
        assert matches(reply.headers.get(name, ""), documented), f"{name}: {reply.headers.get(name)}"
    if documented_xml := sample.reply_body.startswith(b"<"):
        assert_same(fromstring(reply.content), fromstring(sample.reply_body))
    assert documented_xml or reply.content == sample.reply_body


def replay(sample: Sample, cloud: FakeCloud) -> requests.Response:
    path, _, query = with_ids(sample.target, cloud.cos.backend).partition("?")
    params = dict(parse_qsl(query, keep_blank_values=True))
    with in_process(cloud):
        return requests.request(
            sample.method,
            f"https://{sample.headers['Host']}{path}",
            params=params,
            headers={name: with_ids(value, cloud.cos.backend) for name, value in sample.headers.items()},
            data=sample.body,
            auth=signed(cloud.cam.account, path, params),
            timeout=1,
        )


def with_ids(text: str, cos: CosBackend) -> str:
    """The text with the ids in it that only this run knows."""
    versions = cos.bucket(BUCKET).versions(KEY) or cos.bucket(SOURCE).versions("example.jpg")
    for version, name in ((versions[:1], "{newest}"), (versions[-1:], "{oldest}")):
        text = text.replace(name, "".join(v.version_id for v in version))
    return text.replace("{upload}", "".join(u.upload_id for u in cos.uploads.of_bucket(BUCKET)))
