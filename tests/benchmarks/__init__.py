"""What work costs, few or very many at once: calls, time and memory, measured on the fake cloud and printed.

    python -m tests.benchmarks        # the table of ticks, up to 100,000 waiting entries and 10,000 claims

Asserted are numbers of calls, and ratios within one run; never the time that this machine takes.
"""
