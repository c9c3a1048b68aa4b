"""API 3.0, the form that SCF, CAM, STS and CLS are called in: one host a service, JSON in and out, TC3-HMAC-SHA256.

`signature.py` says who signed a request, `action.py` what an action takes, `service.py` how a service answers. What the
actions do is in the packages of the services. https://cloud.tencent.com/document/api/583/17237
"""
