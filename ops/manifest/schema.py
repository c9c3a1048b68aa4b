"""What may be in serverless.yml: https://cloud.tencent.com/document/product/1154/129052 (component multi-scf).

Only what `deploy` applies. If you need more of what Tencent's tool can do, write the file for it (`deploy --render`).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ops.manifest.text import ManifestError
from ops.options import complaints

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class TriggerKind(Enum):
    """What makes a function run."""

    COS = "cos"
    TIMER = "timer"
    HTTP = "http"


class Variable(_Node):
    """A setting of a function, taken from `.env`."""

    key: str
    value: Annotated[str, Field(pattern=r"^\$\{env:\w+\}$")]


def _no_switch(value: object) -> object:
    # To Python, true is 1.
    if isinstance(value, bool):
        raise ValueError("must be a whole number")  # noqa: TRY004 - pydantic's word for a wrong value
    return value


def _memory(value: int) -> int:
    # https://cloud.tencent.com/document/product/583/11637
    if value not in (64, *range(128, 3073, 128)):
        raise ValueError("must be 64, or 128 to 3072 in steps of 128")
    return value


_Number = Annotated[int, BeforeValidator(_no_switch)]


class Function(_Node):
    """A function of the file; what it does not say is Tencent's default."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z0-9]$")]
    description: str = ""
    handler: str
    role: str
    memory: Annotated[_Number, AfterValidator(_memory)] = Field(128, alias="memorySize")
    timeout: Annotated[_Number, Field(ge=1, le=900)] = 3
    init_timeout: Annotated[_Number, Field(ge=3, le=300)] = Field(65, alias="initTimeout")
    public: bool = Field(True, alias="publicAccess")  # noqa: FBT003 - the tool's default
    environments: tuple[Variable, ...] = ()


class Filter(_Node):
    """Which keys a COS trigger tells about."""

    prefix: str = ""
    suffix: str = ""


class _Parameters(_Node):
    qualifier: str = "$DEFAULT"
    # Left out, a trigger is made but switched off.
    enable: bool = False


class CosParameters(_Parameters):
    """`bucket` is its domain, `<bucket>.cos.<region>.myqcloud.com`."""

    bucket: str
    events: str
    filter: Filter = Filter()
    name: str = ""


class TimerParameters(_Parameters):
    """Seven fields, of which the first is seconds: https://cloud.tencent.com/document/product/583/9708."""

    name: str
    cron: str = Field(alias="cronExpression")
    argument: str = ""


class Net(_Node):
    """From where a function URL can be reached."""

    extranet: bool = Field(False, alias="enableExtranet")  # noqa: FBT003 - the tool's default
    intranet: bool = Field(False, alias="enableIntranet")  # noqa: FBT003 - the tool's default


class HttpParameters(_Parameters):
    """A function URL."""

    name: str = "url-trigger"
    enable: bool = True
    auth_type: Literal["NONE", "CAM"] = Field("NONE", alias="authType")
    net: Net = Field(Net(), alias="netConfig")


class CosTrigger(_Node):
    """Uploads run a function."""

    type: Literal["cos"]
    function: str
    parameters: CosParameters


class TimerTrigger(_Node):
    """Time runs a function."""

    type: Literal["timer"]
    function: str
    parameters: TimerParameters


class HttpTrigger(_Node):
    """Requests run a function."""

    type: Literal["http"]
    function: str
    parameters: HttpParameters = HttpParameters()


Trigger = Annotated[CosTrigger | TimerTrigger | HttpTrigger, Field(discriminator="type")]


class _Source(_Node):
    src: str


class Inputs(_Node):
    """What is deployed."""

    src: _Source | str = ""
    region: str
    type: Literal["event"] = "event"
    runtime: str
    namespace: str = "default"
    install_dependency: Literal[False] = Field(False, alias="installDependency")  # noqa: FBT003 - all is in the bundle
    functions: dict[Literal["submit", "callback"], Function]
    triggers: tuple[Trigger, ...]


class File(_Node):
    """The whole file."""

    component: Literal["multi-scf"]
    app: str = ""
    stage: str = ""
    name: str = ""
    inputs: Inputs


def validated(document: Mapping[str, Any], name: str) -> File:
    """The file, if it is one.

    Raises:
        ManifestError: a line for each place that is wrong or missing.
    """
    try:
        return File.model_validate(document)
    except ValidationError as error:
        lines = []
        for problem, complaint in zip(error.errors(include_url=False), complaints(error), strict=True):
            place = ".".join(str(part) for part in problem["loc"])
            lines.append(f"{name}: {place} {_IN_WORDS.get(problem['type'], f'is wrong: {complaint}')}")
        raise ManifestError("\n".join(lines)) from error


_IN_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known to `deploy`: remove it, or use `deploy --render` and scf",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be text; put it in quotes",
    "dict_type": "must be a list of names and values",
    "model_type": "must be a list of names and values",
    "model_attributes_type": "must be a list of names and values",
    "tuple_type": "must be a list",
    "union_tag_not_found": "has no type (cos, timer or http)",
    "union_tag_invalid": "has a type that is not cos, timer or http",
    "string_pattern_mismatch": "has a wrong form (settings are `${env:NAME}` here, with the value in .env)",
}
