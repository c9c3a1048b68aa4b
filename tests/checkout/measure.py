"""What each set of requirements comes to: `make lock` writes it into requirements/sizes.json, for the first run to say.

Packages are counted for each Python from 3.10 to 3.14, without setuptools; megabytes are those of this machine.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

from ops.checkout import ROOT
from ops.install import locks
from ops.install.environment import READY, Environment

SETS = ("run", "test", "dev")
MINORS = range(10, 15)
_BYTES_PER_MB = 1_000_000


def pins(name: str) -> dict[Requirement, frozenset[str]]:
    """What a lock pins, with the hashes of each."""
    text = locks.path_of(name).read_text(encoding="utf-8").replace("\\\n", "")
    lines = re.findall(r"^[a-z].*$", text, re.MULTILINE)
    return {Requirement(line.partition(" --hash")[0]): frozenset(re.findall(r"sha256:\w+", line)) for line in lines}


def packages(name: str) -> dict[str, int]:
    """How many packages of a lock are installed with each Python."""
    return {f"3.{minor}": sum(_wanted(pin, minor) for pin in pins(name)) for minor in MINORS}


def _wanted(pin: Requirement, minor: int) -> bool:
    machine = {
        "python_full_version": f"3.{minor}.0",
        "sys_platform": "linux",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return pin.marker is None or pin.marker.evaluate(machine)


def measure(name: str) -> dict[str, object]:
    """Install a set and throw it away."""
    folder = ROOT / ".venv" / f"measured-{name}"
    environment = Environment(folder)
    try:
        environment.bring(READY, (name,))
        with tempfile.TemporaryDirectory() as archives:
            how = ("download", "--quiet", "--require-hashes", "--no-deps", "--no-build-isolation", "--dest", archives)
            command = (folder / "bin" / "python", "-m", "pip", *how, "-r", locks.path_of(name))
            subprocess.run(command, check=True)  # noqa: S603 - nothing from outside
            fetched = sum(path.stat().st_size for path in Path(archives).iterdir())
        disk = environment.megabytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_name(f"{folder.name}.lock").unlink(missing_ok=True)
    return {
        "lock": locks.digest(name),
        "packages": packages(name),
        "fetch_mb": round(fetched / _BYTES_PER_MB),
        "disk_mb": disk,
    }


if __name__ == "__main__":
    sizes = {name: measure(name) for name in SETS}
    locks.SIZES.write_text(json.dumps(sizes, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(locks.SIZES.read_text(encoding="utf-8"))
