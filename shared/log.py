"""One JSON object a line on standard output, which SCF collects.

Not the `logging` module: the platform configures its root logger at DEBUG
(https://github.com/tencentyun/scfcli), where the SDK prints authorisations and keys. `silence_sdk` closes that hole.
"""

from __future__ import annotations

import json
from enum import Enum


class Level(Enum):
    """How much a line matters."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def write(event: str, level: Level = Level.INFO, **fields: object) -> None:
    """Print one line. Everything beyond ASCII is escaped: keys and texts come from strangers."""
    # The log service indexes texts and numbers only (https://cloud.tencent.com/document/product/583/55595).
    plain = {name: int(value) if isinstance(value, bool) else value for name, value in fields.items()}
    line = json.dumps({"level": level.value, "event": event, **plain}, ensure_ascii=True, default=str)
    # An escape like \u001b is text in JSON; nothing in the line can steer a terminal or start a line of its own.
    print(line, flush=True)  # noqa: T201 - standard output is where SCF takes logs from


def silence_sdk() -> None:
    """Keep the SDK and what it stands on from logging at all; every error of theirs reaches ours by exception."""
    import logging  # noqa: PLC0415 - the SDK imports it anyway; what does without the SDK can do without this

    for name in ("qcloud_cos", "urllib3", "requests", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
