"""`python -m tests.coverage_summary`: in two lines, how much of the deployed code the measured tests run."""

from __future__ import annotations

import json
import sys
from typing import Any

from coverage import Coverage

from ops.checkout import BUILD

#: Files that are named.
LEAST = 5


def main() -> None:
    """Say it; end with 1 if it is less than pyproject.toml asks for."""
    measured = Coverage()
    measured.load()
    measured.json_report(outfile=str(BUILD / "coverage" / "files.json"))
    report = json.loads((BUILD / "coverage" / "files.json").read_text(encoding="utf-8"))
    total, bound = report["totals"]["percent_covered"], float(str(measured.get_option("report:fail_under")))
    sys.stdout.write(summary(report, bound))
    sys.exit(int(total < bound))


def summary(report: dict[str, Any], bound: float) -> str:
    """The total, and the files of which least is run."""
    by_file = {name: file["summary"]["percent_covered"] for name, file in report["files"].items()}
    least = sorted(by_file, key=lambda name: by_file[name])[:LEAST]
    total = report["totals"]["percent_covered"]
    verdict = "" if total >= bound else "TOO LITTLE: "
    return (
        f"{verdict}coverage of functions/ and shared/, lines and branches: {total:.1f} % (bound {bound:.1f} %)\n"
        f"least: {', '.join(f'{name} {by_file[name]:.0f} %' for name in least)}; all: make coverage\n"
    )


if __name__ == "__main__":
    main()
