"""What all this was measured on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CPU = FilePath("/proc/cpuinfo")


def machine(python: Path) -> dict[str, str]:
    """The machine, its system, the functions' Python, and the day."""
    asked = "import platform, ssl; print(platform.python_version(), ssl.OPENSSL_VERSION, sep='\\n')"
    done = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603 - our own
    version, openssl = done.stdout.splitlines()
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "python": version,
        "openssl": openssl,
        "at": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
    }


def _processor() -> str:
    found = re.search(r"^model name\s*: (.*)$", _CPU.read_text(), re.MULTILINE) if _CPU.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
