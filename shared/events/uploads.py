"""COS events: which objects were uploaded, and whether the event alone already says that there is nothing to do.

Shape: https://cloud.tencent.com/document/product/583/9707. Real events (2020, 2022) have the raw key, a percent-encoded
`url`, and further nodes. They also come inside the envelopes of CKafka and EventBridge.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from shared.documents import child, parse_json, text
from shared.domain.choice import why_unchecked
from shared.domain.objects import ObjectRef
from shared.domain.outcome import Reason
from shared.errors import MalformedError
from shared.events.envelopes import contents, encode, unpack, without_base64
from shared.events.kinds import describe, unexpected

if TYPE_CHECKING:
    from shared.settings import Settings

CREATED = "cos:ObjectCreated:"
#: An archived object can be read now. It has the date that it had, so it is the same upload that was skipped before.
RESTORED = "cos:ObjectRestore:Completed"
#: Times are no later, and sizes no larger.
_YEAR_9999 = 253402300799
# `bucket-appid.cos.region.myqcloud.com`, and hosts of before 2018 such as `bucket-appid.cosbj.myqcloud.com`,
# which only name a short code. The global `accelerate` is a way in, not a region.
_HOST = re.compile(r"[^.]+\.cos\.(?!accelerate\.)(?P<region>[a-z0-9-]+)\.(?:myqcloud\.com|tencentcos\.cn)")


class UploadEvent(NamedTuple):
    """One record of a COS event.

    Attributes:
        target: The object, under the likeliest spelling of its key.
        event_name: What happened, such as `cos:ObjectCreated:Put`.
        size: Its bytes; `None` where the event does not tell.
        time: When it happened, in seconds since 1970; 0 where the event does not tell.
        other_spelling: The object under the other spelling of its key, percent-encoded or decoded, to be tried once
            if there is no such object as `target`. `None` where there is no other spelling.
    """

    target: ObjectRef
    event_name: str
    size: int | None
    time: int = 0
    other_spelling: ObjectRef | None = None

    def skip_reason(self, settings: Settings) -> Reason | None:
        """Why there is nothing to do, as far as the event alone can tell, whichever spelling of the key is right."""
        if not self.event_name.startswith((CREATED, RESTORED)):
            return Reason.NOT_CREATED
        spellings = (self.target, self.other_spelling or self.target)
        reasons = [why_unchecked(spelling.key, self.size, settings) for spelling in spellings]
        return reasons[0] if all(reasons) else None


def read_uploads(event: object, default_region: str) -> list[UploadEvent | MalformedError]:
    """The records of a COS event, each read on its own, so that a bad one does not take the others with it.

    `default_region` is the function's own region (a COS trigger never crosses regions).

    Raises:
        MalformedError: this is no COS event at all.
    """
    if not any(contents(item) or _is_record(item) for item in (event if isinstance(event, list) else [event])):
        raise unexpected(event, "a COS event", "events/upload/put.json")
    return [_read_record(record, default_region) for record in unpack(event, _read_message)]


def decode_key(raw: str, url: str, appid: str, bucket_name: str) -> tuple[str, str | None]:
    """The object's key, decoded at most once, and its other spelling; the only place where that is done.

    `raw` is the event's `/appid/bucket/key`; how it is encoded is not documented, the `url` beside it is a URL.
    Where the two agree, with or without percent-encoding in `raw`, the URL tells; otherwise `raw` is taken as
    it stands. A `+` is a plus sign in both.
    """
    stripped = raw.removeprefix(f"/{appid}/{bucket_name}/")
    decoded = _decoded(stripped)
    if decoded in (None, stripped):
        return stripped, None
    in_url = _decoded(urlsplit(url).path.removeprefix("/"))
    return (decoded, stripped) if in_url == decoded else (stripped, decoded)


def _decoded(spelling: str) -> str | None:
    """The text without its percent-encoding; `None` where what it says is no UTF-8, and so no key."""
    try:
        return unquote(spelling, errors="strict")
    except UnicodeDecodeError:
        return None


def _is_record(value: object) -> bool:
    return isinstance(value, dict) and ("cos" in value or "event" in value)


def _read_message(message: str) -> object:
    """What a message says: JSON, perhaps in base64."""
    try:
        return parse_json(without_base64(encode(message)))
    except MalformedError as error:
        raise MalformedError(f"a message does not contain a COS event: {error}") from error


def _read_record(record: Any, default_region: str) -> UploadEvent | MalformedError:  # noqa: ANN401 - any JSON value
    if isinstance(record, MalformedError):
        return record
    if not _is_record(record):
        return MalformedError(f"a record of the event is {describe(record)}, not a COS record")
    appid: object = child(record, "cos", "cosBucket", "appid")
    told = {
        "cos.cosObject.key": text(record, "cos", "cosObject", "key"),
        "cos.cosBucket.name": text(record, "cos", "cosBucket", "name"),
        # A text in the documentation; a number would be no surprise.
        "cos.cosBucket.appid": str(appid) if isinstance(appid, str | int) else "",
    }
    name = child(record, "event", "eventName")
    missing = [place for place, value in told.items() if not _is_text(value)]
    missing += [] if isinstance(name, str) else ["event.eventName"]
    if missing:
        return MalformedError(f"a record of the COS event lacks {', '.join(missing)}, or has something else there")
    raw, bucket, account = told.values()
    url = text(record, "cos", "cosObject", "url")
    try:
        key, other = decode_key(raw, url, account, bucket)
        target = ObjectRef(_region(url, default_region), f"{bucket}-{account}", key)
    except ValueError:
        return MalformedError("a record of the COS event has a url that cannot be read")
    if not key:
        return MalformedError("a record of the COS event names no object")
    size, time = (_number(child(record, *place)) for place in (("cos", "cosObject", "size"), ("event", "eventTime")))
    return UploadEvent(target, str(name), size, time or 0, replace(target, key=other) if other else None)


def _is_text(value: str) -> bool:
    """Whether there is something, and all of it can be a key: half a surrogate pair cannot."""
    return value != "" and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _number(value: object) -> int | None:
    # What cannot be read is only a size or a time less: it must not stop an upload.
    try:
        number = int(value) if isinstance(value, int | float | str) else -1
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= _YEAR_9999 else None


def _region(url: str, default: str) -> str:
    found = _HOST.fullmatch(urlsplit(url).hostname or "")
    return found["region"] if found else default
