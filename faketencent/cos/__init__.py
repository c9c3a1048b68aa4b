"""Cloud Object Storage (COS), in memory: https://cloud.tencent.com/document/product/436/7751.

Begin with `models.py` (what can happen) and `store.py` (what there is), then `urls.py` (what can be asked).
"""

from faketencent.cos.models import CosBackend, ObjectEvent, StoredObject
from faketencent.cos.service import CosService

__all__ = ["CosBackend", "CosService", "ObjectEvent", "StoredObject"]
