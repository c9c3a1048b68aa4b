"""What an invocation costs, measured as production runs it, beside what others would cost: `make bench`.

The functions run from the built bundle, in processes of their own, against the fake cloud in another process, over TLS
with connections that are kept. All that is compared is measured in turns, round by round, so that what disturbs the
machine disturbs all alike; the figures are medians.
"""
