"""`cos-watermark doctor`: looks at a deployment and says what is wrong with it. Changes nothing.

`finding.py` is what a check is and says, `case.py` what it looks at (with `account.py`),
`examination.py` which checks there are, `report.py` how they are shown; the other modules are the checks, by subject.
"""
