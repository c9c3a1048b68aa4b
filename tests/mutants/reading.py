"""Guards of what is read from outside."""

from tests.mutants.mutant import Mutant

REPLY, OF_REPLY, DRAIN = "shared/cloud/tdmq_reply.py", "shared/test_tdmq_reply", "benchmarks/test_queue_drain"

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
    Mutant(
        "a long text in a queue's reply is kept while it is read",
        REPLY,
        "if inside and len(text) <= _MAX_ESCAPED:",
        "if inside:",
        (DRAIN,),
    ),
    Mutant(
        "a long text in a queue's reply is kept",
        REPLY,
        "None if isinstance(text, str) and len(text) > MAX_TEXT else text for",
        "text for",
        (OF_REPLY,),
    ),
    Mutant("an escaped quotation mark ends a text", REPLY, '.replace(rb"\\"", b"__")', "", (OF_REPLY,)),
    Mutant("an escape never lies in two parts", REPLY, "read = half + part", "read = part", (OF_REPLY,)),
    Mutant(
        "a reply may be one long element",
        REPLY,
        "            if len(kept) > _MAX_KEPT:",
        "            if len(kept) < 0:",
        (OF_REPLY,),
    ),
    Mutant(
        "a list with something else than messages in it is taken",
        REPLY,
        "if listed != [None] * len(messages):",
        "if listed == 0:",
        (OF_REPLY,),
    ),
    Mutant(
        "a message that is too long is dealt with",
        "shared/use_cases/poll.py",
        "if message.is_too_long:",
        "if message.id == 0:",
        ("test_queue_trouble",),
    ),
)
