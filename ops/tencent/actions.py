"""Which right a call to COS or CI takes, by the names that CAM has for them.

COS: https://cloud.tencent.com/document/product/436/31923. CI: https://cloud.tencent.com/document/product/460/41741.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.cloud.transport import Service

if TYPE_CHECKING:
    from shared.cloud.transport import Call

_OBJECT = {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
_BUCKET = {"GET": "GetBucket", "HEAD": "HeadBucket"}
#: By method and what the path and the query begin with.
_JOBS = (
    (("GET", True, False), "DescribeMediaJob"),
    (("GET", False, False), "DescribeMediaJobs"),
    (("GET", False, True), "DescribeMediaJobs"),
    (("PUT", True, True), "CancelMediaJob"),
)


def action_of(call: Call) -> str:
    """The action, such as `cos:GetBucket`; empty for a call that no command for operators makes."""
    if call.service is Service.CI:
        head, _, job = call.path.partition("/")
        seen = (call.method, bool(job), bool(call.params))
        return next((f"ci:{action}" for known, action in _JOBS if head == "jobs" and known == seen), "")
    if "versioning" in call.params or "acl" in call.params:
        return ""
    action = (_OBJECT if call.path else _BUCKET).get(call.method)
    return f"cos:{action}" if action else ""
