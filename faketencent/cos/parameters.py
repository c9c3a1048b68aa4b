"""Query parameters that turn a request into another operation.

A request with one of them is never served as the plain operation on its object or bucket: `GET /a?live` must not
read `a`. Taken from the list of all operations: https://cloud.tencent.com/document/product/436/10111.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faketencent.wire import Request

#: Those that are documented, served here or not.
SUBRESOURCES = frozenset({
    "accelerate", "acl", "append", "ci-process", "cors", "delete", "domain", "domaincertificate", "encryption",
    "image_process", "imageInspect", "intelligent-tiering", "intelligenttiering", "inventory", "legal-hold",
    "lifecycle", "live", "location", "logging", "notification", "object-lock", "origin", "partNumber", "policy",
    "referer", "rename", "replication", "response-control", "restore", "retention", "select", "style", "symlink",
    "tagging", "uploadId", "uploads", "versioning", "versions", "vod", "website",
})  # fmt: skip
#: Parameters that may be empty and change nothing of what is asked.
_MAY_BE_EMPTY = frozenset({"position", "sign", "versionid"})
_HARMLESS = ("q-", "x-cos-")


def is_clear(request: Request) -> bool:
    """Whether a change is sure to be the one that its route means.

    COS ignores parameters that it does not know, and so does a fake that is read. But operations are named without a
    value; so a parameter that is sent without one, and is not known here, could be one: `DELETE /a?new` must not
    delete `a`.
    """
    return all(value or _is_known(name) for name, value in request.params.items())


def _is_known(name: str) -> bool:
    plain = name.lower()
    return name in SUBRESOURCES or plain in _MAY_BE_EMPTY or plain.startswith(_HARMLESS)
