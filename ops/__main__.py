"""`python -m ops` from the top of the checkout: what `./cos-watermark` runs from anywhere."""

from __future__ import annotations

try:
    from ops.cli import main

    main()
except KeyboardInterrupt:
    # While modules are still being read; a command itself says more.
    raise SystemExit(130) from None
