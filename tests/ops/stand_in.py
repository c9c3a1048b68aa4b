"""Stands in for Tencent's deployment tool: puts what serverless.yml says onto a fake cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cloud import FakeCloud
    from faketencent.scf.function import Handler
    from ops.manifest import Manifest


def deploy(cloud: FakeCloud, manifest: Manifest, handlers: Mapping[str, Handler]) -> str:
    """Create or update both functions and, the first time, their triggers; gives the function URL."""
    scf = cloud.scf.backend
    region = manifest.document["inputs"]["region"]
    names = {key: function["name"] for key, function in manifest.functions.items()}
    known = {name for name in names.values() if _exists(cloud, name)}
    for key, function in manifest.functions.items():
        fields = {
            "handler": handlers[function["handler"]],
            "role": function["role"],
            "environment": manifest.environment(key),
            "timeout": function["timeout"],
            "memory": function["memorySize"],
            "region": region,
        }
        if names[key] in known:
            scf.update_function(names[key], **fields)
        else:
            scf.create_function(names[key], **fields)
    if not known:
        for trigger in manifest.triggers:
            _add_trigger(cloud, names[trigger["function"]], trigger["type"], trigger["parameters"])
    return scf.function_url(names["callback"])


def _exists(cloud: FakeCloud, name: str) -> bool:
    return cloud.scf.backend.functions.find(name) is not None


def _add_trigger(cloud: FakeCloud, function: str, kind: str, parameters: Mapping[str, Any]) -> None:
    scf = cloud.scf.backend
    if kind == "cos" and parameters["enable"]:
        bucket, _, _ = parameters["bucket"].partition(".")
        scf.add_cos_trigger(function, bucket, parameters["events"], **parameters["filter"])
    elif kind == "timer" and parameters["enable"]:
        _, minutes, *_ = parameters["cronExpression"].split()
        scf.add_timer(function, parameters["name"], 60 * float(minutes.removeprefix("*/")))
    elif kind == "http":
        assert parameters["netConfig"]["enableExtranet"]
