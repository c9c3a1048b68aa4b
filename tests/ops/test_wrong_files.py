"""Wrong files of settings and wrong hand edits: a line or two, exit code 2, and nothing is asked of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.checkout import SERVERLESS_YML
from ops.deploy.command import deploy
from ops.doctor.command import doctor
from ops.pause import pause, resume
from ops.policy import policy
from ops.remove.command import remove
from ops.setup.command import setup
from ops.status.command import status
from ops.verify.command import verify
from ops.version import show_version
from tests.ops.account import Operator, an_operator
from tests.ops.deployment import SETTINGS, STRONG_SECRET
from tests.ops.manifest.test_reading import WRONG as WRONG_MANIFESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Says the same on every Python.
pytestmark = pytest.mark.once

TEXT = "".join(f"{name}={value}\n" for name, value in SETTINGS.items())
WRONG_SETTINGS: dict[str, tuple[bytes, str]] = {
    "another encoding": ("WATERMARK_INCLUDE=假期/**\n".encode("gbk"), ".env is not UTF-8"),
    "UTF-16": (TEXT.encode("utf-16"), ".env is not UTF-8"),
    "a line that is none": (f"{TEXT}{STRONG_SECRET}\n".encode(), ".env, line 6: not of the form NAME=value"),
    "an open quote": (f"{TEXT}WATERMARK_INCLUDE='a/**\n".encode(), ".env, line 6: not of the form NAME=value"),
    "a name twice": (f"{TEXT}DEPLOY_REGION=ap-beijing\n".encode(), ".env, line 6: DEPLOY_REGION is set twice"),
    "an unknown name": (f"{TEXT}WATERMARK_LIMIT=1\n".encode(), ".env: WATERMARK_LIMIT is not a setting"),
    "small letters": (f"{TEXT}watermark_min_age=1\n".encode(), ".env: watermark_min_age is not a setting"),
    "a name of yesterday": (f"{TEXT}DEPLOY_BUCKET_DOMAIN=a\n".encode(), ".env: DEPLOY_BUCKET_DOMAIN is not a setting"),
    "a wrong region": (TEXT.replace("ap-beijing", "Beijing").encode(), ".env: DEPLOY_REGION: must be a region's full"),
    "a bucket without APPID": (TEXT.replace("videos-1250000000", "videos").encode(), ".env: DEPLOY_BUCKETS: must be"),
    "a short secret": (TEXT.replace(STRONG_SECRET, "short").encode(), ".env: WATERMARK_SECRET: must have at least 32"),
    "a limit of nothing": (TEXT.replace("=100", "=0").encode(), ".env: WATERMARK_MAX_JOBS_PER_DAY: must be 1 to"),
    "a list that SCF splits": (f"{TEXT}WATERMARK_INCLUDE=a;b\n".encode(), ".env: WATERMARK_INCLUDE contains"),
    "no settings at all": (b"x" * 70_000, ".env has more than 64 KB"),
}
COMMANDS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "setup": (setup, ("--yes",)),
    "deploy": (deploy, ("--yes",)),
    "doctor": (doctor, ()),
    "version": (show_version, ()),
    "remove": (remove, ("--yes",)),
    "policy": (policy, ("submit",)),
    "status": (status, ()),
    "verify": (verify, ("a.mp4",)),
    "pause": (pause, ()),
    "resume": (resume, ("--yes",)),
}


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with an_operator(tmp_path) as operator:
        yield operator


def refused(operator: Operator, command: str, *arguments: str) -> list[str]:
    run, given = COMMANDS[command]
    code, output = operator.run(run, *given, *arguments)
    assert (code, list(operator.cloud.journal)) == (2, []), output
    assert STRONG_SECRET not in output
    # `version` can say what is here, whatever the settings are.
    lines = [line for line in output.splitlines() if not line.startswith("here: version")]
    assert len(lines) <= 2
    return lines


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("content", "said"), WRONG_SETTINGS.values(), ids=WRONG_SETTINGS.keys())
def test_wrong_settings(operator: Operator, command: str, content: bytes, said: str) -> None:
    file = operator.folder / ".env"
    file.write_bytes(content)

    assert refused(operator, command)[0].startswith(said)
    assert file.read_bytes() == content


@pytest.mark.parametrize("command", ["deploy", "doctor"])
@pytest.mark.parametrize(("change", "said"), WRONG_MANIFESTS)
def test_wrong_hand_edits(operator: Operator, command: str, change: Callable[[str], str], said: str) -> None:
    file = operator.folder / "serverless.yml"
    file.write_text(change(SERVERLESS_YML.read_text(encoding="utf-8")), encoding="utf-8")
    run, given = COMMANDS[command]

    code, output = operator.run(run, *given, f"--serverless-yml={file}")

    assert (code, list(operator.cloud.journal)) == (2, []), output
    assert said in output.splitlines()[0]
    assert "Traceback" not in output


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("setup", "version")])
def test_no_settings_yet(operator: Operator, command: str) -> None:
    (operator.folder / ".env").unlink()

    assert "`./cos-watermark setup` writes it" in refused(operator, command)[0]


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "policy"])
def test_no_key_pair(operator: Operator, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator, "who", type(operator.who)("nobody", "", "no key at all", ()))

    said = refused(operator, command)[-1]

    assert "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY must both be set" in said
