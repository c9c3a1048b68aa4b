"""Claims in COS: `<prefix>/<digest>/<attempt>`, created with `x-cos-forbid-overwrite`, so that only one can win.

That header has no effect in a bucket that keeps versions (https://cloud.tencent.com/document/product/436/7749),
hence the check before the first claim.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

from shared.cloud.transport import Call, Service
from shared.documents import items, text
from shared.domain import claim as claims
from shared.domain.claim import Claim
from shared.errors import (
    Cause,
    CloudError,
    ConfigurationError,
    ConflictError,
    ForgedClaimError,
    GarbledReplyError,
    NotFoundError,
    RejectedError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shared.cloud.transport import Reply, Transport
    from shared.documents import Tree
    from shared.domain.objects import Content
    from shared.settings import Settings

_NAME = re.compile(r"(?P<digest>[0-9a-f]{64})/(?P<attempt>[0-9]{6})", re.ASCII)
_PAGE = "1000"
_ONLY_NEW = {"x-cos-forbid-overwrite": "true"}
#: Buckets found to keep no versions, remembered while the container lives.
_unversioned: set[str] = set()


def forget_checks() -> None:
    """Look at every bucket again, as a new container would."""
    _unversioned.clear()


@dataclass(frozen=True)
class Entry:
    """A claim as the listing shows it. Times are COS's, in seconds since 1970; `now` is when it was listed."""

    bucket: str
    key: str
    etag: str
    digest: str
    attempt: int
    modified: float
    now: float

    @property
    def age(self) -> float:
        """Seconds since the claim was last written."""
        return self.now - self.modified


