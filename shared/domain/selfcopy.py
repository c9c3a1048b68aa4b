"""A self-copy that changes metadata and nothing else: which headers the request must carry.

COS has no other way to change metadata, and a copy with `x-cos-metadata-directive: Replaced` forgets all that it
is not told again: content headers, metadata, storage class, ACL and encryption
(https://cloud.tencent.com/document/product/436/10881). Tags have a directive of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from shared.documents import child, items, text
from shared.errors import UnwritableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.documents import Tree
    from shared.domain.head import Head
    from shared.domain.objects import ObjectRef

_KEPT = (
    "content-type",
    "cache-control",
    "content-encoding",
    "content-language",
    "expires",
    "x-cos-storage-class",
    "x-cos-server-side-encryption",
    "x-cos-server-side-encryption-cos-kms-key-id",
    "x-cos-server-side-encryption-context",
    "x-cos-website-redirect-location",
)
_CANNED = {
    ("qcs::cam::anyone:anyone", "READ"): "public-read",
    ("http://cam.qcloud.com/groups/global/AllUsers", "READ"): "public-read",
    ("http://cam.qcloud.com/groups/global/AuthenticatedUsers", "READ"): "authenticated-read",
}
_GRANT_HEADERS = {
    "READ": "x-cos-grant-read",
    "READ_ACP": "x-cos-grant-read-acp",
    "WRITE_ACP": "x-cos-grant-write-acp",
    "FULL_CONTROL": "x-cos-grant-full-control",
}


def copy_headers(head: Head, acl: Mapping[str, str], metadata: Mapping[str, str]) -> dict[str, str]:
    """The headers of the copy: `metadata` is all custom metadata to have afterwards, `acl` is from `acl_headers`.

    The copy takes place only while the object is still the one that `head` saw. Its ETag alone would not notice that
    somebody else changed metadata meanwhile, its modification time alone has a resolution of one second.
    """
    return {
        **{name: head.headers[name] for name in (*_KEPT, *_disposition(head)) if name in head.headers},
        **acl,
        **metadata,
        "x-cos-copy-source": copy_source(head.upload.target),
        "x-cos-metadata-directive": "Replaced",
        "x-cos-tagging-directive": "Copy",
        "x-cos-copy-source-If-Match": head.headers.get("etag", ""),
        "x-cos-copy-source-If-Unmodified-Since": head.headers.get("last-modified", ""),
    }


def _disposition(head: Head) -> tuple[str, ...]:
    # Where COS forces downloads, the header may be its own and not the object's: it is not made the object's by us.
    return () if "x-cos-force-download" in head.headers else ("content-disposition",)


def copy_source(target: ObjectRef) -> str:
    """The object as a copy's source. Never a version: copying an old one back would undo a newer upload."""
    return f"{target.bucket}.cos.{target.region}.myqcloud.com/{quote(target.key, safe='/')}"


def acl_headers(target: ObjectRef, header: str, policy: Tree) -> dict[str, str]:
    """An object's ACL as request headers; `header` is `x-cos-acl` of the reply to GET ?acl, `policy` its document.

    An object that follows its bucket answers `default`, and a new one does so by itself.

    Raises:
        UnwritableError: the ACL is unreadable, or has a grant that no request header can express.
    """
    if header == "default":
        return {}
    if not isinstance(policy, dict):
        raise UnwritableError(f"{target} has an ACL that cannot be read, so a copy could not keep it")
    owner = text(policy, "Owner", "ID")
    granted: dict[str, list[str]] = {}
    canned = set()
    for grant in items(child(policy, "AccessControlList", "Grant")):
        identity, group = text(grant, "Grantee", "ID"), text(grant, "Grantee", "URI")
        permission = text(grant, "Permission")
        if (group or identity, permission) in _CANNED:
            canned.add(_CANNED[group or identity, permission])
        elif identity and permission in _GRANT_HEADERS:
            if identity != owner:
                granted.setdefault(_GRANT_HEADERS[permission], []).append(f'id="{identity}"')
        else:
            raise UnwritableError(f"{target} grants {permission} to {identity or group}, which a copy cannot keep")
    if len(canned) > 1:
        raise UnwritableError(f"{target} grants reading to two groups, which a copy cannot keep")
    grants = {name: ",".join(ids) for name, ids in granted.items()}
    name = canned.pop() if canned else "" if grants else "private"
    return ({"x-cos-acl": name} if name else {}) | grants
