"""Questions about copies of an object onto itself."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING

from ops.probe.multipart import joined
from ops.probe.questions import Question, judged
from ops.probe.seen import settled, tree
from shared.cloud.transport import COPY_TIMEOUT
from shared.documents import child, items, text
from shared.domain.selfcopy import acl_headers, copy_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.probe.questions import Answer
    from ops.probe.seen import Calls, Seen
    from ops.probe.stage import Stage

_HERE = "shared/domain/selfcopy.py"
_IF_MATCH, _IF_UNMODIFIED = "x-cos-copy-source-If-Match", "x-cos-copy-source-If-Unmodified-Since"
_CLASS, _ENCRYPTION = "x-cos-storage-class", "x-cos-server-side-encryption"
_BODY = b"Some bytes of the probe.\n" * 8
#: A part of a multipart upload has 1 MB at least, but for the last one.
_PART = 1024 * 1024


@dataclass(frozen=True)
class Large:
    """How an object of more than 5 GB comes about, by copies alone: bytes, and how often each is joined to itself."""

    seed: int = _PART
    times: tuple[int, ...] = (100, 60)


#: Tests have a smaller one.
LARGE = Large()


def onto_itself(calls: Calls, key: str, headers: Mapping[str, str]) -> Seen:
    """The reply to a copy that replaces the metadata; of the rest only what the headers say is kept."""
    told = {"x-cos-copy-source": copy_source(calls.target(key)), "x-cos-metadata-directive": "Replaced"}
    return calls.cos("PUT", key, headers={**told, **headers}, patience=COPY_TIMEOUT)


def _upload(stage: Stage, key: str, headers: Mapping[str, str]) -> None:
    settled(
        stage.calls.cos("PUT", key, headers=headers, body=_BODY), f"uploading with {', '.join(headers) or 'nothing'}"
    )


def _both_conditions(stage: Stage) -> Answer:
    key = "copies/conditions"
    _upload(stage, key, {})
    head = stage.calls.head(key)
    etag, date = head["ETag"], head["Last-Modified"]
    earlier = formatdate(parsedate_to_datetime(date).timestamp() - 3600, usegmt=True)
    later = onto_itself(stage.calls, key, {_IF_MATCH: etag, _IF_UNMODIFIED: earlier})
    other = onto_itself(stage.calls, key, {_IF_MATCH: f'"{"0" * 32}"', _IF_UNMODIFIED: date})
    # The first of the copies may have taken place.
    date = stage.calls.head(key)["Last-Modified"]
    both = onto_itself(stage.calls, key, {_IF_MATCH: etag, _IF_UNMODIFIED: date})
    told = f"only the ETag holds: {later}; only the date: {other}; both: {both}"
    return judged(later.status == other.status == 412 and both.ok, told)


def _checksums(kind: str, headers: Mapping[str, str], stage: Stage) -> Answer:
    key = f"copies/{kind}"
    if kind == "multipart":
        joined(stage.calls, key, [b"a" * _PART, _BODY], headers)
    else:
        _upload(stage, key, headers)
    before = stage.calls.head(key)
    settled(onto_itself(stage.calls, key, {**headers, "x-cos-meta-probe": "1"}), "copying")
    after = stage.calls.head(key)
    crc = before["x-cos-hash-crc64ecma"] == after["x-cos-hash-crc64ecma"]
    etag = before["ETag"] == after["ETag"]
    kept = all(after.get(name) == value for name, value in headers.items())
    tier = after.get("x-cos-storage-tier", "")
    told = [
        f"CRC-64 {'the same' if crc else 'another one'}",
        f"ETag {before['ETag']} → {after['ETag']}",
        *(f"{name} {after.get(name, 'gone')}" for name in headers),
        *([f"tier {tier}"] if tier else []),
    ]
    # With a key of KMS the pages show another ETag; nobody here relies on it.
    return judged(crc and kept and (etag or _ENCRYPTION in headers), ", ".join(told))


def _acl_with_grants(stage: Stage) -> Answer:
    key, uin = "copies/acl", stage.account.uin
    _upload(stage, key, {})
    granted = {"x-cos-acl": "authenticated-read", "x-cos-grant-read-acp": f'id="qcs::cam::uin/{uin}:uin/{uin}"'}
    copied = onto_itself(stage.calls, key, granted)
    if not copied.ok:
        return judged(holds=False, evidence=f"refused: {copied}")
    seen = settled(stage.calls.cos("GET", key, params={"acl": ""}), "reading the ACL")
    policy = tree(seen, "AccessControlPolicy")
    grants = items(child(policy, "AccessControlList", "Grant"))
    shown = [f"{text(g, 'Permission')} to {text(g, 'Grantee', 'URI') or text(g, 'Grantee', 'ID')}" for g in grants]
    again = acl_headers(stage.calls.target(key), seen.headers.get("x-cos-acl", ""), policy)
    told = f"taken; the ACL then: {'; '.join(shown) or 'empty'}; x-cos-acl: {seen.headers.get('x-cos-acl', '')}"
    return judged(again.get("x-cos-acl") == "authenticated-read", told)


def _large(stage: Stage) -> Answer:
    key = "copies/large"
    joined(stage.calls, key, [b"\0" * LARGE.seed], {})
    for times in LARGE.times:
        joined(stage.calls, key, [stage.calls.target(key)] * times, {})
    before = stage.calls.head(key)
    copied = onto_itself(stage.calls, key, {"x-cos-meta-probe": "1"})
    after = stage.calls.head(key)
    told = f"{before['Content-Length']} bytes: {copied}; ETag {before['ETag']} → {after['ETag']}"
    kept = before["x-cos-hash-crc64ecma"] == after["x-cos-hash-crc64ecma"]
    return judged(copied.ok and kept, f"{told}; CRC-64 {'the same' if kept else 'another one'}")


def _of_checksums(kind: str, what: str, headers: Mapping[str, str]) -> Question:
    assumed = "CRC-64 and class stay" if _ENCRYPTION in headers else "CRC-64, ETag and class stay"
    asks = f"Do the checksums change when {what} is copied onto itself?"
    return Question(f"copy-{kind}", asks, assumed, _HERE, partial(_checksums, kind, headers))


QUESTIONS = (
    Question(
        "copy-both-conditions",
        "Must both hold, If-Match and If-Unmodified-Since?",
        "both: else 412",
        _HERE,
        _both_conditions,
    ),
    _of_checksums("simple", "an object that was uploaded in one piece", {}),
    _of_checksums("multipart", "an object that was uploaded in parts", {}),
    _of_checksums("sse", "an object that is encrypted with COS's key", {_ENCRYPTION: "AES256"}),
    _of_checksums("kms", "an object that is encrypted by KMS", {_ENCRYPTION: "cos/kms"}),
    _of_checksums("tiering", "an object of INTELLIGENT_TIERING", {_CLASS: "INTELLIGENT_TIERING"}),
    Question(
        "copy-acl",
        "Can an ACL's name and grants be sent together?",
        "both apply",
        _HERE,
        _acl_with_grants,
    ),
    Question(
        "copy-large",
        "Does one PUT copy an object of more than 5 GB onto itself?",
        "yes; CRC-64 stays",
        _HERE,
        _large,
    ),
)
