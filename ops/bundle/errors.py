"""Why there is no bundle."""

from __future__ import annotations


class BundleError(Exception):
    """The bundle cannot be built; the text says why and what to do."""
