"""What `serverless.yml` deploys: the part of it that can be at odds with the settings.

Form: https://cloud.tencent.com/document/product/1154/129052. What is live in the console can differ from the file; only
the file is looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ops.manifest import Manifest, ManifestError
from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DOMAIN = re.compile(r"(?P<bucket>[a-z0-9-]+)\.cos\.(?P<region>[a-z0-9-]+)\.myqcloud\.com")
#: What a function gets that names no time-out: tencent-component-toolkit 2.27.6, `scf/config.ts`.
_DEFAULT_TIMEOUT = 3


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class _Filter(_Node):
    prefix: str = ""
    suffix: str = ""


class _Parameters(_Node):
    bucket: str = ""
    events: str = ""
    filter: Annotated[_Filter, BeforeValidator(lambda value: value or {})] = _Filter()
    cron: str = Field("", alias="cronExpression")
    # Left out, the trigger is made but switched off.
    enable: bool = False


class Trigger(_Node):
    """What makes a function run."""

    type: str
    function: str
    parameters: Annotated[_Parameters, BeforeValidator(lambda value: value or {})] = _Parameters()

    @property
    def bucket(self) -> str:
        """The bucket of a COS trigger, with its APPID."""
        return self._domain("bucket")

    @property
    def region(self) -> str:
        """The region of a COS trigger."""
        return self._domain("region")

    @property
    def each_minute(self) -> bool:
        """Whether a timer runs at least once in every minute: https://cloud.tencent.com/document/product/583/9708."""
        seconds, *others = self.parameters.cron.split() or [""]
        return bool(seconds) and all(field in ("*", "*/1") for field in others)

    def covers(self, event: str) -> bool:
        """Whether the trigger is told of such an event (`cos:ObjectCreated:Put`)."""
        events = self.parameters.events
        return event.startswith(events[:-1]) if events.endswith("*") else event == events

    def _domain(self, part: str) -> str:
        found = _DOMAIN.fullmatch(self.parameters.bucket)
        return found[part] if found else ""


class _Variable(_Node):
    key: str
    value: str


class _Function(_Node):
    timeout: int | None = None
    environments: tuple[_Variable, ...] = ()


class Deployment(_Node):
    """The inputs of the file, with variables filled in."""

    region: str
    timeout: int = _DEFAULT_TIMEOUT
    functions: dict[str, _Function]
    triggers: tuple[Trigger, ...] = Field(())

    @property
    def timeouts(self) -> dict[str, int]:
        """Seconds that each function may run."""
        return {name: function.timeout or self.timeout for name, function in self.functions.items()}

    @property
    def environments(self) -> tuple[dict[str, str], ...]:
        """The environment of each function."""
        return tuple({v.key: v.value for v in function.environments} for function in self.functions.values())

    @property
    def uploads(self) -> tuple[Trigger, ...]:
        """The COS triggers of the function that submits."""
        return tuple(t for t in self.triggers if t.type == "cos" and t.function == "submit")

    @property
    def watched_buckets(self) -> tuple[str, ...]:
        """The buckets that have such a trigger."""
        return tuple(dict.fromkeys(trigger.bucket for trigger in self.uploads if trigger.bucket))


class _File(_Node):
    inputs: Deployment


def read_deployment(path: Path, environment: Mapping[str, str]) -> Deployment:
    """The deployment in that file.

    Raises:
        ManifestError: it cannot be read, or is something else.
        ConfigurationError: it names variables that are not set.
    """
    manifest = Manifest.read(path)
    missing = [name for name in manifest.variables if not environment.get(name)]
    if missing:
        raise ConfigurationError(f"{path.name} needs what is not set: {', '.join(missing)}")
    try:
        return _File.model_validate(manifest.resolve(environment).document).inputs
    except ValidationError as error:
        places = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors())
        raise ManifestError(f"{path.name} lacks or garbles {places or 'everything'}") from error
