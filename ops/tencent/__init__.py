"""Tencent Cloud as an operator's commands see it, by Tencent's own SDK. Never deployed.

`api.py` sends calls of API 3.0, `refusals.py` sorts what is answered; `scf.py`, `cam.py` and so on are the services.
"""
