"""The tiers of INTELLIGENT_TIERING, between which objects move by themselves.

https://cloud.tencent.com/document/product/436/38314; restoring: https://cloud.tencent.com/document/product/436/12633.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from faketencent.cos.storage import Restoration, StorageClass, wait

if TYPE_CHECKING:
    from faketencent.cos.storage import Tier


class AccessTier(Enum):
    """Where an object lies; HEAD calls it `x-cos-storage-tier`."""

    FREQUENT = "FREQUENT"
    INFREQUENT = "INFREQUENT"
    ARCHIVE = "ARCHIVE"
    DEEP_ARCHIVE = "DEEP_ARCHIVE"

    @property
    def archived(self) -> bool:
        """Whether objects must be restored before they can be read."""
        return self in (AccessTier.ARCHIVE, AccessTier.DEEP_ARCHIVE)


def way_back(lies_in: AccessTier, tier: Tier, now: float) -> Restoration:
    """The restoration of an object in an archive tier.

    It moves the object itself, so there is no temporary copy that could expire. That it takes as long as with the
    class of the same name, and that HEAD shows it meanwhile in the same way, is assumed.

    Raises:
        ServiceError: 400 InvalidArgument: the archive tier cannot be left that fast.
    """
    ready = now + wait(StorageClass(lies_in.value), tier)
    return Restoration(tier, now, ready, expires_at=ready)
