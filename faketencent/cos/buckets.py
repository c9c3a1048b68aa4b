"""One bucket: the versions of its objects, and its keys in order."""

from __future__ import annotations

import base64
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from faketencent.cos.acl import PRIVATE, Acl
from faketencent.cos.downloads import ForcedDownload
from faketencent.cos.objects import NULL_VERSION, StoredObject

if TYPE_CHECKING:
    from faketencent.cos.lifecycle import Rule as LifecycleRule
    from faketencent.cos.objects import Version
    from faketencent.cos.replication import Rule


class Versioning(Enum):
    """Whether overwritten objects are kept; once on, it can only be suspended."""

    NEVER = ""
    ENABLED = "Enabled"
    SUSPENDED = "Suspended"


@dataclass
class Bucket:
    """A bucket. `live` are the keys of its objects, `known` those with any version; both sorted.

    `forced_download`, and the rules of `replication` and `lifecycle`, may be changed at any time.
    """

    name: str
    region: str
    versioning: Versioning = Versioning.NEVER
    acl: Acl = PRIVATE
    forced_download: ForcedDownload = ForcedDownload.NEVER
    replication: list[Rule] = field(default_factory=list)
    lifecycle: tuple[LifecycleRule, ...] = ()
    created_at: float = 0.0
    live: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    _versions: dict[str, list[Version]] = field(default_factory=dict)

    def versions(self, key: str) -> list[Version]:
        """All versions of an object, the newest first."""
        return list(self._versions.get(key, ()))

    def newest(self, key: str) -> Version | None:
        """The version that a request without a version id means."""
        return next(iter(self._versions.get(key, ())), None)

    def version(self, key: str, version_id: str) -> Version | None:
        """One version."""
        return next((v for v in self._versions.get(key, ()) if v.version_id == version_id), None)

    def find(self, key: str, version_id: str | None) -> Version | None:
        """The version that a request means: the one it names, or the newest."""
        return self.version(key, version_id) if version_id else self.newest(key)

    def add(self, version: Version) -> None:
        """Put a version on top, in place of one with the same id."""
        others = [v for v in self.versions(version.key) if v.version_id != version.version_id]
        self._keep(version.key, [version, *others])

    def remove(self, version: Version) -> None:
        """Take a version away for good."""
        self._keep(version.key, [v for v in self.versions(version.key) if v is not version])

    def swap(self, old: Version, new: Version) -> None:
        """Put a changed version in the place of what it was."""
        self._keep(old.key, [new if v is old else v for v in self.versions(old.key)])

    def set_versioning(self, state: Versioning) -> None:
        """Switch versioning on or suspend it; what was there before becomes the null version."""
        if self.versioning is Versioning.NEVER:
            for key, versions in self._versions.items():
                self._versions[key] = [replace(v, version_id=NULL_VERSION) for v in versions]
        self.versioning = state

    def next_version_id(self, now: float, serial: int) -> str:
        """The id of the version that is written now; of two ids the greater is the older one."""
        if self.versioning is Versioning.NEVER:
            return ""
        if self.versioning is Versioning.SUSPENDED:
            return NULL_VERSION
        # The documentation's samples decode to 2^64 - 1 less the microseconds since 1970.
        number = 2**64 - 1 - int(now * 1_000_000) - serial
        return base64.b64encode(str(number).encode()).decode().rstrip("=")

    def _keep(self, key: str, versions: list[Version]) -> None:
        if versions:
            self._versions[key] = versions
        else:
            self._versions.pop(key, None)
        _mark(self.known, key, present=bool(versions))
        _mark(self.live, key, present=bool(versions) and isinstance(versions[0], StoredObject))


def _mark(keys: list[str], key: str, *, present: bool) -> None:
    at = bisect_left(keys, key)
    found = at < len(keys) and keys[at] == key
    if present and not found:
        keys.insert(at, key)
    elif found and not present:
        del keys[at]
