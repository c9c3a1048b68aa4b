"""Digests that tell whether two places have the same code and the same settings."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from shared.signing import Purpose, canonical

if TYPE_CHECKING:
    from shared.settings import Settings

_SHARED = Path(__file__).parent


@cache
def code_digest() -> str:
    """SHA-256 over what lies in `shared/`, by name and content, in hex."""
    files = {path.relative_to(_SHARED).as_posix(): path for path in _SHARED.rglob("*.py")}
    contents = (hashlib.sha256(files[name].read_bytes()).hexdigest() for name in sorted(files))
    return hashlib.sha256(canonical(*sorted(files), *contents)).hexdigest()


def settings_digest(settings: Settings) -> str:
    """HMAC over all settings but the secrets, with the secret: it says nothing about them to others."""
    plain = settings.model_dump(mode="json", exclude={"secret", "secret_previous"})
    # A set has no order.
    plain["none_codes"] = sorted(settings.none_codes)
    return settings.secrets.sign(Purpose.SETTINGS, json.dumps(plain, sort_keys=True))
