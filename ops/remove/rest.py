"""What `remove --all` takes away besides: the two roles, their policies, and the ledger bucket if it has no records.

The roles of Tencent's services are shared with others, and never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.domain import pause, status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.tencent.buckets import Buckets
    from ops.tencent.cam import Cam

#: Of these nobody needs a copy: they say how things stand, not how they were.
_NO_RECORD = (status.NAME, pause.NAME)


@dataclass(frozen=True)
class Rest:
    """Of one deployment. `names` are those of roles and policies alike. Methods raise CloudError."""

    cam: Cam
    buckets: Buckets
    names: tuple[str, ...]
    bucket: str
    prefix: str

    def plan(self) -> Iterator[str]:
        """A line for each thing that goes, `-`, or that stays with the reason, `!`."""
        for name in self.names:
            if self.cam.role(name):
                yield f"- role {name}"
            policy = self.cam.find_policy(name)
            if policy and policy.attachments > self._ours(name):
                yield f"! policy {name} stays: others have it too"
            elif policy:
                yield f"- policy {name}"
        kept = self._kept()
        if kept is None:
            return
        yield f"! ledger bucket {self.bucket} stays: it is not empty" if kept else f"- ledger bucket {self.bucket}"

    def end(self, tell: Callable[[str], None]) -> None:
        """Take it away, one call at a time; what is gone already is not asked for again."""
        for name in self.names:
            self._end_role(name, tell)
            policy = self.cam.find_policy(name)
            if policy and not policy.attachments:
                tell(f"  removing policy {name}")
                self.cam.delete_policy(policy.id)
        if self._kept() == []:
            tell(f"  removing the ledger bucket {self.bucket}")
            for key in self.buckets.first_keys(self.bucket):
                self.buckets.delete_object(self.bucket, key)
            self.buckets.delete(self.bucket)

    def _end_role(self, name: str, tell: Callable[[str], None]) -> None:
        if self.cam.role(name) is None:
            return
        tell(f"  removing role {name}")
        for policy in self.cam.attached(name):
            self.cam.detach(name, policy.name)
        self.cam.delete_role(name)

    def _ours(self, name: str) -> int:
        """How often the role of that name has the policy of that name."""
        if self.cam.role(name) is None:
            return 0
        return sum(policy.name == name for policy in self.cam.attached(name))

    def _kept(self) -> list[str] | None:
        """What is in the bucket and has to stay; `None` if there is no bucket."""
        if not self.buckets.exists(self.bucket):
            return None
        no_record = {self.prefix + name for name in _NO_RECORD}
        return [key for key in self.buckets.first_keys(self.bucket) if key not in no_record]
