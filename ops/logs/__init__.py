"""`cos-watermark logs`: what the functions logged, searched and followed in the log service (CLS).

`fields.py` says what a line has, `wanted.py` which lines somebody wants and how that is asked of CLS, `place.py` where
the functions log, `line.py` how a line is read, `search.py` and `following.py` how lines are found.
"""
