"""Questions about SCF."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import requests

from ops import waiting
from ops.deploy.functions import Functions
from ops.probe.account import FUNCTION, NAMESPACE
from ops.probe.questions import NotSeenError, Question, judged
from ops.probe.things import archive, function
from ops.tencent.scf import Scf
from shared.errors import CloudError

if TYPE_CHECKING:
    from ops.probe.questions import Answer
    from ops.probe.stage import Stage

#: What a call was answered while a function changed.
_BUSY = (
    "FailedOperation.UpdateFunctionConfiguration",
    "UnauthorizedOperation.FunctionStatus",
    "FailedOperation.FunctionStatusError",
)
_CHINA = timezone(timedelta(hours=8))
_PATIENCE = 10


def _scf(stage: Stage) -> Scf:
    stage.function()
    return Scf(stage.account.api, NAMESPACE)


def _hash(stage: Stage) -> Answer:
    told, sent = _scf(stage).code_sha256(FUNCTION), hashlib.sha256(archive()).hexdigest()
    return judged(told == sent, f"CodeSha256 is {'' if told == sent else 'not '}the SHA-256 of the zip as it was sent")


def _updating(stage: Stage) -> Answer:
    scf, wanted = _scf(stage), function(stage.account)
    scf.update_configuration(replace(wanted, memory=256), wanted.description)
    try:
        scf.update_configuration(wanted, wanted.description)
    except CloudError as error:
        if error.retryable:
            raise
        answer = judged(error.cause.code in _BUSY, f"{error.cause.code}: {error.cause.message}")
    else:
        answer = judged(holds=False, evidence="the second of two updates in a row was taken")
    Functions(scf, b"", lambda _: None).settled(FUNCTION)
    return answer


def _zone(stage: Stage) -> Answer:
    found = _scf(stage).function(FUNCTION)
    if found is None:
        raise NotSeenError("the function is gone")
    try:
        told = datetime.strptime(found.modified, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
    except ValueError:
        return judged(holds=False, evidence=f"ModTime is {found.modified!r}")
    ahead = (told.timestamp() - waiting.now()) / 3600
    return judged(-1 < ahead < 0.1, f"ModTime {found.modified} read as UTC+8 is {ahead:.1f} hours from now")


def _plain(stage: Stage) -> Answer:
    """As somebody from outside would; a URL of TDMQ's topics must begin with `http://`."""
    address = stage.address("plain").replace("https://", "http://", 1)
    try:
        status = requests.get(address, timeout=_PATIENCE, allow_redirects=False).status_code
    except requests.RequestException as error:
        return judged(holds=False, evidence=f"no answer: {type(error).__name__}")
    return judged(status == 200, f"answered {status}")


QUESTIONS = (
    Question("scf-hash", "What is CodeSha256 the hash of?", "of the zip as it was sent", "ops/tencent/scf.py", _hash),
    Question("scf-zone", "In which zone is ModTime?", "UTC+8", "faketencent/scf/api/lookup.py", _zone),
    Question(
        "scf-updating",
        "How is a change refused while another change is in progress?",
        " or ".join(_BUSY),
        "ops/tencent/refusals.py",
        _updating,
    ),
    Question(
        "scf-plain-http",
        "Does a function URL reply to plain http:// from outside?",
        "it does",
        "faketencent/scf/api/listing.py",
        _plain,
    ),
)
