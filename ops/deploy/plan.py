"""What `deploy` is about to do, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.deploy.difference import function_changes
from ops.deploy.marker import read_marker
from ops.deploy.trigger_changes import trigger_changes
from ops.deploy.triggers import described
from ops.errors import DeployError
from ops.tencent.scf import Status
from shared.settings import variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.deploy.account import Found
    from ops.deploy.goal import Goal
    from ops.deploy.trigger_changes import TriggerChanges

_SECRET, _PREVIOUS = variable("secret"), variable("secret_previous")
_URL_TO_COME = "the URL that the callback function gets"


def plan(goal: Goal, found: Found) -> list[str]:
    """A line for each thing that is to change, `+` made, `~` changed, `-` taken away; none if nothing is.

    Raises:
        DeployError: it cannot be changed into what is wanted.
    """
    known = goal.with_url(found.url or _URL_TO_COME)
    lines: list[str] = []
    for key, function in known.functions.items():
        there = found.functions[key]
        if there and there.runtime and there.runtime != function.runtime:
            raise DeployError(
                f"{function.name} runs {there.runtime}, and SCF cannot change that to {function.runtime}: remove it "
                "with `./cos-watermark remove`, and deploy again"
            )
        changes = function_changes(known, key, there)
        made = there is None or there.status is Status.CREATE_FAILED
        lines += [f"{'+' if made else '~'} {function.name}: {change.text}" for change in changes]
        # What could not be made is deleted first, and its triggers with it.
        triggers = trigger_changes(goal.of(key), () if made else found.triggers[key])
        lines += [f"{line[0]} {function.name}: {line[2:]}" for line in _triggers(triggers)]
    return lines


def refuse_strangers(goal: Goal, found: Found) -> None:
    """See to it that no function is replaced that `deploy` did not make.

    Raises:
        DeployError: one of that name is there.
    """
    strangers = [
        goal.functions[key].name for key, one in found.functions.items() if one and not read_marker(one.description)
    ]
    if strangers:
        raise DeployError(
            f"{' and '.join(strangers)}: there already, and `deploy` did not make it, or somebody changed its "
            "description. Nothing was changed. Choose another DEPLOY_NAME, or use --replace to have it replaced"
        )


def warnings(goal: Goal, found: Found) -> list[str]:
    """A line for each thing that is better known before it is done."""
    return [*_left_alone(goal, found), *_forgotten_secret(goal, found)]


def _forgotten_secret(goal: Goal, found: Found) -> Iterator[str]:
    wanted = goal.functions["callback"].environment
    # Both functions have it: where one is gone, the other still tells what signed the jobs that are in flight.
    old = {one.environment[_SECRET] for one in found.functions.values() if one and one.environment.get(_SECRET)}
    if old - {wanted[_SECRET], wanted.get(_PREVIOUS)}:
        yield (
            f"{_SECRET} changes, and {_PREVIOUS} is not the old one: jobs that are in flight and written "
            "results are no longer recognised as ours, and are paid for again. See docs/operations.md, the secret"
        )


def _left_alone(goal: Goal, found: Found) -> list[str]:
    return [
        f"{goal.functions[key].name}: {described(one.trigger) if one.trigger else f'{one.kind} trigger {one.name}'}; "
        "serverless.yml does not ask for it, and it is left as it is"
        for key in goal.functions
        for one in trigger_changes(goal.of(key), found.triggers[key]).kept
    ]


def _triggers(changes: TriggerChanges) -> Iterator[str]:
    yield from (f"~ switched {'on' if new.enabled else 'off'}: {described(new)}" for _, new in changes.switched)
    yield from (f"~ {described(wanted)}" for _, wanted in changes.changed)
    for one in changes.first:
        name = described(one.trigger) if one.trigger else one.name
        yield f"- no longer {name}; for some seconds uploads cause no event, until the new trigger is there"
    yield from (f"+ {described(wanted)}" for wanted in changes.made)
    yield from (f"- no longer {described(one.trigger) if one.trigger else one.name}" for one in changes.last)
