"""Random schedules of several functions at once, stepped call by call, and what people and CI do meanwhile.

    python -m tests.schedules --seed 7             # one schedule once more, written out
    python -m tests.schedules --seconds 3600       # as many as fit
    python -m tests.schedules --only renamed --seconds 60

The functions are the real ones, on the fake cloud. A schedule is a list of actions; when it is over, all is brought to
rest (no more faults, the timer goes on, CI ends its jobs), and the promises of `tests/promises.py` must hold.
"""
