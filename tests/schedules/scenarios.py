"""The scenarios that have a name, and made-up ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.channels import Channel
from tests.schedules.actions import Budget, Deed, Scenario, What, When
from tests.schedules.people import STYLES

if TYPE_CHECKING:
    import random

K, M = "k.mp4", "m.mp4"
A, B, F = Deed(What.PUT, K, "A"), Deed(What.PUT, K, "B"), Deed(What.PUT, K, "F")
MA, MB = Deed(What.PUT, M, "A"), Deed(What.PUT, M, "B")
EDIT, EDIT_KEPT, DELETE = Deed(What.EDIT, K), Deed(What.EDIT_KEPT, K), Deed(What.DELETE, K)
REFUSE, ACCEPT, MONTH = Deed(What.REFUSE), Deed(What.ACCEPT), Deed(What.MONTH)
LOCK, UNLOCK = Deed(What.LOCK), Deed(What.UNLOCK)
ARCHIVE, RESTORE = Deed(What.ARCHIVE, K), Deed(What.RESTORE, K)
PAUSE, RESUME, DAY = Deed(What.PAUSE), Deed(What.RESUME), Deed(What.DAY)
CHECK, AGAIN, ONCE_MORE = Deed(What.ASK, K), Deed(What.ASK, K, "again"), Deed(What.ASK_ONCE_MORE)
ONE_A_DAY = (("MAX_JOBS_PER_DAY", "1"),)


def when(moment: When, deed: Deed) -> Deed:
    """The deed, at that moment."""
    return Deed(deed.what, deed.key, deed.how, moment)


REPLACED = when(When.RUNNING, B)
WAITING = when(When.SUBMITTED, B)

_LONG = Budget(ticks=12, waits=12, at_once=1, length=300)

SCENARIOS = (
    Scenario("one upload, event twice", (A,), Budget(deliveries=2, callbacks=2, kills=1)),
    Scenario("one upload, two timers, a kill", (A,), Budget(kills=1)),
    Scenario("one upload, late duplicate", (A,), Budget(deliveries=2, kills=1, lost=1)),
    Scenario("CI forgets", (A,), Budget(forgets=2)),
    Scenario("CI forgets, and knows again", (A,), Budget(forgets=2, remembers=1)),
    Scenario("archived", (A, ARCHIVE, RESTORE), Budget(deliveries=2, kills=1)),
    Scenario("archived, restored, deleted", (A, ARCHIVE, RESTORE, when(When.RUNNING, DELETE)), Budget(deliveries=2)),
    Scenario("renamed", (A, Deed(What.RENAME, K, M), B)),
    Scenario("renamed once sealed", (A, MB, when(When.SEALED, Deed(What.RENAME, K, M)))),
    Scenario("sealed copy over a job", (A, MA, when(When.SEALED, Deed(What.RENAME, M, K)), B), Budget(at_once=1)),
    Scenario("job not listed", (A,), Budget(hides=1, kills=1)),
    Scenario("rewritten with other bytes", (A, B), Budget(kills=1)),
    Scenario("two uploads of the same bytes", (A, A), Budget(kills=1)),
    Scenario("three uploads of the same bytes", (A, A, A), Budget(at_once=3)),
    Scenario("killed at the POST, rewritten", (A, WAITING), Budget(kills=1, lost=1)),
    Scenario("rewritten while jobs run", (A, REPLACED, REPLACED, REPLACED, REPLACED), _LONG),
    Scenario(
        "rewritten while jobs run, later again",
        (A, REPLACED, REPLACED, REPLACED, when(When.RECORDED, A), REPLACED),
        _LONG,
    ),
    Scenario("rewritten, cancelled between", (A, REPLACED, WAITING, REPLACED, WAITING, REPLACED), _LONG),
    Scenario("only cancelled", (A, WAITING, WAITING, WAITING, WAITING), _LONG),
    Scenario("cancel racing with start", (A, WAITING), Budget(kills=1, lost=1)),
    Scenario("A, B, A", (A, B, A)),
    Scenario("deleted", (A, DELETE, A), Budget(kills=1)),
    Scenario("rewritten once sealed", (A, when(When.SEALED, B)), Budget(kills=1)),
    Scenario("touched once sealed", (A, when(When.SEALED, EDIT)), Budget(kills=1)),
    Scenario("same bytes again under another key", (A, when(When.SEALED, MA)), Budget(kills=1)),
    Scenario("edited in flight", (A, EDIT_KEPT), Budget(kills=1)),
    Scenario("failed", (F, when(When.SEALED, EDIT)), Budget(kills=1)),
    Scenario("refused", (REFUSE, A, ACCEPT)),
    Scenario("refused, rewritten", (REFUSE, A, ACCEPT, B)),
    Scenario("accepted, answered with an error", (A,), Budget(lost=1)),
    Scenario("refused for good", (REFUSE, A, MONTH, ACCEPT), Budget(deliveries=2)),
    Scenario("unwritable", (LOCK, A, MONTH, UNLOCK), Budget(deliveries=2)),
    Scenario("unwritable, midnight", (LOCK, A, MONTH, Deed(What.DAY)), Budget(deliveries=2, callbacks=0)),
    Scenario("same second", (A, Deed(What.PUT_AT_ONCE, K, "B")), Budget(kills=1)),
    Scenario("throttled", (A, Deed(What.THROTTLE), B, Deed(What.SERVE)), Budget(deliveries=2, kills=1)),
    Scenario("callbacks in a queue", (A, Deed(What.TWICE), MB), Budget(kills=1, lost=1), Channel.QUEUE),
    Scenario(
        "strangers",
        (A, MA, Deed(What.OWN_JOB, K), when(When.ENDED, Deed(What.FORGE)), Deed(What.FORGE_JOB)),
        Budget(kills=1),
    ),
    Scenario("secret rotated", (A, when(When.RUNNING, Deed(What.ROTATE)), MA), Budget(kills=1)),
    Scenario("sealed by a stranger", (Deed(What.PUT, K, "A sealed by a stranger"),), Budget(kills=1)),
    Scenario("no room", (Deed(What.PUT, K, "A full"), when(When.RECORDED, EDIT)), Budget(deliveries=2)),
    Scenario("paused", (PAUSE, A, MA, RESUME), Budget(deliveries=2, kills=1)),
    Scenario("paused, replaced, deleted", (PAUSE, A, MB, B, Deed(What.DELETE, M), RESUME), Budget(ticks=8)),
    Scenario("paused in flight", (A, when(When.RUNNING, PAUSE), MB, when(When.SEALED, RESUME)), Budget(lost=1)),
    Scenario("refused, paused for a month", (REFUSE, A, PAUSE, MONTH, RESUME, ACCEPT), Budget(ticks=8)),
    Scenario("one job a day", (A, MB, DAY), Budget(deliveries=2, kills=1, at_once=3), settings=ONE_A_DAY),
    Scenario("one job a day, faults", (A, MB, DAY, B), Budget(lost=2, errors=1), settings=ONE_A_DAY),
    Scenario("one job a day, refused", (REFUSE, A, ACCEPT, MB, DAY), Budget(kills=1), settings=ONE_A_DAY),
    Scenario("one job a day, paused", (PAUSE, A, MB, RESUME, CHECK, DAY), Budget(ticks=8), settings=ONE_A_DAY),
    Scenario("young", (A, B, B), Budget(ticks=8), settings=(("MIN_AGE", "400"),)),
    Scenario("asked for", (A, CHECK, ONCE_MORE), Budget(deliveries=2, kills=1, at_once=3)),
    Scenario("asked for by two", (A, CHECK, Deed(What.ASK, M), CHECK), Budget(kills=1, lost=1, at_once=3)),
    Scenario("asked for and not there", (A, CHECK, DELETE), Budget(kills=1)),
    Scenario("again", (A, when(When.SEALED, AGAIN), ONCE_MORE), Budget(callbacks=2, ticks=8, kills=1)),
    Scenario("again, twice", (A, when(When.SEALED, AGAIN), AGAIN), Budget(ticks=12, at_once=3)),
    Scenario("again in flight", (A, AGAIN, ONCE_MORE), Budget(callbacks=2, ticks=8, lost=1, at_once=3)),
    Scenario("again, failed", (F, when(When.SEALED, AGAIN), ONCE_MORE), Budget(callbacks=2, ticks=8, kills=1)),
    Scenario("again, replaced", (A, when(When.SEALED, AGAIN), when(When.RUNNING, B)), Budget(ticks=8, kills=1)),
    Scenario("again, touched", (A, when(When.SEALED, AGAIN), EDIT), Budget(ticks=8, kills=1)),
    Scenario("again, fields kept", (A, when(When.SEALED, AGAIN), EDIT_KEPT), Budget(ticks=8, kills=1)),
    Scenario("again, unwritable", (LOCK, A, MONTH, UNLOCK, AGAIN), Budget(deliveries=2, callbacks=2, ticks=10)),
    Scenario("again, one job a day", (A, when(When.SEALED, AGAIN), DAY), Budget(ticks=8, kills=1), settings=ONE_A_DAY),
    Scenario("again, paused", (A, when(When.SEALED, AGAIN), PAUSE, RESUME), Budget(ticks=10)),
    Scenario("no room, again", (Deed(What.PUT, K, "A full"), AGAIN, MONTH, EDIT), Budget(ticks=10)),
    Scenario("answers not used", (A, MA, EDIT), Budget(deliveries=2, kills=1), settings=(("REUSE_ANSWERS", "no"),)),
    Scenario("any one fault", (A,), Budget(deliveries=2, callbacks=2, errors=1)),
)


def random_scenario(rng: random.Random) -> Scenario:
    """A made-up one."""
    keys = [K, M][: rng.randint(1, 2)]
    deeds = [Deed(What.PUT, keys[0], "A"), *(_deed(rng, keys) for _ in range(rng.randint(1, 8)))]
    remembers = rng.choice([0, 0, 0, 1])
    budget = Budget(
        deliveries=rng.choice([1, 1, 2, 3]),
        callbacks=rng.choice([0, 1, 1, 2]),
        ticks=rng.randint(4, 12),
        # Known to be open: CI forgets a job and knows it again while nobody knows what became of our own write.
        kills=0 if remembers else rng.randint(0, 3),
        lost=0 if remembers else rng.randint(0, 2),
        errors=rng.choice([0, 0, 1, 2]),
        forgets=rng.choice([0, 0, 0, 1, 2]) or remembers,
        remembers=remembers,
        hides=rng.choice([0, 0, 0, 1]),
        waits=rng.randint(4, 12),
        at_once=rng.randint(2, 4),
    )
    channel = Channel.QUEUE if rng.random() < 0.25 else Channel.URL
    return Scenario("made up", tuple(deeds), budget, channel, _settings(rng))


def _settings(rng: random.Random) -> tuple[tuple[str, str], ...]:
    choices = {
        "MAX_JOBS_PER_DAY": (None, None, None, "1", "2"),
        "MIN_AGE": (None, None, None, "60", "400"),
        "REUSE_ANSWERS": (None, None, None, None, "no"),
        "WAITING_IN_FLIGHT": (None, "1"),
    }
    chosen = ((name, rng.choice(values)) for name, values in choices.items())
    return tuple((name, value) for name, value in chosen if value)


def _deed(rng: random.Random, keys: list[str]) -> Deed:
    key, content = rng.choice(keys), rng.choice("AABNF")
    style = rng.choice(["", *(f" {style}" for style in STYLES if style)])
    put = Deed(What.PUT, key, content)
    edit = Deed(rng.choice([What.EDIT, What.EDIT_KEPT]), key)
    return rng.choice(
        [
            put, put, put, Deed(What.PUT, key, content + style),
            Deed(What.PUT, key, content, rng.choice([When.RUNNING, When.SUBMITTED, When.SEALED])),
            Deed(What.PUT, key, "A", When.RUNNING),
            Deed(What.DELETE, key),
            edit, Deed(edit.what, key, when=When.SEALED),
            Deed(What.RENAME, key, rng.choice([K, M])),
            Deed(rng.choice([What.ARCHIVE, What.RESTORE]), key),
            Deed(rng.choice([What.REFUSE, What.ACCEPT])),
            Deed(rng.choice([What.LOCK, What.UNLOCK])),
            Deed(rng.choice([What.THROTTLE, What.SERVE])),
            Deed(rng.choice([What.FORGE, What.FORGE_JOB, What.OWN_JOB, What.ROTATE]), key),
            Deed(rng.choice([What.TWICE, What.DISORDER, What.RUBBISH])),
            Deed(rng.choice([What.PAUSE, What.RESUME, What.RESUME])),
            Deed(What.ASK, key, rng.choice(["", "again"])),
            Deed(What.ASK, key, "again", rng.choice([When.SEALED, When.RECORDED, When.RUNNING])),
            Deed(What.ASK_ONCE_MORE, when=rng.choice(list(When))),
            Deed(rng.choice([What.DAY, What.MONTH]), when=rng.choice(list(When))),
        ]
    )  # fmt: skip
