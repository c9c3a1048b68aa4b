"""Reads what is to be deployed: serverless.yml with `.env` filled in."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from ops.manifest.deployment import Deployment, Function, Trigger
from ops.manifest.schema import CosParameters, File, HttpParameters, TimerParameters, TriggerKind, validated
from ops.manifest.text import BUCKET_DOMAIN, ManifestError, filled_in, read_document, references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ops.configuration.configuration import Configuration

#: https://cloud.tencent.com/document/product/583/11637.
_MAX_COS_TRIGGERS = 10
#: The variable in that reference.
(_DOMAIN,) = references(BUCKET_DOMAIN)


def read_deployment(path: Path, configuration: Configuration) -> Deployment:
    """What the file and `.env` deploy.

    Raises:
        ManifestError: the file is wrong, or does not fit `.env`; a line each.
    """
    try:
        file = validated(resolved(read_document(path), configuration), path.name)
    except RecursionError as error:
        raise ManifestError(f"{path.name}: an anchor (&) is used within itself") from error
    missing = {"submit", "callback"} - file.inputs.functions.keys()
    if missing:
        raise ManifestError(f"{path.name}: inputs.functions.{' and '.join(sorted(missing))} is missing")
    triggers = tuple(_trigger(trigger.function, trigger.parameters) for trigger in file.inputs.triggers)
    problems = list(_problems(file, triggers, configuration))
    if problems:
        raise ManifestError("\n".join(f"{path.name}: {problem}" for problem in problems))
    return Deployment(file.inputs.region, _functions(file, configuration), triggers)


def resolved(document: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """The document with variables filled in, and the triggers on video buckets once for each bucket.

    Settings of functions keep their references; what they get is all of `.env`.
    """
    region = configuration.laptop.region
    inputs = document.get("inputs")
    if not isinstance(inputs, dict):
        return document
    triggers = inputs.get("triggers")
    if isinstance(triggers, list):
        domains = [f"{bucket}.cos.{region}.myqcloud.com" for bucket in configuration.laptop.buckets]
        triggers = [one for trigger in triggers for one in _for_each(trigger, domains)]
    filled = filled_in({**inputs, "triggers": triggers, "functions": None}, {"DEPLOY_REGION": region})
    filled["functions"] = _renamed(inputs.get("functions"), f"{document.get('app')}-", f"{configuration.laptop.name}-")
    return {**document, "inputs": {name: filled[name] for name in inputs}}


def _renamed(node: object, app: str, deployment: str) -> object:
    """The functions with names and roles that begin as the deployment's do, where they began as the app's."""
    if not isinstance(node, dict):
        return node
    return {
        key: deployment + value.removeprefix(app)
        if key in ("name", "role") and isinstance(value, str) and value.startswith(app)
        else _renamed(value, app, deployment)
        for key, value in node.items()
    }


def _for_each(trigger: object, domains: list[str]) -> Iterator[Any]:
    if _DOMAIN not in references(trigger):
        yield trigger
        return
    for domain in domains:
        yield filled_in(trigger, {_DOMAIN: domain})


def _functions(file: File, configuration: Configuration) -> dict[str, Function]:
    laptop, inputs = configuration.laptop, file.inputs
    return {
        key: Function(
            key=key,
            name=function.name,
            namespace=inputs.namespace,
            description=function.description,
            handler=function.handler,
            runtime=inputs.runtime,
            role=function.role,
            memory=function.memory,
            timeout=function.timeout,
            init_timeout=function.init_timeout,
            public=function.public,
            environment=configuration.environment,
            logset=laptop.logset,
            topic=laptop.topic,
        )
        for key, function in inputs.functions.items()
    }


def _trigger(function: str, parameters: CosParameters | TimerParameters | HttpParameters) -> Trigger:
    match parameters:
        case CosParameters(bucket=bucket, events=events, filter=chosen):
            made = Trigger(TriggerKind.COS, function, parameters.qualifier, parameters.enable, bucket)
            return replace(made, event=events, prefix=chosen.prefix, suffix=chosen.suffix)
        case TimerParameters(name=name, cron=cron, argument=argument):
            made = Trigger(TriggerKind.TIMER, function, parameters.qualifier, parameters.enable, name)
            return replace(made, cron=cron, argument=argument)
        case HttpParameters(name=name, auth_type=auth, net=net):
            made = Trigger(TriggerKind.HTTP, function, parameters.qualifier, parameters.enable, name)
            return replace(made, auth_type=auth, extranet=net.extranet, intranet=net.intranet)


def _problems(file: File, triggers: tuple[Trigger, ...], configuration: Configuration) -> Iterator[str]:
    region, buckets = configuration.laptop.region, configuration.laptop.buckets
    if file.inputs.region != region:
        yield "inputs.region must be ${env:DEPLOY_REGION}; the region itself belongs into .env"
    for number, trigger in enumerate(triggers):
        if trigger.function not in file.inputs.functions:
            yield f"inputs.triggers.{number}.function is not a function of the file"
        if trigger.kind is TriggerKind.COS and (trigger.bucket not in buckets or trigger.region != region):
            place = f"inputs.triggers.{number}.parameters.bucket"
            yield f"{place} must be {BUCKET_DOMAIN}; buckets are named in DEPLOY_BUCKETS"
        if trigger in triggers[:number]:
            yield f"inputs.triggers.{number} is there twice"
        if references((trigger.prefix, trigger.suffix, trigger.argument)):
            yield f"inputs.triggers.{number} has a variable without a value"
        if trigger.kind is TriggerKind.TIMER and len(trigger.cron.split()) != 7:
            yield f"inputs.triggers.{number}.parameters.cronExpression must have seven fields, the first is seconds"
    yield from _collisions(file, triggers)
    if configuration.laptop.topic and not configuration.laptop.logset:
        yield "DEPLOY_TOPIC_ID needs DEPLOY_LOGSET_ID too"


def _collisions(file: File, triggers: tuple[Trigger, ...]) -> Iterator[str]:
    """What SCF would refuse, or take for one thing, when a part is deployed already."""
    if len({function.name for function in file.inputs.functions.values()}) < len(file.inputs.functions):
        yield "inputs.functions: both have the same name"
    timers = [(t.function, t.name) for t in triggers if t.kind is TriggerKind.TIMER]
    if len(set(timers)) < len(timers):
        yield "inputs.triggers: two timers of a function have the same name"
    cos = [(number, t) for number, t in enumerate(triggers) if t.kind is TriggerKind.COS]
    for (first, one), (second, other) in combinations(cos, 2):
        if one != other and one.overlaps(other):
            yield f"inputs.triggers.{second} is for the same uploads as inputs.triggers.{first}"
    for key in file.inputs.functions:
        if sum(t.kind is TriggerKind.HTTP and t.function == key for t in triggers) > 1:
            yield f"inputs.triggers: {key} has two triggers of type http, and a function has one URL"
        number = sum(t.kind is TriggerKind.COS and t.function == key for t in triggers)
        if number > _MAX_COS_TRIGGERS:
            yield (
                f"inputs.triggers: {number} COS triggers of {key}, and a function takes {_MAX_COS_TRIGGERS}; there is "
                "one for each event and each of DEPLOY_BUCKETS: remove events, or deploy some buckets with another .env"
            )
