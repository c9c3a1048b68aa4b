"""The API that functions and triggers are made with: scf, version 2018-04-16.

Parameters, replies and error codes: https://cloud.tencent.com/document/api/583/17235. Begin with `service.py`.
"""
