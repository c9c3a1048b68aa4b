"""CAM: who there is, the temporary credentials of roles, and what policies allow.

`identities.py` says what an identity may, `models.py` which roles, users and policies there are, `service.py` what can
be asked of them through API 3.0. https://cloud.tencent.com/document/product/598
"""

from faketencent.cam.documents import Rewriting
from faketencent.cam.identities import EVERYTHING, Identity, Kind, Policy
from faketencent.cam.models import Cam
from faketencent.cam.policies import ManagedPolicy
from faketencent.cam.roles import Role
from faketencent.cam.service_roles import CI_ROLE, SCF_ROLE, SERVICE_ROLES, ServiceRole

__all__ = [
    "CI_ROLE",
    "EVERYTHING",
    "SCF_ROLE",
    "SERVICE_ROLES",
    "Cam",
    "Identity",
    "Kind",
    "ManagedPolicy",
    "Policy",
    "Rewriting",
    "Role",
    "ServiceRole",
]
