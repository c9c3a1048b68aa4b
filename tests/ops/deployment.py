"""A `.env` that nothing is wrong with, to be changed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ops.checkout import SERVERLESS_YML
from ops.configuration.configuration import read_configuration
from ops.manifest.reading import read_deployment
from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from ops.configuration.configuration import Configuration
    from ops.manifest.deployment import Deployment

STRONG_SECRET = "c0b8a1f94e7d26358cd1e09b7f64a2d35e817c90bb46f3d2"
SETTINGS = {
    "DEPLOY_REGION": REGION,
    "DEPLOY_BUCKETS": BUCKET,
    "WATERMARK_LEDGER_BUCKET": LEDGER,
    "WATERMARK_SECRET": STRONG_SECRET,
    "WATERMARK_MAX_JOBS_PER_DAY": "100",
}


def env_file(folder: Path, **changes: str | None) -> Path:
    """The file, with values changed; `None` leaves one out."""
    values = {**SETTINGS, **changes}
    file = folder / ".env"
    file.write_text("".join(f"{k}='{v}'\n" for k, v in values.items() if v is not None), encoding="utf-8")
    return file


def configuration(**changes: str | None) -> Configuration:
    """What such a file says."""
    with TemporaryDirectory() as folder:
        return read_configuration(env_file(Path(folder), **changes), {})


def deployment(**changes: str | None) -> Deployment:
    """What serverless.yml deploys with it."""
    return read_deployment(SERVERLESS_YML, configuration(**changes))
