"""A function as it was deployed, and what CreateFunction refuses: https://cloud.tencent.com/document/api/583/18586."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from faketencent.clock import EPOCH
from faketencent.scf import limits
from faketencent.scf.exceptions import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: `main_handler(event, context)`; the context is a plain dict, so is the event of every trigger, but whoever invokes
#: the function by hand may send any JSON value.
Handler = Callable[[Any, dict[str, Any]], object]

#: The platform's own variables; the documentation prints the last one, presumably a slip of the third.
RESERVED_PREFIXES = ("SCF_", "QCLOUD_", "TENCENTCLOUD_", "TECENTCLOUD_")


class State(Enum):
    """What GetFunction calls the status: https://cloud.tencent.com/document/product/583/115197."""

    CREATING = "Creating"
    CREATE_FAILED = "CreateFailed"
    ACTIVE = "Active"
    UPDATING = "Updating"
    UPDATE_FAILED = "UpdateFailed"
    DELETING = "Deleting"

    @property
    def changeable(self) -> bool:
        """Whether code and settings may be changed now. That a failed update may be followed by another is assumed."""
        return self in (State.ACTIVE, State.UPDATE_FAILED)

    @property
    def runs(self) -> bool:
        """Whether events are taken; during an update and after a failed one the old code serves."""
        return self.changeable or self is State.UPDATING


class AfterRetries(Enum):
    """What happens to an asynchronous event when its retries are used up."""

    DEAD_LETTER = "dead letter"
    DROP = "drop"


@dataclass(frozen=True)
class DeadLetterQueue:
    """Where a function's dead letters go: a queue or topic of TDMQ for CMQ. Here they are kept in a list instead."""

    type: str
    name: str


@dataclass(frozen=True, eq=False)
class Function:
    """A deployed function. `timeout`, `init_timeout` and `message_ttl` are in seconds, memory in MB.

    `retries` is how often an asynchronous event is tried again after an error, `message_ttl` how long it is kept
    while the function may not run (UpdateFunctionEventInvokeConfig). A real function drops such events unless it has a
    dead-letter queue. `reserved_memory` is the reserved concurrency: 0 stops every run, `None` reserves none.
    `code` is the zip, and `entry` the handler's name in it; a handler that was given as such has neither.
    """

    name: str
    handler: Handler
    role: str | None
    environment: Mapping[str, str]
    timeout: int
    memory: int
    region: str
    retries: int
    after_retries: AfterRetries
    namespace: str = "default"
    entry: str = "index.main_handler"
    code: bytes = field(default=b"", repr=False)
    runtime: str = "Python3.10"
    description: str = ""
    init_timeout: int = 65
    message_ttl: int = 21600
    reserved_memory: int | None = None
    logset: str = ""
    topic: str = ""
    public_network: bool = True
    dead_letter_queue: DeadLetterQueue | None = None
    state: State = State.ACTIVE
    reason: str = ""
    created_at: float = EPOCH
    modified_at: float = EPOCH

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z][\w-]{0,58}[A-Za-z0-9]", self.name, re.ASCII):
            raise InvalidValueError("FunctionName", f"not a function name: {self.name!r}")
        if self.timeout not in limits.TIMEOUT:
            raise InvalidValueError("Timeout", f"1 to 900 s, not {self.timeout}")
        if self.memory not in limits.MEMORY:
            raise InvalidValueError("Memory", f"64, or 128 to 3072 MB in steps of 128, not {self.memory}")
        if self.retries not in range(3):
            raise InvalidValueError("RetryNum", f"0 to 2, not {self.retries}")
        if self.init_timeout not in limits.INIT_TIMEOUT:
            raise InvalidValueError("InitTimeout", f"3 to 300 s, not {self.init_timeout}")
        if self.message_ttl not in limits.MESSAGE_TTL:
            raise InvalidValueError("MsgTTL", f"60 to 21600 s, not {self.message_ttl}")
        if not re.fullmatch(r"[A-Za-z0-9 ,.\r\n\u4e00-\u9fff]{0,1000}", self.description):
            raise InvalidValueError("Description", "up to 1000 letters, digits, spaces, commas, full stops, Chinese")
        _check_environment(self.environment)


def _check_environment(variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        if name.startswith(RESERVED_PREFIXES):
            raise InvalidValueError("EnvironmentSystemProtect", f"{name}: this prefix is the platform's")
        if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII):
            raise InvalidValueError("Environment", f"not a variable name: {name!r}")
        if not value:
            raise InvalidValueError("Environment", f"{name}: the value may not be empty")
    if sum(len(name.encode()) + len(value.encode()) for name, value in variables.items()) > limits.ENVIRONMENT:
        raise InvalidValueError("EnvironmentExceededLimit", f"more than {limits.ENVIRONMENT} bytes in all")
