"""The variables a function finds, and the process environment that holds them while it runs.

https://cloud.tencent.com/document/product/583/30228 lists what the platform adds. The credentials are new for
each invocation: the runtime writes them into `os.environ` before it calls the handler.
"""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from faketencent.scf.invocation import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from faketencent.cloud import FakeCloud
    from faketencent.scf.function import Function

#: What a function still needs of the machine that plays the platform.
_MACHINE = ("PATH", "TMPDIR", "SYSTEMROOT")


def variables(cloud: FakeCloud, function: Function, source: Source) -> dict[str, str]:
    """The function's own variables and the platform's, with fresh credentials of the function's role."""
    added = {
        "TENCENTCLOUD_RUNENV": "SCF",
        "TENCENTCLOUD_REGION": function.region,
        "TENCENTCLOUD_APPID": cloud.appid,
        "TENCENTCLOUD_UIN": cloud.cam.uin,
        "SCF_FUNCTIONNAME": function.name,
        "SCF_NAMESPACE": function.namespace,
        "SCF_FUNCTIONVERSION": "$LATEST",
        "USER_CODE_ROOT": "/var/user/",
    }
    if source is Source.TIMER:
        added["TRIGGER_SRC"] = "timer"
    # Assumed: a role that was deleted after deployment leaves the function without credentials.
    if function.role and cloud.cam.has_role(function.role):
        role = cloud.cam.assume(function.role)
        added["TENCENTCLOUD_SECRETID"] = role.secret_id
        added["TENCENTCLOUD_SECRETKEY"] = role.secret_key
        added["TENCENTCLOUD_SESSIONTOKEN"] = role.token or ""
    return {**function.environment, **added}


def context(cloud: FakeCloud, function: Function, request_id: str, found: Mapping[str, str]) -> dict[str, Any]:
    """The handler's second argument: https://cloud.tencent.com/document/product/583/9210.

    Real contexts carry the credentials in `environ`, so a function that prints its context leaks them.
    """
    return {
        "memory_limit_in_mb": function.memory,
        "time_limit_in_ms": function.timeout * 1000,
        "request_id": request_id,
        "environment": json.dumps(found),
        "environ": ";".join(f"{name}={value}" for name, value in found.items()),
        "function_version": "$LATEST",
        "function_name": function.name,
        "namespace": function.namespace,
        "tencentcloud_region": function.region,
        "tencentcloud_appid": cloud.appid,
        "tencentcloud_uin": cloud.cam.uin,
    }


class ProcessEnvironment:
    """`os.environ` while functions run: theirs alone, and the machine's again when the last one has ended.

    There is one per process. Functions that run at once share it, the latest one's values winning; when one
    ends, those of the others are put back. What a function changes itself is gone afterwards.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._machine: dict[str, str] = {}
        self._running: list[Mapping[str, str]] = []

    @contextmanager
    def of(self, found: Mapping[str, str]) -> Iterator[None]:
        """Hold these variables for the duration; no lock is held meanwhile."""
        self._enter(found)
        try:
            yield
        finally:
            self._leave(found)

    def _enter(self, found: Mapping[str, str]) -> None:
        with self._lock:
            if not self._running:
                self._machine = dict(os.environ)
                self._become({name: os.environ[name] for name in _MACHINE if name in os.environ})
            self._running.append(found)
            os.environ.update(found)

    def _leave(self, found: Mapping[str, str]) -> None:
        with self._lock:
            self._running = [other for other in self._running if other is not found]
            if not self._running:
                self._become(self._machine)
                return
            for name in found.keys() - {name for other in self._running for name in other}:
                os.environ.pop(name, None)
            for other in self._running:
                os.environ.update(other)

    @staticmethod
    def _become(wanted: Mapping[str, str]) -> None:
        for name in os.environ.keys() - wanted.keys():
            del os.environ[name]
        os.environ.update(wanted)


PROCESS = ProcessEnvironment()
