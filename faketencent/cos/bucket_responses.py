"""Operations on buckets: what they are, and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from faketencent.cos.acl import acl_document
from faketencent.cos.buckets import Versioning
from faketencent.cos.calls import named_bucket
from faketencent.cos.documents import document, element, parse
from faketencent.cos.exceptions import invalid_argument, malformed_xml
from faketencent.cos.listing import Group, Page, walk
from faketencent.cos.objects import StoredObject
from faketencent.cos.times import listed_date
from faketencent.wire import Reply, xml_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from faketencent.cos.buckets import Bucket
    from faketencent.cos.documents import Xml
    from faketencent.cos.models import CosBackend
    from faketencent.cos.objects import Version
    from faketencent.routes import Call

MOST_KEYS = 1000


class BucketResponses:
    """The operations on one bucket."""

    def __init__(self, backend: CosBackend) -> None:
        self.backend = backend

    def head_bucket(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7735."""
        return Reply(200, [_region(named_bucket(self.backend, call))])

    def get_location(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/8275."""
        region = named_bucket(self.backend, call).region
        return xml_reply(200, document(element("LocationConstraint", region)))

    def get_acl(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7733."""
        return xml_reply(200, acl_document(named_bucket(self.backend, call).acl, self.backend.owner_uin))

    def get_versioning(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/19888."""
        state = named_bucket(self.backend, call).versioning
        status = [] if state is Versioning.NEVER else [element("Status", state.value)]
        return xml_reply(200, document(element("VersioningConfiguration", *status)))

    def put_versioning(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/19889."""
        bucket = named_bucket(self.backend, call)
        status = parse(call.request.body, "VersioningConfiguration").findtext("Status")
        if status not in (Versioning.ENABLED.value, Versioning.SUSPENDED.value):
            raise malformed_xml("Status is Enabled or Suspended")
        bucket.set_versioning(Versioning(status))
        return Reply(200)

    def list_objects(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/7734."""
        bucket, params, encode = named_bucket(self.backend, call), call.request.params, _encoder(call)
        prefix, marker, delimiter = (params.get(name, "") for name in ("prefix", "marker", "delimiter"))
        limit = _limit(params.get("max-keys"))
        page = Page.of(walk(bucket.live, prefix, delimiter, marker), limit)
        following = [element("NextMarker", encode(_name(page.items[-1])))] if page.truncated else []
        result = element(
            "ListBucketResult",
            element("Name", bucket.name),
            *_encoding(call),
            element("Prefix", encode(prefix)),
            element("Marker", encode(marker)),
            element("MaxKeys", limit),
            *([element("Delimiter", encode(delimiter))] if delimiter else []),
            element("IsTruncated", _flag(page.truncated)),
            *following,
            *_groups(page.items, encode),
            *(self._listed(bucket, key, encode) for key in page.items if isinstance(key, str)),
        )
        return xml_reply(200, document(result), _region(bucket))

    def list_versions(self, call: Call) -> Reply:
        """https://cloud.tencent.com/document/product/436/35521."""
        bucket, params, encode = named_bucket(self.backend, call), call.request.params, _encoder(call)
        names = ("prefix", "delimiter", "key-marker", "version-id-marker")
        prefix, delimiter, key_marker, version_marker = (params.get(name, "") for name in names)
        limit = _limit(params.get("max-keys"))
        page = Page.of(_versions(bucket, prefix, delimiter, key_marker, version_marker), limit)
        result = element(
            "ListVersionsResult",
            *_encoding(call),
            element("Name", bucket.name),
            element("Prefix", encode(prefix)),
            element("KeyMarker", encode(key_marker)),
            element("VersionIdMarker", version_marker),
            element("MaxKeys", limit),
            element("IsTruncated", _flag(page.truncated)),
            *(_next_version(page.items[-1], encode) if page.truncated else []),
            *([element("Delimiter", encode(delimiter))] if delimiter else []),
            *_groups(page.items, encode),
            *(self._listed_version(bucket, v, encode) for v in page.items if not isinstance(v, Group)),
        )
        return xml_reply(200, document(result), _region(bucket))

    def _listed(self, bucket: Bucket, key: str, encode: Callable[[str], str]) -> Xml:
        stored = self.backend.get(bucket.name, key)
        return element("Contents", element("Key", encode(key)), *_facts(stored), self._owner(), *self._storage(stored))

    def _listed_version(self, bucket: Bucket, version: Version, encode: Callable[[str], str]) -> Xml:
        identity = (
            element("Key", encode(version.key)),
            element("VersionId", version.version_id),
            element("IsLatest", _flag(bucket.newest(version.key) is version)),
        )
        if isinstance(version, StoredObject):
            return element("Version", *identity, *_facts(version), *self._storage(version), self._owner())
        date = element("LastModified", listed_date(version.last_modified))
        return element("DeleteMarker", *identity, date, self._owner())

    def _owner(self) -> Xml:
        appid = self.backend.appid
        return element("Owner", element("ID", appid), element("DisplayName", appid))

    def _storage(self, stored: StoredObject) -> Iterator[Xml]:
        now = self.backend.clock.now()
        tier = stored.access_tier(now)
        yield element("StorageClass", stored.storage_class.value)
        if tier:
            yield element("StorageTier", tier.value)
        if stored.restoration and stored.archived(now):
            yield element("RestoreStatus", stored.restoration.state(now).value)


def _versions(
    bucket: Bucket, prefix: str, delimiter: str, key_marker: str, version_marker: str
) -> Iterator[Version | Group]:
    """All versions behind the markers; with a version marker, the key marker's own older versions first."""
    if version_marker:
        listed = bucket.versions(key_marker)
        ids = [version.version_id for version in listed]
        yield from listed[ids.index(version_marker) + 1 :] if version_marker in ids else []
    for item in walk(bucket.known, prefix, delimiter, key_marker):
        if isinstance(item, Group):
            yield item
        else:
            yield from bucket.versions(item)


def _next_version(last: Version | Group, encode: Callable[[str], str]) -> list[Xml]:
    if isinstance(last, Group):
        return [element("NextKeyMarker", encode(last.prefix)), element("NextVersionIdMarker")]
    return [
        element("NextKeyMarker", encode(last.key)),
        element("NextVersionIdMarker", last.version_id),
    ]


def _facts(stored: StoredObject) -> tuple[Xml, Xml, Xml]:
    return (
        element("LastModified", listed_date(stored.last_modified)),
        element("ETag", stored.etag),
        element("Size", stored.size),
    )


def _groups(items: Iterable[object], encode: Callable[[str], str]) -> list[Xml]:
    groups = (item for item in items if isinstance(item, Group))
    return [element("CommonPrefixes", element("Prefix", encode(group.prefix))) for group in groups]


def _name(item: str | Group) -> str:
    return item.prefix if isinstance(item, Group) else item


def _encoder(call: Call) -> Callable[[str], str]:
    wanted = call.request.params.get("encoding-type")
    if wanted not in (None, "", "url"):
        raise invalid_argument("encoding-type can only be url")
    return (lambda text: quote(text, safe="/-_.~")) if wanted else (lambda text: text)


def _encoding(call: Call) -> list[Xml]:
    return [element("EncodingType", "url")] if call.request.params.get("encoding-type") else []


def _limit(text: str | None) -> int:
    if not text:
        return MOST_KEYS
    if not text.isdecimal():
        raise invalid_argument(f"max-keys must be a number, not {text!r}")
    return min(int(text), MOST_KEYS)


def _flag(value: object) -> str:
    return "true" if value else "false"


def _region(bucket: Bucket) -> tuple[str, str]:
    return "x-cos-bucket-region", bucket.region
