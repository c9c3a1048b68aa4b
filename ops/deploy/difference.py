"""What is to change in a function. No I/O, and no value of a secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ops.deploy.goal import Code, has_code
from ops.deploy.marker import read_marker
from ops.tencent.scf import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ops.deploy.goal import Goal
    from ops.tencent.scf import DeployedFunction


class Part(Enum):
    """The part of a function that a call can replace."""

    FUNCTION = "function"
    CODE = "code"
    CONFIGURATION = "configuration"


@dataclass(frozen=True)
class Change:
    """One thing that is to change in a function, in words."""

    part: Part
    text: str


def function_changes(
    goal: Goal, key: str, found: DeployedFunction | None, given: Code = Code.AS_MARKED
) -> list[Change]:
    """What is to change in the function; nothing if it is as wanted."""
    wanted = goal.functions[key]
    if found is None or found.status is Status.CREATE_FAILED:
        again = " again: its creation had failed" if found else ""
        return [
            Change(Part.FUNCTION, f"is created{again} ({wanted.memory} MB, {wanted.timeout} s, role {wanted.role})")
        ]
    changes = [Change(Part.CODE, text) for text in _code(goal, found, given)]
    if found.handler != wanted.handler:
        changes.append(Change(Part.CODE, f"handler {found.handler or 'none'} → {wanted.handler}"))
    changes += [Change(Part.CONFIGURATION, text) for text in _configuration(goal, key, found, given)]
    return changes


def _code(goal: Goal, found: DeployedFunction, given: Code) -> Iterator[str]:
    if found.status is Status.UPDATE_FAILED and given is Code.AS_MARKED:
        yield f"code again, because its last update failed ({found.why or 'SCF does not say why'})"
        return
    if has_code(found, goal.marker, given):
        return
    marker = read_marker(found.description)
    new = f"version {goal.marker.version}, {goal.marker.sha256[:12]}"
    if marker is None:
        yield f"code that was not deployed by `deploy` → {new}"
    elif marker.sha256 == goal.marker.sha256:
        yield f"code that was changed since it was deployed ({found.code_size} bytes) → {new}"
    else:
        yield f"code: version {marker.version}, {marker.sha256[:12]} → {new}"


def _configuration(goal: Goal, key: str, found: DeployedFunction, given: Code) -> Iterator[str]:
    wanted = goal.functions[key]
    pairs = (
        ("role", found.role, wanted.role),
        ("memory", f"{found.memory} MB", f"{wanted.memory} MB"),
        ("time-out", f"{found.timeout} s", f"{wanted.timeout} s"),
        ("time-out of the start", f"{found.init_timeout} s", f"{wanted.init_timeout} s"),
        ("public network", _on(found.public), _on(wanted.public)),
        ("log topic", found.topic, wanted.topic or found.topic),
    )
    yield from (f"{name} {old or 'none'} → {new}" for name, old, new in pairs if old != new)
    yield from variable_changes(found.environment, wanted.environment)
    if found.description != goal.description(key, found, given):
        yield "description"


def variable_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """A line for each variable that differs; secrets are named, and not shown."""
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if after is None:
            yield f"{name} is removed"
        elif is_secret(name):
            yield f"{name} {'is added' if before is None else 'is replaced'} (not shown)"
        else:
            yield f"{name} {_shown(name, before)} → {after}"


def is_secret(name: str) -> bool:
    """Whether a variable's value must not be shown; what is not known to be harmless is a secret."""
    return not name.startswith("WATERMARK_") or "SECRET" in name


def _shown(name: str, value: str | None) -> str:
    return "not set" if value is None else "(not shown)" if is_secret(name) else value


def _on(switch: bool) -> str:  # noqa: FBT001 - a value to be shown
    return "on" if switch else "off"
