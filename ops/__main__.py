"""`python -m ops` is `cos-watermark` without installing it."""

from __future__ import annotations

from ops.cli import main

main()
