"""A log topic with an index, on a fake cloud, and lines in it as SCF writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from ops.logs.command import logs
from ops.logs.fields import NUMBERS, SEPARATORS, TEXTS, WORDS
from ops.logs.place import Place
from ops.tencent.api import Api
from shared.settings import read_credentials
from tests.ops.account import Operator, an_operator
from tests.world import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from faketencent.cloud import FakeCloud
    from faketencent.cls import Topic

FUNCTIONS = {"cos-watermark-submit": "submit", "cos-watermark-callback": "callback"}
_CUT = {**dict.fromkeys((*WORDS, *NUMBERS), ""), **dict.fromkeys(TEXTS, SEPARATORS)}
_SCF = dict.fromkeys(("SCF_FunctionName", "SCF_Type", "SCF_StatusCode", "SCF_Level"), "")
RULE = {
    "KeyValue": {
        "KeyValues": [{"Key": key, "Value": {"Type": "text", "Tokenizer": cut}} for key, cut in (_CUT | _SCF).items()]
    }
}


@dataclass
class Log:
    """The topic, what a command has of it, and somebody whose `.env` names it."""

    operator: Operator
    topic: Topic
    place: Place

    @property
    def cloud(self) -> FakeCloud:
        """Where it is."""
        return self.operator.cloud

    @property
    def now(self) -> float:
        """The cloud's time."""
        return self.cloud.clock.now()

    def write(self, at: float | None = None, function: str = "cos-watermark-submit", **fields: object) -> None:
        """Have a function print a line of ours."""
        own = {"level": "INFO", "event": "submit", **fields}
        text = json.dumps(own)
        shown = {name: value if isinstance(value, str) else json.dumps(value) for name, value in own.items()}
        self.put(at, SCF_FunctionName=function, SCF_Message=text, **shown)

    def put(self, at: float | None = None, **fields: str) -> None:
        """Have SCF write a line, with these fields and some of its own."""
        given = {"SCF_FunctionName": "cos-watermark-submit", "SCF_Type": "Custom", "SCF_StatusCode": "202", **fields}
        self.cloud.cls.backend.write(self.topic.id, given, self.now if at is None else at)

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run the command."""
        return self.operator.run(logs, *arguments)

    def found(self, *arguments: str) -> list[dict[str, Any]]:
        """The lines that it prints, read; what else it says is not looked at."""
        code, output = self.run("--json", *arguments)
        assert code == 0, output
        return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with an_operator(tmp_path) as operator:
        backend, account = operator.cloud.cls.backend, operator.who
        topic = backend.create_topic(backend.create_logset("cos-watermark", REGION), "cos-watermark")
        backend.set_index(topic, active=True, rule=RULE)
        operator.configure(DEPLOY_TOPIC_ID=topic.id)
        pair = {"TENCENTCLOUD_SECRETID": account.secret_id, "TENCENTCLOUD_SECRETKEY": account.secret_key}
        place = Place(Api(read_credentials(pair), REGION), topic.id, FUNCTIONS, indexed=True)
        yield Log(operator, topic, place)
