"""`python -m ops` from the top of the checkout: what `./cos-watermark` runs from anywhere."""

from __future__ import annotations

from ops.cli import main

main()
