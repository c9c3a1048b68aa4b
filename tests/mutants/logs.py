"""Guards of what is shown of the log: each line once, all that is wanted, and nothing that steers."""

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        "log: a word with a wildcard is put into a query",
        "ops/logs/wanted.py",
        "if _WILD & set(word[0]) or not word[0].isprintable():",
        "if not word[0].isprintable():",
        ("ops/logs/test_wanted",),
    ),
    Mutant(
        "log: a quotation mark of a key ends a phrase of the query",
        "ops/logs/wanted.py",
        """r'["?|\\n\\t\\r]'""",
        """r'[?|\\n\\t\\r]'""",
        ("ops/logs/test_wanted",),
    ),
    Mutant(
        "log: what a query finds is taken to be what was asked for",
        "ops/logs/search.py",
        "if line and wanted.is_met_by(line)",
        "if line",
        ("ops/logs/test_wanted",),
    ),
    Mutant(
        "log: texts steer the terminal",
        "ops/logs/show.py",
        'return plain(" ".join(part for part in parts if part))',
        'return " ".join(part for part in parts if part)',
        ("ops/logs/test_show",),
    ),
    Mutant(
        "log: a line that comes late is not shown",
        "ops/logs/following.py",
        "min(newest, now) - WINDOW)",
        "min(newest, now))",
        ("ops/logs/test_following",),
    ),
    Mutant(
        "log: a line is shown as often as it is found",
        "ops/logs/following.py",
        "if shown.add(line) else None",
        "",
        ("ops/logs/test_following",),
    ),
    Mutant(
        "log: following remembers every line",
        "ops/logs/following.py",
        "                shown.forget(begin)\n",
        "",
        ("ops/logs/test_following",),
    ),
    Mutant(
        "log: following ends when a call is throttled",
        "ops/logs/following.py",
        "_PASSING = (GarbledReplyError, NoReplyError, ServerError, ThrottledError)",
        "_PASSING = (GarbledReplyError, NoReplyError, ServerError)",
        ("ops/logs/test_following",),
    ),
    Mutant(
        "log: a function whose clock is ahead hides the lines of the others",
        "ops/logs/following.py",
        "max(begin, min(newest, now) - WINDOW)",
        "max(begin, newest - WINDOW)",
        ("ops/logs/test_following",),
    ),
    Mutant(
        "log: a search ends where CLS ends",
        "ops/tencent/log_lines.py",
        "if count < MOST or edge == (begin, end):",
        "if True:",
        ("ops/tencent/test_log_lines",),
    ),
    Mutant(
        "log: runs that the platform ended are not shown",
        "ops/logs/line.py",
        "if status in WELL or not status or message.startswith(_EMPTY):",
        "if True:",
        ("ops/logs/test_line", "ops/logs/test_wanted"),
    ),
)
