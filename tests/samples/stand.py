"""The samples of docs/samples/ beside a deployment: each a function with a role and a trigger of its own."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from faketencent.scf import bootstrap
from ops.checkout import ROOT
from ops.manifest.text import read_document
from tests.world import BUCKET, LEDGER, World, deployed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.cam import Policy
    from faketencent.scf.invocation import Invocation

SAMPLES = ROOT / "docs" / "samples"
PATH = "/hook?key=only-the-team-knows"
#: What SCF waits before it brings an event again.
LATER = 60


def policy(name: str, ledger_prefix: str = "") -> Policy:
    """The policy that the sample's role is to have."""
    text = (SAMPLES / name / "policy.json").read_text(encoding="utf-8")
    document: Policy = json.loads(text.replace("/results/", f"/{ledger_prefix}results/"))
    return document


def manifest(name: str) -> dict[str, Any]:
    """What the sample's serverless.yml says."""
    document: dict[str, Any] = dict(read_document(SAMPLES / name / "serverless.yml"))
    return document


@dataclass
class Receiver:
    """Another system: a function with a URL, which keeps what it is sent."""

    world: World
    received: list[dict[str, Any]] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=lambda: {"statusCode": 200, "body": "{}"})

    def __post_init__(self) -> None:
        self.world.cloud.scf.backend.create_function("receiver", self._take)

    @property
    def url(self) -> str:
        """Its address, with a secret in it."""
        return self.world.cloud.scf.backend.function_url("receiver") + PATH

    def _take(self, event: Any, _: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - an HTTP request as SCF has it
        self.received.append(json.loads(event["body"]))
        return self.answer


def add(world: World, name: str, code: Path, granted: Policy | None, **environment: str) -> None:
    """Deploy a sample beside the two functions, as its serverless.yml says."""
    scf, (function,) = world.cloud.scf.backend, manifest(name)["inputs"]["functions"].values()
    (trigger,) = (one["parameters"] for one in manifest(name)["inputs"]["triggers"])
    ledger_prefix = world.settings.get("LEDGER_PREFIX", "")
    world.cloud.cam.create_role(function["role"], granted or policy(name, ledger_prefix))
    handler = bootstrap.load(code, function["handler"])
    chosen = {"environment": environment, "timeout": function["timeout"], "memory": function["memorySize"]}
    scf.create_function(name, handler, role=function["role"], **chosen)
    scf.add_cos_trigger(name, LEDGER, trigger["events"], prefix=ledger_prefix + trigger["filter"]["prefix"])


@contextmanager
def with_sample(
    name: str, *, code: Path | None = None, granted: Policy | None = None, ledger_prefix: str = ""
) -> Iterator[tuple[World, Receiver]]:
    """A deployment with that sample, or other code in its place, and a receiver that it can tell."""
    folder = code or SAMPLES / name
    settings = {"LEDGER_PREFIX": ledger_prefix} if ledger_prefix else {}
    try:
        with deployed(timer=False, **settings) as world:
            receiver = Receiver(world)
            add(world, name, folder, granted, WEBHOOK_URL=receiver.url)
            yield world, receiver
    finally:
        bootstrap.unload(folder)


def runs(world: World, name: str) -> list[Invocation]:
    """All runs of a function."""
    return [run for run in world.cloud.scf.backend.invocations if run.function == name]


def tags(world: World, key: str) -> dict[str, str]:
    """The tags of a video."""
    return dict(world.cloud.cos.backend.get(BUCKET, key).tags)


def keep(world: World, name: str, **said: object) -> None:
    """Have a record of the video in the ledger whose result is not on it."""
    video = world.get("a.mp4")
    about = {"bucket": BUCKET, "key": "a.mp4", "crc64": video.crc64, "size": video.size, "applied": False}
    world.cloud.cos.backend.put(LEDGER, f"results/2026-01-01/{name}.json", json.dumps({**about, **said}).encode())
    world.cloud.settle()
