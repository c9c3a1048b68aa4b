"""A deployment on the fake cloud for the doctor to look at: healthy, until a test makes it ill."""

from __future__ import annotations

import copy
import json
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from faketencent.scf.cos_trigger import CosTrigger
from faketencent.scf.cron import Cron
from faketencent.scf.timer import TimerTrigger
from ops.checkout import SERVERLESS_YML
from ops.configuration.configuration import read_configuration
from ops.deploy.goal import Goal, goal
from ops.deploy.marker import Marker
from ops.doctor.case import Case
from ops.doctor.examination import Examination, examine
from ops.manifest.reading import read_deployment
from ops.manifest.schema import TriggerKind
from tests.ops.deployment import STRONG_SECRET
from tests.world import BUCKET, REGION, SUBSCRIBED, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from faketencent.cam import Policy
    from faketencent.scf.models import ScfBackend
    from ops.configuration.configuration import Configuration
    from ops.doctor.finding import Check, Finding
    from ops.manifest.deployment import Deployment

Inputs = dict[str, Any]
#: What was built here, and deployed.
MARKER = Marker("0.1.0", "a" * 64)


_READ: dict[tuple[str, tuple[str, ...]], Deployment] = {}


@cache
def _document() -> Inputs:
    document: Inputs = yaml.safe_load(SERVERLESS_YML.read_text(encoding="utf-8"))
    return document


@dataclass
class Clinic:
    """The world, the deployment file and `.env` in a folder of its own, and the operator's key."""

    world: World
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    laptop: dict[str, str] = field(default_factory=dict)
    built: Marker | None = MARKER
    #: Seconds that this machine's clock is ahead.
    ahead: float = 0

    def __post_init__(self) -> None:
        account = self.world.cloud.cam.account
        self.environment = {"TENCENTCLOUD_SECRET_ID": account.secret_id, "TENCENTCLOUD_SECRET_KEY": account.secret_key}
        self.laptop = {"DEPLOY_REGION": REGION, "DEPLOY_BUCKETS": BUCKET}
        self.deploy()
        self._make_live()

    def deploy(self, change: Callable[[Inputs], object] = lambda _: None) -> None:
        """Write the deployment file, the real one with the names of the world, changed; what is live stays."""
        document = copy.deepcopy(_document())
        inputs = document["inputs"]
        for name, function in inputs["functions"].items():
            function["name"] = name
        change(inputs)
        # JSON is YAML, and written faster.
        self.file.write_text(json.dumps(document), encoding="utf-8")

    def configure(self, **settings: str | None) -> None:
        """Set settings, without their prefix, in `.env` and in the functions; `None` takes one away."""
        self.world.configure(**settings)

    def change_env(self, **settings: str | None) -> None:
        """Set settings in `.env` alone."""
        merged = {**self.world.settings, **settings}
        self.world.settings = {name: value for name, value in merged.items() if value is not None}

    def use_role(self, policy: Policy, lifetime: float = 7200) -> None:
        """Hand the doctor temporary credentials that allow only this."""
        cam = self.world.cloud.cam
        cam.create_role("visitor", policy)
        identity = cam.assume("visitor", lifetime)
        self.environment = {
            "TENCENTCLOUD_SECRET_ID": identity.secret_id,
            "TENCENTCLOUD_SECRET_KEY": identity.secret_key,
            "TENCENTCLOUD_TOKEN": identity.token or "",
        }

    @property
    def file(self) -> Path:
        """The deployment file."""
        return self.folder / "serverless.yml"

    @property
    def configuration(self) -> Configuration:
        """What `.env` says."""
        file = self.folder / ".env"
        lines = [f"{name}='{value}'" for name, value in {**self.laptop, **self.world.variables}.items()]
        file.write_text("\n".join(lines), encoding="utf-8")
        return read_configuration(file, self.environment)

    @property
    def deployment(self) -> Deployment:
        """What the file and `.env` deploy; read once for all tests where both say the same, for YAML is slow."""
        configuration = self.configuration
        key = (self.file.read_text(encoding="utf-8"), configuration.file.lines)
        if key not in _READ:
            _READ[key] = read_deployment(self.file, configuration)
        return _READ[key]

    @property
    def case(self) -> Case:
        """What the doctor is given."""
        now = self.world.cloud.clock.now
        return Case(self.configuration, self.deployment, lambda: now() + self.ahead, self.built)

    @property
    def scf(self) -> ScfBackend:
        """What is live."""
        return self.world.cloud.scf.backend

    def ask(self, check: Check) -> list[Finding]:
        """What a check finds."""
        return check.examine(self.case)

    def ask_once(self, check: Check) -> Finding:
        """The only thing that a check finds."""
        (finding,) = self.ask(check)
        return finding

    def examine(self) -> Examination:
        """The whole examination."""
        return examine(self.case)

    def _make_live(self) -> None:
        """As `deploy` would leave it."""
        wanted = goal(self.deployment, self.configuration, MARKER)
        for function in wanted.functions.values():
            self.scf.update_function(
                function.name,
                description=replace(MARKER, size=3).on(function.description),
                entry=function.handler,
                code=b"zip",
                timeout=function.timeout,
                memory=function.memory,
                init_timeout=function.init_timeout,
                role=function.role,
            )
        self._bind(wanted)

    def _bind(self, wanted: Goal) -> None:
        for event in SUBSCRIBED:
            self.scf.delete_trigger(CosTrigger("submit", BUCKET, event, "", ""))
        for trigger in wanted.triggers:
            if trigger.kind is TriggerKind.COS:
                self.scf.add_cos_trigger(trigger.function, trigger.bucket, trigger.event)
            elif trigger.kind is TriggerKind.TIMER:
                self.scf.timers.add(TimerTrigger(trigger.function, trigger.name, 60, "", Cron.parse(trigger.cron)))


def allow(*actions: str) -> Policy:
    """A policy that allows these on everything."""
    return {"version": "2.0", "statement": [{"effect": "allow", "action": list(actions), "resource": ["*"]}]}


def uploads(inputs: Inputs) -> list[dict[str, Any]]:
    """The parameters of the COS triggers."""
    return [trigger["parameters"] for trigger in inputs["triggers"] if trigger["type"] == "cos"]


@contextmanager
def open_clinic(folder: Path) -> Iterator[Clinic]:
    """A deployment that nothing is wrong with, and that has had a video already."""
    with deployed(timer=False, SECRET=STRONG_SECRET, MAX_JOBS_PER_DAY="100") as world:
        clinic = Clinic(world, folder)
        world.upload("first.mp4", marked_video("first"))
        world.cloud.settle()
        world.cloud.advance(60)
        yield clinic
