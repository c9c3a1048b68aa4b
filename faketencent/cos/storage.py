"""Storage classes, and how archived objects are restored.

Classes: https://cloud.tencent.com/document/product/436/33417; restoring:
https://cloud.tencent.com/document/product/436/12633.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from faketencent.cos.exceptions import invalid_argument
from faketencent.cos.times import http_date
from faketencent.errors import ServiceError

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0


class StorageClass(Enum):
    """How an object is kept."""

    STANDARD = "STANDARD"
    STANDARD_IA = "STANDARD_IA"
    INTELLIGENT_TIERING = "INTELLIGENT_TIERING"
    ARCHIVE = "ARCHIVE"
    DEEP_ARCHIVE = "DEEP_ARCHIVE"
    MAZ_STANDARD = "MAZ_STANDARD"
    MAZ_STANDARD_IA = "MAZ_STANDARD_IA"
    MAZ_INTELLIGENT_TIERING = "MAZ_INTELLIGENT_TIERING"

    @classmethod
    def named(cls, name: str) -> StorageClass:
        """The class of that name.

        Raises:
            ServiceError: 400 NotSupportedStorageClass.
        """
        try:
            return cls(name)
        except ValueError as error:
            raise ServiceError(400, "NotSupportedStorageClass", f"no storage class {name!r}") from error

    @property
    def archived(self) -> bool:
        """Whether objects must be restored before they can be read."""
        return self in (StorageClass.ARCHIVE, StorageClass.DEEP_ARCHIVE)

    @property
    def tiered(self) -> bool:
        """Whether objects move between tiers by themselves."""
        return self in (StorageClass.INTELLIGENT_TIERING, StorageClass.MAZ_INTELLIGENT_TIERING)


def check_copy(source: StorageClass, target: StorageClass) -> None:
    """Multi-AZ classes can only be copied to themselves (as the page on copying says up to 2025).

    Raises:
        ServiceError: 400 NotSupportedStorageClass; the code is assumed, none is documented.
    """
    tied = (StorageClass.MAZ_STANDARD, StorageClass.MAZ_STANDARD_IA)
    if source in tied and target is not source:
        raise ServiceError(400, "NotSupportedStorageClass", f"{source.value} cannot be copied to {target.value}")


class Tier(Enum):
    """How fast an archived object is wanted back."""

    EXPEDITED = "Expedited"
    STANDARD = "Standard"
    BULK = "Bulk"


#: Seconds until the copy is readable: the upper end of each documented span.
_WAITS = {
    (StorageClass.ARCHIVE, Tier.EXPEDITED): 5 * _MINUTE,
    (StorageClass.ARCHIVE, Tier.STANDARD): 5 * _HOUR,
    (StorageClass.ARCHIVE, Tier.BULK): 12 * _HOUR,
    (StorageClass.DEEP_ARCHIVE, Tier.STANDARD): 24 * _HOUR,
    (StorageClass.DEEP_ARCHIVE, Tier.BULK): 48 * _HOUR,
}


def wait(storage_class: StorageClass, tier: Tier) -> float:
    """Seconds until an object of that class is readable.

    Raises:
        ServiceError: 400 InvalidArgument: the class does not have that tier.
    """
    if (storage_class, tier) not in _WAITS:
        raise invalid_argument(f"{tier.value} is not possible for {storage_class.value}")
    return _WAITS[storage_class, tier]


class RestoreState(Enum):
    """How far a restoration is; the values are those of listings."""

    ONGOING = "ONGOING"
    DONE = "DONE"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True)
class Restoration:
    """A temporary readable copy of an archived object; times in seconds since 1970."""

    tier: Tier
    requested_at: float
    ready_at: float
    expires_at: float

    @classmethod
    def of(cls, storage_class: StorageClass, tier: Tier, days: int, now: float) -> Restoration:
        """The restoration that is requested now.

        Raises:
            ServiceError: 400 InvalidArgument: no days, or a tier that the class does not have.
        """
        if days < 1:
            raise invalid_argument("a temporary copy is kept for at least one day")
        ready = now + wait(storage_class, tier)
        return cls(tier, now, ready, _next_midnight_in_beijing(ready + days * _DAY))

    def state(self, now: float) -> RestoreState:
        """How far it is at that time."""
        if now < self.ready_at:
            return RestoreState.ONGOING
        return RestoreState.DONE if now < self.expires_at else RestoreState.EXPIRED

    def headers(self, now: float) -> list[tuple[str, str]]:
        """What HEAD and GET say about it."""
        state = self.state(now)
        if state is RestoreState.ONGOING:
            request = f'tier="{self.tier.value.lower()}"; request-date="{http_date(self.requested_at)}"'
            return [("x-cos-restore", 'ongoing-request="true"'), ("x-cos-restore-status", request)]
        if state is RestoreState.DONE:
            expiry = http_date(self.expires_at)
            return [("x-cos-restore", f'ongoing-request="false", expiry-date="{expiry}"')]
        return []


def _next_midnight_in_beijing(moment: float) -> float:
    # Assumed from the samples of HEAD Object, whose expiry dates are all at 16:00:00 GMT.
    midnight = 16 * _HOUR
    return moment + (midnight - moment) % _DAY
