"""Deploys with Tencent's own tool: checks first, builds, then both steps. Begin with `command.py`."""
