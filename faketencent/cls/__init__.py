"""CLS, the log service: https://cloud.tencent.com/document/api/614.

`models.py` says what there is, `searching.py` what is found, `service.py` what can be asked through API 3.0.
"""

from faketencent.cls.models import ClsBackend
from faketencent.cls.service import ClsApi
from faketencent.cls.topics import Line, Logset, Topic

__all__ = ["ClsApi", "ClsBackend", "Line", "Logset", "Topic"]
