"""How long a video is, as Cloud Infinite tells: https://www.tencentcloud.com/document/product/1045/72941."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.cloud.transport import Call, Repeat, Service
from shared.documents import text
from shared.errors import Cause, GarbledReplyError

if TYPE_CHECKING:
    from ops.tencent.calls import PersonalTransport
    from shared.cloud.transport import Reply
    from shared.domain.objects import ObjectRef

#: Seconds. CI looks into the file first, whose index may be at its end.
_PATIENCE = 30
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class VideoInfo:
    """Videos in buckets with media processing. Asking takes the right to read them, and each call is paid for."""

    transport: PersonalTransport

    def seconds(self, target: ObjectRef) -> float:
        """How long the video is. Never asked twice: what a lost reply was about may be on the bill already.

        Raises:
            GarbledReplyError: the reply says no length, or one that cannot be.
            CloudError: CI or COS does not say: no such object, archived, no video, no rights, no media processing.
        """
        asked = Call(
            Service.COS,
            "GET",
            target.region,
            target.bucket,
            target.key,
            params={"ci-process": "videoinfo"},
            repeat=Repeat.NEVER,
            patience=_PATIENCE,
        )
        return _duration(self.transport.send(asked))


def _duration(reply: Reply) -> float:
    said = text(reply.document("Response"), "MediaInfo", "Format", "Duration").strip()
    seconds = float(said) if _SECONDS.fullmatch(said) else math.nan
    if not math.isfinite(seconds):
        request_id = reply.headers.get("x-cos-request-id") or reply.headers.get("x-ci-request-id") or ""
        cause = Cause(
            str(reply.call), reply.status, message="the reply has no length in seconds", request_id=request_id
        )
        raise GarbledReplyError(cause)
    return seconds
