"""Where things are in this checkout."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVERLESS_YML = ROOT / "serverless.yml"
DEPLOY_LOCK = ROOT / "requirements" / "deploy.txt"
BUILD = ROOT / "build"
BUNDLE_FOLDER = BUILD / "bundle"
BUNDLE_ARCHIVE = ROOT / "dist" / "cos-watermark.zip"
ENV_FILE = ROOT / ".env"


def version() -> str:
    """The version of this checkout."""
    # The standard library of Python 3.10 reads no TOML.
    (found,) = re.findall(r'^version = "([^"]+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    return str(found)
