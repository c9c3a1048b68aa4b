"""How hypothesis runs here: the same examples every time in `make test`, many more in `make test-long`.

And a last word: what tests counted (`record_property`) is added up and printed.
"""

from __future__ import annotations

import gc
import os
import re
from collections import Counter
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.fixture
def short_way() -> Iterator[None]:
    """Have the functions of a test's deployments reach the fake cloud the short way: `tests/direct.py`."""
    from tests.direct import in_process_directly  # noqa: PLC0415 - imports the SDK, which most tests can do without

    with patch("tests.world.in_process", in_process_directly):
        yield


_ONCE = re.compile(r"^pytestmark = .*pytest\.mark\.once", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import a module whose tests are all left out: that is half of the work of collecting.

    Nor what a folder of such modules has in common: Tencent's own clients are there for the first Python only.
    """
    if config.option.markexpr != "not once":
        return None
    tests = [*collection_path.rglob("test_*.py")] if collection_path.is_dir() else [collection_path]
    return (bool(tests) and all(_ONCE.search(test.read_text(encoding="utf-8")) for test in tests)) or None


def pytest_collection_finish() -> None:
    """Have the garbage collector leave alone what is there for good: modules and tests are most of what it looks at."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the size of the crash matrix and the like."""
    counts: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if isinstance(value, int):
                counts[name] += value
    for name, count in counts.items():
        terminalreporter.write_line(f"{name}: {count} runs")
