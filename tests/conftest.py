"""How hypothesis runs here: the same examples every time in `make test`, many more in `make test-long`.

And a last word: what tests counted (`record_property`) is added up and printed.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from pytest import TerminalReporter  # noqa: PT013 - only the name of a type

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "ci", derandomize=True, deadline=None, print_blob=True, database=None, suppress_health_check=_SLOW
)
#: For further versions of Python: that the code runs there, not that it is right.
settings.register_profile(
    "few", derandomize=True, deadline=None, database=None, max_examples=10, suppress_health_check=_SLOW
)
settings.register_profile("long", deadline=None, print_blob=True, max_examples=2000, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the size of the crash matrix and the like."""
    counts: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if isinstance(value, int):
                counts[name] += value
    for name, count in counts.items():
        terminalreporter.write_line(f"{name}: {count} runs")
