"""The CAM policies: for each function and each person exactly what its calls need.

`deployment.py` says whom they are for, `statements.py` how one is written; then a file for whom each is for. Actions
and resources of COS: https://cloud.tencent.com/document/product/436/30580, of CI:
https://cloud.tencent.com/document/product/460/41741, of TDMQ: https://www.tencentcloud.com/document/product/1111/43005,
of SCF, CAM and CLS: https://cloud.tencent.com/document/product/598/70005, 598/69872, 598/98119.
"""

from ops.policies.deploy import deploy_policy
from ops.policies.deployment import CALLBACK_ROLE, CI_ROLE, SUBMIT_ROLE, Deployment, Queue, deployment_of
from ops.policies.functions import callback_policy, submit_policy
from ops.policies.operator import operator_policy
from ops.policies.setup import setup_policy
from ops.policies.statements import Policy

__all__ = [
    "CALLBACK_ROLE",
    "CI_ROLE",
    "SUBMIT_ROLE",
    "Deployment",
    "Policy",
    "Queue",
    "callback_policy",
    "deploy_policy",
    "deployment_of",
    "operator_policy",
    "setup_policy",
    "submit_policy",
]
