"""Guards of a tick's time, of its memory, and of whose turn it is."""

from tests.mutants.mutant import Mutant

SWEEP, PACE = "shared/use_cases/sweep.py", "shared/use_cases/pace.py"
TICK, TAKE_UP = "shared/use_cases/tick.py", "shared/use_cases/take_up.py"
TOGETHER = "shared/use_cases/look_together.py"
CALLS, LOOKED = "benchmarks/test_tick_calls", "test_looked_at_together"
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
        "a container remembers each claim that it sees",
        PACE,
        "self.looked.get(_name(claim)):\n            looked.sweep",
        "self.looked.setdefault(_name(claim), Looked(0, 0, None, 0)):\n            looked.sweep",
        (SCALE,),
    ),
    Mutant(
        "a container never forgets a claim", PACE, " if looked.sweep != self._sweep]", " if looked.sweep < 0]", (CALLS,)
    ),
    Mutant(
        "two pages of a listing are in memory at a time",
        "shared/cloud/cos.py",
        "            del reply, listing\n",
        "",
        (SCALE,),
    ),
    Mutant(
        "the first claim of a sweep waits for others to be looked at together",
        SWEEP,
        "            if tally.handled and self._line",
        "            if self._line",
        (LOOKED,),
    ),
    Mutant(
        "claims in line wait for others to be looked at together",
        SWEEP,
        "            if tally.handled and self._line is not Line.OPEN and",
        "            if tally.handled and",
        (FAIRNESS, "test_line"),
    ),
    Mutant(
        "claims that have waited for long are looked at one by one",
        PACE,
        "claim[0].age >= _HOUR and",
        "False and",
        (CALLS,),
    ),
    Mutant(
        "claims of which nothing is known are looked at together",
        PACE,
        "and looked is not None and looked.held is None",
        "and (looked is None or looked.held is None)",
        (CALLS,),
    ),
    Mutant(
        "a claim that was looked at with others waits whatever was seen",
        TOGETHER,
        "return waiting(step.reason, case) if isinstance(step, Wait) else None",
        "return waiting(Reason.UNFINISHED, case) if step else None",
        (LOOKED,),
    ),
    Mutant(
        "if CI does not tell of ten jobs the sweep ends",
        TOGETHER,
        "with suppress(Exception):",
        "with suppress(KeyError):",
        (LOOKED,),
    ),
    Mutant(
        "a claim that cannot be read ends the looks at all others",
        TOGETHER,
        "        return None\n\n\ndef _ask",
        "        raise\n\n\ndef _ask",
        (LOOKED,),
    ),
    Mutant(
        "a strange job ends the looks at all others",
        TOGETHER,
        "    except Exception:  # noqa: BLE001 - as above; most often",
        "    except KeyError:  # noqa: BLE001 - as above; most often",
        (LOOKED,),
    ),
    Mutant(
        "what is put aside is looked at last",
        SWEEP,
        "            self._look_together()\n            if self._is_over():",
        "            if self._is_over():",
        (LOOKED,),
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
