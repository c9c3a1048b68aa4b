"""A `.env` that nothing is wrong with, to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.world import BUCKET, LEDGER, REGION

if TYPE_CHECKING:
    from pathlib import Path

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
