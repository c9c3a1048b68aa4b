"""What is to be deployed, whatever says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.manifest.schema import TriggerKind

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOMAIN = re.compile(r"(?P<bucket>[a-z0-9-]+)\.cos\.(?P<region>[a-z0-9-]+)\.myqcloud\.com")


@dataclass(frozen=True)
class Function:
    """A function; `key` is `submit` or `callback`. Times in seconds, memory in MB."""

    key: str
    name: str
    namespace: str
    description: str
    handler: str
    runtime: str
    role: str
    memory: int
    timeout: int
    init_timeout: int
    public: bool
    environment: Mapping[str, str]
    logset: str | None
    topic: str | None


@dataclass(frozen=True)
class Trigger:
    """What makes a function run. Of `name`, `event` and so on only what its kind has is not empty."""

    kind: TriggerKind
    function: str
    qualifier: str
    enabled: bool
    name: str
    event: str = ""
    prefix: str = ""
    suffix: str = ""
    cron: str = ""
    argument: str = ""
    auth_type: str = ""
    extranet: bool = False
    intranet: bool = False

    @property
    def bucket(self) -> str:
        """The bucket of a COS trigger, with its APPID; its name is the bucket's domain."""
        found = _DOMAIN.fullmatch(self.name)
        return found["bucket"] if found and self.kind is TriggerKind.COS else ""

    @property
    def region(self) -> str:
        """The region of a COS trigger's bucket."""
        found = _DOMAIN.fullmatch(self.name)
        return found["region"] if found and self.kind is TriggerKind.COS else ""

    @property
    def each_minute(self) -> bool:
        """Whether a timer runs at least once in every minute."""
        seconds, *others = self.cron.split() or [""]
        return bool(seconds) and all(field in ("*", "*/1") for field in others)

    def covers(self, event: str) -> bool:
        """Whether the trigger is told of such an event (`cos:ObjectCreated:Put`)."""
        return event.startswith(self.event[:-1]) if self.event.endswith("*") else event == self.event

    def overlaps(self, other: Trigger) -> bool:
        """Whether some upload runs both: COS refuses the second of two such rules."""
        return (
            self.name == other.name
            and (self.covers(other.event) or other.covers(self.event))
            and (self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix))
            and (self.suffix.endswith(other.suffix) or other.suffix.endswith(self.suffix))
        )


@dataclass(frozen=True)
class Deployment:
    """Everything that `deploy` puts into the account."""

    region: str
    functions: Mapping[str, Function]
    triggers: tuple[Trigger, ...]

    @property
    def uploads(self) -> tuple[Trigger, ...]:
        """The COS triggers of the function that submits."""
        return tuple(t for t in self.triggers if t.kind is TriggerKind.COS and t.function == "submit")

    @property
    def watched_buckets(self) -> tuple[str, ...]:
        """The buckets that have such a trigger."""
        return tuple(dict.fromkeys(trigger.bucket for trigger in self.uploads))