class Claims:
    """The claims of one deployment. Every method raises only `CloudError` and what it names."""

    def __init__(self, transport: Transport, settings: Settings, region: str) -> None:
        self._transport = transport
        self._settings = settings
        self._region = region

    def create(self, claim: Claim) -> Claim:
        """Take an attempt, and get it back dated. What lies in its place and is not ours is removed.

        Raises:
            ConflictError: somebody has it already.
            ConfigurationError: the claims bucket keeps versions, so that nothing could be claimed safely.
        """
        bucket = self._bucket(claim.content)
        self._require_unversioned(bucket)
        try:
            reply = self._put(claim, _ONLY_NEW)
        except ConflictError:
            if not self._free(claim):
                raise
            reply = self._put(claim, _ONLY_NEW)
        return claim.dated(_date(reply))

    def remind(self, content: Content) -> None:
        """Have the content looked at again, once the work that is in flight on it is over."""
        self._put(Claim(content, ()), {})

    def update(self, claim: Claim) -> None:
        """Write down how far an attempt got."""
        self._put(claim, {})

    def read(self, entry: Entry) -> Claim | None:
        """The claim behind an entry, dated; `None` if it is gone by now, or another one has taken its name.

        Raises:
            ForgedClaimError: it is not one of ours.
        """
        try:
            claim = self._fetch(entry.bucket, entry.key, {"If-Match": entry.etag})
        except ConflictError:
            return None
        return claim.dated(entry.modified) if claim else None

    def newest(self, attempts: Sequence[Entry]) -> Claim | None:
        """The newest of these attempts that is there and ours."""
        for entry in reversed(attempts):
            with suppress(ForgedClaimError):
                return self.read(entry)
        return None

    def of(self, content: Content) -> list[Entry]:
        """The attempts on one content, the oldest first."""
        return list(self._list(self._bucket(content), self._folder(content), ""))

    def drop(self, attempts: Sequence[Entry]) -> None:
        """Remove attempts on one content, the first at last: it is the lock.

        They must have been listed before the object was looked at to see that the work is done. An attempt from after
        that look may be about a newer upload, and stays.
        """
        for entry in reversed(attempts):
            self._send("DELETE", entry.bucket, entry.key)

    def release(self, claim: Claim) -> None:
        """Remove an attempt that is ours."""
        self._send("DELETE", self._bucket(claim.content), self._name(claim))

    def all(self, bucket: str, start: str = "") -> Iterator[Entry]:
        """Every claim in a bucket. If one page does not hold them: from the digest `start` on, then those before it."""
        prefix = self._settings.claims_prefix
        entries, more = self._page(bucket, prefix, "")
        if not (more and start):
            yield from sorted(entries, key=lambda entry: entry.digest < start)
            yield from self._list(bucket, prefix, more) if more else ()
            return
        yield from self._list(bucket, prefix, prefix + start)
        for entry in self._list(bucket, prefix, ""):
            if entry.digest >= start:
                return
            yield entry

    def _list(self, bucket: str, prefix: str, marker: str) -> Iterator[Entry]:
        while True:
            entries, marker = self._page(bucket, prefix, marker)
            yield from entries
            if not marker:
                return

    def _page(self, bucket: str, prefix: str, marker: str) -> tuple[list[Entry], str]:
        params = {"prefix": prefix, "marker": marker, "max-keys": _PAGE, "encoding-type": "url"}
        reply = self._send("GET", bucket, "", params)
        listing = reply.document("ListBucketResult")
        if not isinstance(listing, dict):
            raise _garbled(reply, "an empty listing")
        now, nodes = _date(reply), items(listing.get("Contents"))
        try:
            entries = [entry for node in nodes if (entry := self._entry(bucket, node, now))]
        except ValueError as error:
            raise _garbled(reply, "a LastModified that is no time") from error
        more, marker = text(listing, "IsTruncated") == "true", unquote(text(listing, "NextMarker"))
        if more and not marker:
            raise _garbled(reply, "a listing that goes on, but does not say where")
        return entries, marker if more else ""

    def _entry(self, bucket: str, node: Tree, now: float) -> Entry | None:
        key = unquote(text(node, "Key"))
        found = _NAME.fullmatch(key.removeprefix(self._settings.claims_prefix))
        if not found:
            return None
        modified = datetime.fromisoformat(text(node, "LastModified").replace("Z", "+00:00")).timestamp()
        return Entry(bucket, key, text(node, "ETag"), found["digest"], int(found["attempt"]), modified, now)

    def _require_unversioned(self, bucket: str) -> None:
        if bucket in _unversioned:
            return
        document = self._send("GET", bucket, "", {"versioning": ""}).document("VersioningConfiguration")
        if text(document, "Status"):
            raise ConfigurationError(
                f"the claims bucket {bucket} keeps versions, where nothing can be claimed safely: set "
                "WATERMARK_CLAIMS_BUCKET to a bucket that never did"
            )
        _unversioned.add(bucket)

    def _fetch(self, bucket: str, key: str, headers: Mapping[str, str] | None = None) -> Claim | None:
        call = Call(Service.COS, "GET", self._region, bucket, key, headers=headers or {})
        try:
            first = self._transport.send(call)
            try:
                return self._decode(first.body, bucket, key)
            except ForgedClaimError:
                # A reply can be garbled on its way, and a claim of ours must never be taken for a stranger's.
                again = self._transport.send(call)
                if again.body == first.body:
                    raise
                return self._decode(again.body, bucket, key)
        except NotFoundError:
            return None
        except CloudError as error:
            if isinstance(error, RejectedError) or error.cause.code == "InvalidObjectState":
                raise ForgedClaimError("an object among the claims is too large, or archived, for a claim") from error
            raise

    def _decode(self, body: bytes, bucket: str, key: str) -> Claim:
        claim = claims.decode(body, self._settings.secrets)
        if (self._bucket(claim.content), self._name(claim)) != (bucket, key):
            raise ForgedClaimError("a claim was copied to where it does not belong")
        return claim

    def _free(self, claim: Claim) -> bool:
        # Whoever may write into the bucket could put something where our claim would be, to keep a video unchecked. Two
        # of us who remove it in the same moment may both get the place: such a video is paid for twice, not lost.
        bucket, name = self._bucket(claim.content), self._name(claim)
        try:
            return self._fetch(bucket, name) is None
        except ForgedClaimError:
            self._send("DELETE", bucket, name)
            return True

    def _put(self, claim: Claim, headers: Mapping[str, str]) -> Reply:
        name = self._name(claim)
        body = claims.encode(claim, self._settings.secrets)
        headers = {**headers, "Content-Type": "application/json"}
        call = Call(Service.COS, "PUT", self._region, self._bucket(claim.content), name, headers=headers, body=body)
        return self._transport.send(call)

    def _send(self, method: str, bucket: str, key: str, params: Mapping[str, str] | None = None) -> Reply:
        return self._transport.send(Call(Service.COS, method, self._region, bucket, key, params=params or {}))

    def _bucket(self, content: Content) -> str:
        return self._settings.claims_bucket_of(content.target.bucket)

    def _name(self, claim: Claim) -> str:
        return f"{self._folder(claim.content)}{claim.attempt:06d}"

    def _folder(self, content: Content) -> str:
        return f"{self._settings.claims_prefix}{content.digest}/"


def _date(reply: Reply) -> float:
    try:
        return parsedate_to_datetime(reply.headers.get("Date", "")).timestamp()
    except (TypeError, ValueError) as error:
        raise _garbled(reply, "it has no Date") from error


def _garbled(reply: Reply, message: str) -> GarbledReplyError:
    return GarbledReplyError(Cause(str(reply.call), reply.status, message=message))
