"""`python -m tests.coverage_summary`: in two lines, how much of the deployed code the measured tests run."""

from __future__ import annotations

import json
import sys
from typing import Any

from coverage import Coverage

from ops.checkout import BUILD

#: Percent of the branches alone, which coverage's own bound mixes with the lines; a little below what is reached.
BRANCHES = 95.0
#: Files that are named.
LEAST = 5


def main() -> None:
    """Say it; end with 1 if it is less than pyproject.toml asks for, or than `BRANCHES`."""
    measured = Coverage()
    measured.load()
    measured.json_report(outfile=str(BUILD / "coverage" / "files.json"))
    report = json.loads((BUILD / "coverage" / "files.json").read_text(encoding="utf-8"))
    said, enough = summary(report, float(str(measured.get_option("report:fail_under"))))
    sys.stdout.write(said)
    sys.exit(int(not enough))


def summary(report: dict[str, Any], bound: float) -> tuple[str, bool]:
    """The totals and the files of which least is run; and whether both totals reach their bounds."""
    by_file = {name: file["summary"]["percent_covered"] for name, file in report["files"].items()}
    least = sorted(by_file, key=lambda name: by_file[name])[:LEAST]
    totals = report["totals"]
    total, branches = totals["percent_covered"], 100 * totals["covered_branches"] / totals["num_branches"]
    enough = total >= bound and branches >= BRANCHES
    return (
        f"{'' if enough else 'TOO LITTLE: '}coverage of functions/ and shared/: {total:.1f} % of lines and branches "
        f"(bound {bound:.1f} %), {branches:.1f} % of branches (bound {BRANCHES:.1f} %)\n"
        f"least: {', '.join(f'{name} {by_file[name]:.0f} %' for name in least)}; all: make coverage\n"
    ), enough


if __name__ == "__main__":
    main()
