"""A Tencent Cloud in memory, for tests and the demo. Never deployed. Begin with `faketencent/cloud.py`."""
