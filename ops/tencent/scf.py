"""Functions of SCF, as they are in the account: https://cloud.tencent.com/document/api/583."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from ops.tencent.api import Product
from ops.tencent.replies import Answer, Word, read_as
from shared.errors import NotFoundError

if TYPE_CHECKING:
    from ops.manifest.deployment import Function
    from ops.tencent.api import Api

_PAGE = 20
#: Bytes of a zip that fit into a request of 10 MB as base64: https://cloud.tencent.com/document/api/583/18586.
LARGEST_ZIP = 7 * 1024 * 1024


class Status(Word):
    """What a function is doing."""

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

    @property
    def passes(self) -> bool:
        """Whether it is on the way to another state by itself."""
        return self in (Status.CREATING, Status.UPDATING, Status.PUBLISHING, Status.DELETING)


class _Variable(Answer):
    key: str = Field("", alias="Key")
    value: str = Field("", alias="Value")


class _Environment(Answer):
    variables: Annotated[tuple[_Variable, ...], BeforeValidator(lambda given: given or ())] = Field(
        (), alias="Variables"
    )


class _Net(Answer):
    status: str = Field("", alias="PublicNetStatus")


class _Reason(Answer):
    message: str = Field("", alias="ErrorMessage")


def _or_nothing(given: object) -> object:
    return given or {}


class DeployedFunction(Answer):
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


class _Listed(Answer):
    name: str = Field(alias="FunctionName")


class _Page(Answer):
    functions: Annotated[tuple[_Listed, ...], BeforeValidator(lambda given: given or ())] = Field((), alias="Functions")
    total: int = Field(alias="TotalCount")


class _Reserved(Answer):
    memory: int | None = Field(None, alias="ReservedMem")


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
        return read_as(DeployedFunction, answer, "scf GetFunction")

    def code_sha256(self, name: str) -> str:
        """What SCF says is the hash of the code: https://cloud.tencent.com/document/api/583/37879.

        That it is the hash of the zip as it was sent is not documented.
        """
        return str(self._call("GetFunctionAddress", name).get("CodeSha256") or "")

    def names(self) -> list[str]:
        """All functions of the namespace: https://cloud.tencent.com/document/api/583/18582."""
        found: list[str] = []
        while True:
            asked = {"Namespace": self.namespace, "Offset": len(found), "Limit": _PAGE}
            page = read_as(_Page, self.api.call(Product.SCF, "ListFunctions", asked), "scf ListFunctions")
            found += [one.name for one in page.functions]
            if not page.functions or len(found) >= page.total:
                return found

    def reserved_memory(self, name: str) -> int | None:
        """Its reserved concurrency in MB; 0 stops it: https://cloud.tencent.com/document/api/583/51245."""
        answer = self._call("GetReservedConcurrencyConfig", name)
        return read_as(_Reserved, answer, "scf GetReservedConcurrencyConfig").memory

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
