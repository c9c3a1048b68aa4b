"""Chromium without a window, as Debian packages it; nothing else is needed to drive it."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--enable-logging=stderr", "--v=0",
    # Until what the page and the test set going is done; it does not take so long.
    "--virtual-time-budget=2000",
)  # fmt: skip
_OUTCOME = re.compile(r'<pre id="outcome">(.*?)</pre>', re.DOTALL)


@dataclass(frozen=True)
class Visit:
    """A page to be looked at through a window so wide, and a script that leaves something in `outcome`."""

    page: str
    script: str
    width: int


@dataclass(frozen=True)
class Seen:
    """What the script found out, and what the browser complained of."""

    outcome: dict[str, Any]
    console: tuple[str, ...]


def look(**visits: Visit) -> dict[str, Seen]:
    """Open the pages, side by side, as starting a browser takes longer than all that it does here."""
    assert CHROMIUM
    with TemporaryDirectory(prefix="report-") as folder:
        for name, visit in visits.items():
            (Path(folder) / f"{name}.html").write_text(_with(name, visit), encoding="utf-8")
        around = Path(folder) / "around.html"
        around.write_text(_around(visits), encoding="utf-8")
        command = [CHROMIUM, *_FLAGS, f"--user-data-dir={folder}/profile", "--dump-dom", around.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - a browser
    complaints = [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
    (found,) = _OUTCOME.findall(done.stdout)
    outcomes = json.loads(html.unescape(found))
    return {
        name: Seen(outcomes[name], tuple(line for line in complaints if f"/{name}.html" in line)) for name in visits
    }


def _around(visits: Mapping[str, Visit]) -> str:
    """A page with the others in it: no window is as narrow as a phone, but a frame is."""
    frames = "".join(
        f'<iframe src="{name}.html" width="{one.width}" height="900"></iframe>' for name, one in visits.items()
    )
    return f"""<!DOCTYPE html><meta charset="utf-8"><body><pre id="outcome">{{}}</pre><script>
    const outcomes = {{}};
    addEventListener("message", (event) => {{
        Object.assign(outcomes, event.data);
        document.getElementById("outcome").textContent = JSON.stringify(outcomes);
    }});
    </script>{frames}"""


def _with(name: str, visit: Visit) -> str:
    """The page with a script more; its policy lets that one run too."""
    tells = f'setTimeout(() => parent.postMessage({{ "{name}": outcome }}, "*"), 300);'
    source = f"const outcome = {{}};{visit.script}{tells}"
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    before, found, after = visit.page.partition("script-src ")
    assert found
    return f"{before}{found}'sha256-{digest}' {after}".replace("</body>", f"<script>{source}</script></body>")
