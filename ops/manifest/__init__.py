"""serverless.yml: the one source of functions, triggers, time-outs and memory.

`text.py` reads the file, `schema.py` says what may be in it, `deployment.py` what a deployment is; `reading.py` makes
one of the file and `.env`, and `render.py` writes the file for Tencent's own tool.
"""
