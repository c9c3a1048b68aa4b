"""Guards of what is read from outside."""

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        "envelopes are opened without end",
        "shared/events/envelopes.py",
        "    if left == 0:",
        "    if left == -1000:",
        ("shared/test_envelopes",),
    ),
    Mutant(
        "one message may hold any number of documents",
        "shared/events/messages.py",
        "if len(documents) > MAX_DOCUMENTS:",
        "if len(documents) < 0:",
        ("shared/test_messages",),
    ),
    Mutant(
        "an error shows what others named",
        "shared/events/kinds.py",
        're.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)',
        're.compile(r".*", re.DOTALL)',
        ("shared/test_event_kinds",),
    ),
    Mutant(
        "a key has no other spelling",
        "shared/events/uploads.py",
        "replace(target, key=other) if other else None",
        "None",
        ("shared/test_uploads",),
    ),
)
