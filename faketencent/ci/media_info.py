"""What a media file consists of: `GET /<key>?ci-process=videoinfo`, asked of COS and answered by CI.

https://www.tencentcloud.com/document/product/1045/72941. The page names no errors of its own. That of a bucket without
media processing is on the pages of the SDKs (https://www.tencentcloud.com/document/product/1045/47228), and 400 in the
samples of the one for PHP; those about the object are COS's for reading it. The rest is assumed: in which order these
are found, that all are written in COS's form, that no service role is needed to read what the caller may read, and
what is said of an object that is no video. An empty object is one of those.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from faketencent.ci import boxes, watermark
from faketencent.ci.exceptions import not_a_media_file
from faketencent.ci.xml import to_xml
from faketencent.cos.calls import named_bucket, named_object
from faketencent.cos.encryption import check_customer_key
from faketencent.cos.symlinks import check_target, followed
from faketencent.wire import Reply

if TYPE_CHECKING:
    from faketencent.ci.models import CiBackend
    from faketencent.ci.xml import Document
    from faketencent.cos.models import CosBackend
    from faketencent.cos.objects import StoredObject
    from faketencent.routes import Call


@dataclass(frozen=True)
class MediaInfo:
    """What the fake knows of a media file."""

    size: int
    seconds: float
    tracks: int = 0

    def document(self) -> Document:
        """What is inside `Response`, in the order of the page's sample.

        Of a stream the fake knows nothing; the page says that not all of its nodes are returned.
        """
        bits_a_second = int(self.size * 8 / self.seconds) if self.seconds else 0
        container = {
            "Bitrate": f"{bits_a_second / 1000:.6f}",
            "Duration": f"{self.seconds:.6f}",
            "FormatLongName": "QuickTime / MOV",
            "FormatName": "mov,mp4,m4a,3gp,3g2,mj2",
            "NumProgram": "0",
            "NumStream": str(self.tracks),
            "Size": str(self.size),
            "StartTime": "0.000000",
        }
        return {"MediaInfo": {"Format": container, "Stream": {"Audio": "", "Subtitle": "", "Video": ""}}}


class MediaInfoResponses:
    """The operation, on objects of `cos` in buckets that are bound in `ci`."""

    def __init__(self, ci: CiBackend, cos: CosBackend) -> None:
        self._ci = ci
        self._cos = cos

    def get_media_info(self, call: Call) -> Reply:
        """GET /<key>?ci-process=videoinfo."""
        named_bucket(self._cos, call)
        self._ci.bucket(call.bucket, call.region)
        info = self._measured(self._readable(call))
        headers = [("Content-Type", "application/xml"), ("Server", "tencent-ci")]
        return Reply(200, headers, to_xml("Response", info.document()))

    def _readable(self, call: Call) -> StoredObject:
        named = named_object(self._cos, call)
        stored = followed(self._cos, named)
        if stored is not named:
            check_target(call, stored, self._cos.appid)
        check_customer_key(stored.encryption, call.request.headers)
        stored.check_readable(self._cos.clock.now())
        return stored

    def _measured(self, stored: StoredObject) -> MediaInfo:
        said = self._ci.lengths.get((stored.bucket, stored.key))
        if said is not None:
            return MediaInfo(stored.size, said)
        seconds = boxes.seconds(stored.body) if watermark.is_mp4(stored.body) else None
        if seconds is None:
            raise not_a_media_file(stored.key)
        return MediaInfo(stored.size, seconds, boxes.tracks(stored.body))
