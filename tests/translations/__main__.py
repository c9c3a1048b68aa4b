"""Says which sections of the Chinese documents are behind the English ones; with their names, takes them for compared.

.venv/main/bin/python -m tests.translations
.venv/main/bin/python -m tests.translations "1. Set up" "Probe"
.venv/main/bin/python -m tests.translations --all
"""

from __future__ import annotations

import re
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from tests.translations.compare import misplaced, said_of, stale, unlike
from tests.translations.pairs import PAIRS, Pair
from tests.translations.sections import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from tests.translations.sections import Section

ALL = "--all"
#: The line at the top that tells readers how old the translation is.
DATED = re.compile(r"本文对应 (\d{4}-\d{2}-\d{2}) 的英文版，如有出入，以英文版为准。")


def renew(pair: Pair, compared: Collection[Section], today: str) -> None:
    """Write into the Chinese document that these English sections are the ones that it translates."""
    digests = {section.heading: section.digest for section in compared}

    def mark(found: re.Match[str]) -> str:
        return f"<!-- en: {digests.get(found[2], found[1])} {found[2]} -->"

    text = MARK.sub(mark, pair.text(pair.chinese))
    if digests:
        text = DATED.sub(lambda found: found[0].replace(found[1], today), text)
    (pair.root / pair.chinese).write_bytes(text.encode())


def main(
    names: Sequence[str], pairs: Sequence[Pair] = PAIRS, say: Callable[[str], object] = print, today: str = ""
) -> int:
    """Renew what is named, and say what is left. Gives 1 if something is."""
    today = today or datetime.now(timezone.utc).date().isoformat()
    left = False
    unknown = set(names) - {ALL}
    for pair in pairs:
        behind = stale(pair)
        compared = [original for original, _ in behind if ALL in names or original.heading in names]
        renew(pair, compared, today)
        for section in compared:
            say(f"{pair.chinese}: taken for compared: {section.heading!r}, now {section.digest}")
        rest = [said_of(pair, *both) for both in behind if both[0] not in compared]
        for sentence in [*misplaced(pair), *rest, *unlike(pair)]:
            say(sentence)
            left = True
        unknown -= {section.heading for section in compared}
    for name in sorted(unknown):
        say(f"no section {name!r} has changed")
    return int(left or bool(unknown))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
