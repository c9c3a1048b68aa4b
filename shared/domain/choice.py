"""What is checked and what is not: decided by key and size, before anybody looks at the object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.domain.outcome import Reason

if TYPE_CHECKING:
    from shared.settings import Settings


def why_unchecked(key: str, size: int | None, settings: Settings) -> Reason | None:
    """Why the object is not checked, as the operator chose; `size` is `None` where it is not known."""
    if key.endswith("/"):
        return Reason.FOLDER
    if not key.lower().endswith(settings.suffixes):
        return Reason.NOT_A_VIDEO
    if not _is_chosen(key, settings):
        return Reason.EXCLUDED
    if size == 0:
        return Reason.EMPTY
    if size is not None and settings.max_size is not None and size > settings.max_size:
        return Reason.TOO_LARGE
    return None


def _is_chosen(key: str, settings: Settings) -> bool:
    included = not settings.include or any(glob.matches(key) for glob in settings.include)
    return included and not any(glob.matches(key) for glob in settings.exclude)
