"""One place for settings: `.env`, or the file that `--env-file` names.

`env_file.py` reads and writes the text, `names.py` says which names there are, `configuration.py` what they mean.
"""
