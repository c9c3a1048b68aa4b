"""Guards of a tick's time, of its memory, and of whose turn it is."""

from tests.mutants.mutant import Mutant

SWEEP, PACE = "shared/use_cases/sweep.py", "shared/use_cases/pace.py"
TICK, TAKE_UP = "shared/use_cases/tick.py", "shared/use_cases/take_up.py"
SCALE, FAIRNESS, WAITING = "benchmarks/test_tick_scale", "benchmarks/test_tick_fairness", "test_waiting_entries"

MUTANTS = (
    Mutant(
        "a claim that was found to be held counts as a job in flight",
        SWEEP,
        "(is_new or self.pace.may_have_a_job(claim)) - was_alive",
        "is_new and not was_alive",
        (WAITING,),
    ),
    Mutant(
        "a job for which a claim waited a day does not count",
        PACE,
        "return claim[-1].age < _DAY",
        "return claim[0].age < _DAY",
        (WAITING,),
    ),
    Mutant(
        "a job that the sweep has just submitted does not count",
        SWEEP,
        "(is_new or self.pace.may_have_a_job(claim))",
        "self.pace.may_have_a_job(claim)",
        (WAITING,),
    ),
    Mutant(
        "a sweep keeps the name of each claim in memory",
        SWEEP,
        "            if upload_id in pace.looked:\n                seen.add(upload_id)\n",
        "            seen.add(upload_id)\n",
        (SCALE,),
    ),
    Mutant(
        "the sweep leaves no time for what waits",
        TICK,
        "self._reserve = self.time_left() * _FOR_WAITING if page else 0",
        "self._reserve = 0",
        (FAIRNESS,),
    ),
    Mutant(
        "entries are taken up when the time is over",
        TAKE_UP,
        " or self.time_left() <= 0:",
        ":",
        (SCALE,),
    ),
    Mutant(
        "those come first that were looked at last",
        PACE,
        "return looked.at if looked else 0, place",
        "return -looked.at if looked else 0, place",
        (FAIRNESS,),
    ),
    Mutant(
        "a claim is looked at in each tick, due or not",
        PACE,
        "return first.modified + last > (looked.at if looked else 0)",
        "return True",
        (SCALE,),
    ),
    Mutant(
        "the line leaves no turn to what is due",
        SWEEP,
        "for waiting, ready in zip_longest(turns, looks):",
        "for waiting, ready in [*((turn, None) for turn in turns), *((None, look) for look in looks)]:",
        (FAIRNESS,),
    ),
)
