"""Functions of SCF, as they are in the account: https://cloud.tencent.com/document/api/583."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ops.tencent.api import Product
from ops.tencent.refusals import garbled
from shared.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.manifest.deployment import Function
    from ops.tencent.api import Api

#: Bytes of a zip that fit into a request of 10 MB as base64: https://cloud.tencent.com/document/api/583/18586.
LARGEST_ZIP = 7 * 1024 * 1024


class Status(Enum):
    """What a function is doing; `UNKNOWN` is anything undocumented."""

    CREATING = "Creating"
    CREATE_FAILED = "CreateFailed"
    ACTIVE = "Active"
    UPDATING = "Updating"
    UPDATE_FAILED = "UpdateFailed"
    PUBLISHING = "Publishing"
    PUBLISH_FAILED = "PublishFailed"
    DELETING = "Deleting"
    DELETE_FAILED = "DeleteFailed"
    UNKNOWN = "?"

    @classmethod
    def _missing_(cls, _: object) -> Status:
        return cls.UNKNOWN

    @property
    def passes(self) -> bool:
        """Whether it is on the way to another state by itself."""
        return self in (Status.CREATING, Status.UPDATING, Status.PUBLISHING, Status.DELETING)


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Variable(_Node):
    key: str = Field("", alias="Key")
    value: str = Field("", alias="Value")


class _Environment(_Node):
    variables: Annotated[tuple[_Variable, ...], BeforeValidator(lambda given: given or ())] = Field(
        (), alias="Variables"
    )


class _Net(_Node):
    status: str = Field("", alias="PublicNetStatus")


class _Reason(_Node):
    message: str = Field("", alias="ErrorMessage")


def _or_nothing(given: object) -> object:
    return given or {}


class DeployedFunction(_Node):
    """A function as GetFunction shows it. Times in seconds, memory in MB, code size in bytes as SCF counts them."""

    status: Status = Field(alias="Status")
    status_text: Annotated[str, BeforeValidator(lambda given: given or "")] = Field("", alias="StatusDesc")
    reasons: Annotated[tuple[_Reason, ...], BeforeValidator(lambda given: given or ())] = Field(
        (), alias="StatusReasons"
    )
    available: str = Field("", alias="AvailableStatus")
    description: Annotated[str, BeforeValidator(lambda given: given or "")] = Field("", alias="Description")
    handler: Annotated[str, BeforeValidator(lambda given: given or "")] = Field("", alias="Handler")
    runtime: str = Field("", alias="Runtime")
    role: Annotated[str, BeforeValidator(lambda given: given or "")] = Field("", alias="Role")
    memory: int = Field(alias="MemorySize")
    timeout: int = Field(alias="Timeout")
    init_timeout: int | None = Field(None, alias="InitTimeout")
    code_size: int = Field(0, alias="CodeSize")
    environment_: Annotated[_Environment, BeforeValidator(_or_nothing)] = Field(_Environment(), alias="Environment")
    net: Annotated[_Net, BeforeValidator(_or_nothing)] = Field(_Net(), alias="PublicNetConfig")
    logset: Annotated[str, BeforeValidator(lambda given: given or "")] = Field("", alias="ClsLogsetId")
    topic: Annotated[str, BeforeValidator(lambda given: given or "")] = Field("", alias="ClsTopicId")
    modified: str = Field("", alias="ModTime")

    @property
    def environment(self) -> dict[str, str]:
        """Its variables, secrets included: not to be shown."""
        return {variable.key: variable.value for variable in self.environment_.variables if variable.key}

    @property
    def public(self) -> bool:
        """Whether it reaches the internet."""
        return self.net.status == "ENABLE"

    @property
    def why(self) -> str:
        """What SCF says about its state."""
        said = [self.status_text, *(reason.message for reason in self.reasons)]
        return "; ".join(dict.fromkeys(text for text in said if text))


_Kind = TypeVar("_Kind", bound=BaseModel)


def read(kind: type[_Kind], call: str, answer: Mapping[str, Any]) -> _Kind:
    """An answer in the form of that model.

    Raises:
        GarbledReplyError: it has another form.
    """
    try:
        return kind.model_validate(answer)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors())
        raise garbled(call, f"the reply lacks or garbles {places}") from error


@dataclass(frozen=True)
class Scf:
    """The functions of one namespace. Every method raises CloudError; writes go on after they are answered."""

    api: Api
    namespace: str

    def function(self, name: str) -> DeployedFunction | None:
        """The function, if there is one: https://cloud.tencent.com/document/api/583/18584."""
        try:
            answer = self._call("GetFunction", name, ShowCode="FALSE")
        except NotFoundError:
            return None
        return read(DeployedFunction, "scf GetFunction", answer)

    def code_sha256(self, name: str) -> str:
        """What SCF says is the hash of the code: https://cloud.tencent.com/document/api/583/37879.

        That it is the hash of the zip as it was sent is not documented.
        """
        return str(self._call("GetFunctionAddress", name).get("CodeSha256") or "")

    def create(self, function: Function, description: str, archive: bytes) -> None:
        """Begin to make the function: https://cloud.tencent.com/document/api/583/18586."""
        self._call(
            "CreateFunction",
            function.name,
            Code={"ZipFile": b64encode(archive).decode()},
            Handler=function.handler,
            Runtime=function.runtime,
            Type="Event",
            **_configuration(function, description),
        )

    def update_code(self, function: Function, archive: bytes) -> None:
        """Begin to replace the code: https://cloud.tencent.com/document/api/583/18581."""
        code = b64encode(archive).decode()
        self._call("UpdateFunctionCode", function.name, Handler=function.handler, ZipFile=code)

    def update_configuration(self, function: Function, description: str) -> None:
        """Begin to replace all that is set, variables included: https://cloud.tencent.com/document/api/583/18580."""
        self._call("UpdateFunctionConfiguration", function.name, **_configuration(function, description))

    def delete(self, name: str) -> None:
        """Begin to delete the function with its triggers: https://cloud.tencent.com/document/api/583/18585."""
        self._call("DeleteFunction", name)

    def _call(self, action: str, name: str, **parameters: object) -> dict[str, Any]:
        named = {"FunctionName": name, "Namespace": self.namespace, **parameters}
        return self.api.call(Product.SCF, action, named)


def _configuration(function: Function, description: str) -> dict[str, Any]:
    net = {"PublicNetStatus": "ENABLE" if function.public else "DISABLE", "EipConfig": {"EipStatus": "DISABLE"}}
    log = {"ClsLogsetId": function.logset, "ClsTopicId": function.topic} if function.topic else {}
    return {
        "Description": description,
        "MemorySize": function.memory,
        "Timeout": function.timeout,
        "InitTimeout": function.init_timeout,
        "Environment": {"Variables": [{"Key": k, "Value": v} for k, v in function.environment.items()]},
        "Role": function.role,
        "PublicNetConfig": net,
        **log,
    }
