"""A function that does nothing but import the SDK."""

from __future__ import annotations

from nothing import callback, submit  # type: ignore[import-not-found]
from qcloud_cos import CosConfig, CosS3Client

__all__ = ["CosConfig", "CosS3Client", "callback", "submit"]
