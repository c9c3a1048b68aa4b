"""A deployment on the fake cloud for the doctor to look at: healthy, until a test makes it ill."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import yaml

from ops.checkout import SERVERLESS_YML
from ops.doctor.case import Case
from ops.doctor.examination import Examination, examine
from tests.world import BUCKET, REGION, World, deployed, marked_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from faketencent.cam import Policy
    from ops.doctor.finding import Check, Finding

STRONG_SECRET = "c0b8a1f94e7d26358cd1e09b7f64a2d35e817c90bb46f3d2"
Inputs = dict[str, Any]


@dataclass
class Clinic:
    """The world, the deployment file in a folder of its own, and what the operator's environment holds."""

    world: World
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        account = self.world.cloud.cam.account
        self.environment = {"TENCENT_SECRET_ID": account.secret_id, "TENCENT_SECRET_KEY": account.secret_key}
        self.deploy()

    def deploy(self, change: Callable[[Inputs], object] = lambda _: None) -> None:
        """Write the deployment file: the real one, with the world's settings, changed."""
        document = yaml.safe_load(SERVERLESS_YML.read_text(encoding="utf-8"))
        inputs = document["inputs"]
        inputs["region"] = REGION
        for function in inputs["functions"].values():
            function["environments"] = [{"key": k, "value": v} for k, v in self.world.variables.items()]
        for trigger in uploads(inputs):
            trigger["bucket"] = domain(BUCKET)
        change(inputs)
        self.file.write_text(yaml.safe_dump(document), encoding="utf-8")

    def configure(self, **settings: str | None) -> None:
        """Deploy with settings changed, without their prefix; `None` takes one away."""
        self.world.configure(**settings)
        self.deploy()

    def use_role(self, policy: Policy, lifetime: float = 7200) -> None:
        """Hand the doctor temporary credentials that allow only this."""
        cam = self.world.cloud.cam
        cam.create_role("visitor", policy)
        identity = cam.assume("visitor", lifetime)
        self.environment = {
            "TENCENTCLOUD_SECRETID": identity.secret_id,
            "TENCENTCLOUD_SECRETKEY": identity.secret_key,
            "TENCENTCLOUD_SESSIONTOKEN": identity.token or "",
        }

    @property
    def file(self) -> Path:
        """The deployment file."""
        return self.folder / "serverless.yml"

    @property
    def case(self) -> Case:
        """What the doctor is given."""
        return replace(Case(self.environment, self.world.cloud.clock.now, self.file), **self.options)

    def ask(self, check: Check) -> list[Finding]:
        """What a check finds; fails if it cannot ask."""
        found = check.examine(self.case)
        assert found is not None, f"{check.name} was not asked"
        return found

    def ask_once(self, check: Check) -> Finding:
        """The only thing that a check finds."""
        (finding,) = self.ask(check)
        return finding

    def examine(self) -> Examination:
        """The whole examination."""
        return examine(self.case)


def allow(*actions: str) -> Policy:
    """A policy that allows these on everything."""
    return {"version": "2.0", "statement": [{"effect": "allow", "action": list(actions), "resource": ["*"]}]}


def domain(bucket: str) -> str:
    return f"{bucket}.cos.{REGION}.myqcloud.com"


def uploads(inputs: Inputs) -> list[dict[str, Any]]:
    """The parameters of the COS triggers."""
    return [trigger["parameters"] for trigger in inputs["triggers"] if trigger["type"] == "cos"]


@contextmanager
def open_clinic(folder: Path) -> Iterator[Clinic]:
    """A deployment that nothing is wrong with, and that has had a video already."""
    with deployed(SECRET=STRONG_SECRET, MAX_JOBS_PER_DAY="100") as world:
        world.upload("first.mp4", marked_video("first"))
        world.cloud.settle()
        yield Clinic(world, folder)
