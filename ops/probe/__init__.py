"""`cos-watermark probe`: asks the real service what its documentation does not say, and we assume.

`questions.py` says what a question is, `catalogue.py` which there are; the questions are in a file per subject.
`stage.py` has what they need, made when it is first needed; `cleanup.py` removes it all, whoever left it. One probe an
account at a time.
"""
