"""Objects that are put together of parts: https://cloud.tencent.com/document/product/436/14112."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ops.probe.seen import settled, tree
from shared.cloud.transport import COPY_TIMEOUT
from shared.documents import text
from shared.domain.selfcopy import copy_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ops.probe.seen import Calls
    from shared.domain.objects import ObjectRef

_AT_ONCE = 8


def joined(calls: Calls, key: str, parts: Sequence[bytes | ObjectRef], headers: Mapping[str, str]) -> None:
    """Make an object of bytes and of whole objects. Raises NotSeenError, CloudError."""
    begun = settled(calls.cos("POST", key, params={"uploads": ""}, headers=headers), "beginning an upload in parts")
    upload = text(tree(begun, "InitiateMultipartUploadResult"), "UploadId")

    def send(number: int) -> str:
        part = parts[number - 1]
        params = {"partNumber": str(number), "uploadId": upload}
        if isinstance(part, bytes):
            return settled(calls.cos("PUT", key, params=params, body=part, patience=120), "a part").headers["ETag"]
        copied = {"x-cos-copy-source": copy_source(part)}
        reply = settled(calls.cos("PUT", key, params=params, headers=copied, patience=COPY_TIMEOUT), "copying a part")
        return text(tree(reply, "CopyPartResult"), "ETag")

    numbers = range(1, len(parts) + 1)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        tags = list(pool.map(send, numbers))
    listed = "".join(
        f"<Part><PartNumber>{n}</PartNumber><ETag>{t}</ETag></Part>" for n, t in zip(numbers, tags, strict=True)
    )
    body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
    done = calls.cos("POST", key, params={"uploadId": upload}, body=body, patience=COPY_TIMEOUT)
    settled(done, "joining the parts")
