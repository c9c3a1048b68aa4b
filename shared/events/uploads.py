"""COS events: which objects were uploaded, and whether the event alone already says that there is nothing to do.

Shape: https://cloud.tencent.com/document/product/583/9707.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.domain.objects import ObjectRef
from shared.domain.outcome import Reason
from shared.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.settings import Settings

CREATED = "cos:ObjectCreated:"
# `bucket-appid.cos.region.myqcloud.com`, and hosts of before 2018 such as `bucket-appid.cosbj.myqcloud.com`,
# which only name a short code. The global `accelerate` is a way in, not a region.
_HOST = re.compile(r"[^.]+\.cos\.(?!accelerate\.)(?P<region>[a-z0-9-]+)\.(?:myqcloud\.com|tencentcos\.cn)")


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _CosObject(_Node):
    url: str = ""
    # A length to check makes pydantic refuse what is no Unicode text, and so no key.
    key: str = Field(min_length=1)
    size: int | None = None


class _CosBucket(_Node):
    name: str = Field(min_length=1)
    # A string in the documentation; a number would be no surprise.
    appid: Annotated[str, Field(min_length=1, coerce_numbers_to_str=True)]


class _Cos(_Node):
    cos_object: _CosObject = Field(alias="cosObject")
    cos_bucket: _CosBucket = Field(alias="cosBucket")


class _Happening(_Node):
    name: str = Field(alias="eventName")


class _Record(_Node):
    cos: _Cos
    event: _Happening


@dataclass(frozen=True)
class Upload:
    """One record of an event; `size` is `None` where the event does not tell."""

    target: ObjectRef
    event_name: str
    size: int | None

    def skip_reason(self, settings: Settings) -> Reason | None:
        """Why there is nothing to do, as far as the event alone can tell."""
        key = self.target.key
        if not self.event_name.startswith(CREATED):
            return Reason.NOT_CREATED
        if key.endswith("/"):
            return Reason.FOLDER
        if self._is_claim(settings):
            return Reason.CLAIM
        if not key.lower().endswith(settings.suffixes):
            return Reason.NOT_A_VIDEO
        return Reason.EMPTY if self.size == 0 else None

    def _is_claim(self, settings: Settings) -> bool:
        bucket = self.target.bucket
        return bucket == settings.claims_bucket_of(bucket) and self.target.key.startswith(settings.claims_prefix)


def read_uploads(event: Mapping[str, Any], default_region: str) -> list[Upload | MalformedError]:
    """The records of a COS event, each read on its own, so that a bad one does not take the others with it.

    `default_region` is the function's own region (a COS trigger never crosses regions).

    Raises:
        MalformedError: this is no COS event at all.
    """
    records = event.get("Records")
    if not isinstance(records, list) or not records:
        raise MalformedError("not a COS event: it has no Records")
    return [_read_record(record, default_region) for record in records]


def decode_key(raw: str, url: str, appid: str, bucket_name: str) -> str:
    """The object's key, decoded exactly once; the only place where that is done.

    `raw` is the event's `/appid/bucket/key`; how it is encoded is not documented, the `url` beside it is a URL.
    Where the two agree, with or without percent-encoding in `raw`, the URL tells; otherwise `raw` is taken as
    it stands. A `+` is a plus sign in both.
    """
    stripped = raw.removeprefix(f"/{appid}/{bucket_name}/")
    from_url = unquote(urlsplit(url).path.removeprefix("/"))
    return from_url if from_url in (stripped, unquote(stripped)) else stripped


def _read_record(record: object, default_region: str) -> Upload | MalformedError:
    try:
        read = _Record.model_validate(record)
        cos = read.cos
        key = decode_key(cos.cos_object.key, cos.cos_object.url, cos.cos_bucket.appid, cos.cos_bucket.name)
        region = _region(cos.cos_object.url, default_region)
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in e["loc"]) for e in error.errors()[:3])
        return MalformedError(f"a record of the COS event lacks or garbles {places}")
    except ValueError as error:
        return MalformedError(f"a record of the COS event has a url that cannot be read ({error})")
    if not key:
        return MalformedError("a record of the COS event names no object")
    bucket = f"{cos.cos_bucket.name}-{cos.cos_bucket.appid}"
    return Upload(ObjectRef(region, bucket, key), read.event.name, cos.cos_object.size)


def _region(url: str, default: str) -> str:
    found = _HOST.fullmatch(urlsplit(url).hostname or "")
    return found["region"] if found else default
