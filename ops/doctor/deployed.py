"""Checks of what is deployed: is it there, is it this code, is it as `.env` and serverless.yml want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.deploy.difference import Part, function_changes
from ops.deploy.goal import goal
from ops.deploy.marker import Marker, read_marker
from ops.deploy.trigger_changes import trigger_changes
from ops.deploy.triggers import described
from ops.doctor.finding import check, failed, passed, warned
from ops.tencent.scf import Status
from shared.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.deploy.goal import Goal
    from ops.doctor.case import Case
    from ops.doctor.finding import Answer
    from ops.tencent.scf import DeployedFunction

_DEPLOY = "Run `./cos-watermark deploy`"
#: Where nothing was built here, code is compared with nothing.
_NO_CODE = Marker("", "")


@check("functions")
def functions(case: Case) -> Iterator[Answer]:
    """Whether both functions are there and work."""
    if case.found.nothing:
        yield failed(f"not deployed: neither function is in {case.region}", _DEPLOY)
        return
    for key, found in case.found.functions.items():
        yield _state(case.deployment.functions[key].name, found)


def _state(name: str, found: DeployedFunction | None) -> Answer:
    if found is None:
        return failed(f"{name} is not deployed", _DEPLOY)
    if found.available not in ("", "Available"):
        return failed(f"{name} is {found.available}", "Pay what the account owes (console, billing centre)")
    if found.status.passes:
        return warned(f"{name} is {found.status.value}", "Run the doctor again in a minute")
    if found.status is not Status.ACTIVE:
        return failed(f"{name} is {found.status.value}: {found.why}", _DEPLOY)
    return passed(f"{name} is active")


@check("code")
def code(case: Case) -> Iterator[Answer]:
    """Whether it is this code."""
    for _, name, found in _there(case):
        yield _code(case, name, found)


def _code(case: Case, name: str, found: DeployedFunction) -> Answer:
    marker = read_marker(found.description)
    if marker is None:
        return failed(f"{name} has code that was not deployed by `deploy`", _DEPLOY)
    if marker.size not in (None, found.code_size):
        return failed(f"the code of {name} was changed since it was deployed ({found.code_size} bytes)", _DEPLOY)
    what = f"version {marker.version}, {marker.sha256[:12]}"
    if case.built is None:
        return passed(f"{name} has {what}; nothing is built here to compare it with")
    if marker.sha256 != case.built.sha256:
        return warned(f"{name} has {what}, and here is version {case.built.version}, {case.built.sha256[:12]}", _DEPLOY)
    return _second_look(case, name, what, marker)


def _second_look(case: Case, name: str, what: str, marker: Marker) -> Answer:
    # Whether SCF's hash is that of the zip is not documented: alone it proves nothing.
    theirs = case.deployed.functions.code_sha256(name)
    if theirs in ("", marker.sha256):
        return passed(f"{name} has this code: {what}")
    return passed(f"{name} has this code by its marker and size: {what} (SCF's own hash is another: {theirs[:12]})")


@check("configuration")
def configuration(case: Case) -> Iterator[Answer]:
    """Whether role, time-outs, variables and so on are those of `.env` and serverless.yml."""
    for key, name, found in _there(case):
        changes = function_changes(_goal(case), key, found)
        texts = [c.text for c in changes if c.part is Part.CONFIGURATION and c.text != "description"]
        texts += [c.text for c in changes if c.text.startswith("handler ")]
        for text in texts:
            yield failed(f"{name}: {text}", _DEPLOY)
        if not texts and found.status is not Status.CREATE_FAILED:
            yield passed(f"{name} is as .env and serverless.yml say")


@check("triggers")
def triggers(case: Case) -> Iterator[Answer]:
    """Whether what makes the functions run is there, and on."""
    for key, name, _ in _there(case):
        changes = trigger_changes(_goal(case).of(key), case.found.triggers[key])
        for trigger in changes.made:
            yield failed(f"{name} is not {described(trigger)}", _DEPLOY)
        for there, trigger in [*changes.switched, *changes.changed]:
            shown = described(there.trigger) if there.trigger else there.name
            yield failed(f"{name} is {shown}, and should be {described(trigger)}", _DEPLOY)
        for one in [*changes.first, *changes.last]:
            yield warned(f"{name} is {described(one.trigger) if one.trigger else one.name} too", _DEPLOY)
        for one in changes.kept:
            shown = described(one.trigger) if one.trigger else f"triggered by {one.kind} {one.name}"
            yield warned(f"{name} is {shown} too", "Delete it in the SCF console if it is not needed")
        unbound = [one for one in case.found.triggers[key] if not one.bound]
        for one in unbound:
            yield failed(
                f"{name}: the trigger {one.name} is not bound", "SCF console, triggers: delete it, then deploy"
            )
        if changes.nothing and not unbound:
            yield passed(f"{name} has all its triggers, and they are on")


@check("stopped")
def stopped(case: Case) -> Iterator[Answer]:
    """Whether somebody stopped the functions: a reserved concurrency of 0 is the way to."""
    for _, name, _ in _there(case):
        if case.deployed.functions.reserved_memory(name) == 0:
            yield failed(
                f"{name} is stopped: its reserved concurrency is 0, and events older than six hours are dropped",
                "SCF console, the function, concurrency: remove the quota",
            )
        else:
            yield passed(f"{name} is not stopped")


@check("other triggers")
def others(case: Case) -> Iterator[Answer]:
    """Whether other functions of the namespace are told of the same buckets: as far as may be looked."""
    ours = {function.name for function in case.deployment.functions.values()}
    told = [
        (name, one.trigger)
        for name in case.deployed.functions.names()
        if name not in ours
        for one in case.deployed.triggers.of(name, name)
        if one.trigger and one.trigger.bucket in case.buckets
    ]
    for name, trigger in told:
        yield warned(
            f"another function, {name}, is {described(trigger)}: our own writes invoke it too",
            "Nothing to do if you want that; but it must not write onto objects for each event",
        )
    if not told:
        yield passed("no other function of the namespace has triggers on these buckets")


def _there(case: Case) -> Iterator[tuple[str, str, DeployedFunction]]:
    """Key, name and state of the functions that have code; of others, and that none can be seen, `functions` speaks."""
    try:
        found = case.found.functions
    except CloudError:
        return
    for key, function in found.items():
        if function and function.status not in (Status.CREATING, Status.CREATE_FAILED):
            yield key, case.deployment.functions[key].name, function


def _goal(case: Case) -> Goal:
    marker = case.built or _NO_CODE
    return goal(case.deployment, case.configuration, marker).with_url(case.found.url)
