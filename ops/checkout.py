"""Where things are in this checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVERLESS_YML = ROOT / "serverless.yml"
DEPLOY_LOCK = ROOT / "requirements" / "deploy.txt"
BUILD = ROOT / "build"
BUNDLE_FOLDER = BUILD / "bundle"
BUNDLE_ARCHIVE = ROOT / "dist" / "cos-watermark.zip"
