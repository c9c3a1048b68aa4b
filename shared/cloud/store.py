"""The ledger bucket, by name: everything of ours lies below `WATERMARK_LEDGER_PREFIX` in it.

Only our two roles and the operator write there, so nothing in it is signed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.domain.objects import ObjectRef
from shared.errors import GarbledReplyError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.cloud.cos import Cos, Listed, Versioning
    from shared.settings import Settings

_ONLY_NEW = {"x-cos-forbid-overwrite": "true"}


class Store:
    """Small objects by name, below the ledger's prefix. Every method raises only `CloudError` and what it names."""

    def __init__(self, cos: Cos, settings: Settings, region: str) -> None:
        self._cos = cos
        self._root = ObjectRef(region, settings.ledger_bucket, settings.ledger_prefix)

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return self._root.bucket

    def at(self, name: str) -> ObjectRef:
        """Where that name lies."""
        return replace(self._root, key=self._root.key + name)

    def read(self, name: str, etag: str = "") -> bytes:
        """What lies there.

        Raises:
            NotFoundError: nothing.
            ConflictError: it has another ETag than the one that was asked for.
        """
        try:
            return self._cos.read(self.at(name), {"If-Match": etag} if etag else None)
        except NotFoundError as error:
            if error.cause.code:
                raise
            # No word of COS itself: if it were believed, a pause or a known answer would be overlooked.
            raise GarbledReplyError(error.cause) from error

    def write(self, name: str, body: bytes) -> Listed:
        """Store it, whatever lies there."""
        return self._named(self._cos.write(self.at(name), body))

    def create(self, name: str, body: bytes) -> Listed:
        """Store it where nothing lies.

        That header has no effect in a bucket that ever kept versions
        (https://cloud.tencent.com/document/product/436/7749).

        Raises:
            ConflictError: something does.
        """
        return self._named(self._cos.write(self.at(name), body, _ONLY_NEW))

    def delete(self, name: str) -> None:
        """Remove it. Never repeated: by then the name may belong to another life."""
        self._cos.delete(self.at(name))

    def list(self, folder: str) -> Iterator[Listed]:
        """What lies in a folder, by name."""
        return map(self._named, self._cos.list(self.at(folder)))

    def first(self, folder: str, most: int) -> Iterator[Listed]:
        """The first names in a folder, a page at most: with 1,000 names."""
        return map(self._named, self._cos.first(self.at(folder), most))

    def versioning(self) -> Versioning:
        """Whether the bucket keeps versions: then nothing in it can be created by one alone."""
        return self._cos.versioning(self._root)

    def _named(self, listed: Listed) -> Listed:
        return listed._replace(key=listed.key.removeprefix(self._root.key))
