"""The demo: the main job, end to end, on a fake Tencent Cloud over real HTTP, without any account. See `play.py`."""
