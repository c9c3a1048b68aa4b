"""One invocation of a function: its environment, its deadline, and the connection it makes when it needs one.

Environment and context: https://cloud.tencent.com/document/product/583/30228. The platform writes new credentials into
the environment for every invocation, so nothing made from them outlives one.
"""

from __future__ import annotations

import os
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared import log
from shared.errors import ConfigurationError
from shared.settings import Settings, read_credentials, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.cloud.clients import Clients
    from shared.cloud.tdmq import Queue

#: The longest time-out that a function may have, in seconds. What a run has written is left alone for longer than that
#: (`GRACE` in shared/domain/claim.py), so that nobody takes up what a living run is at.
LONGEST = 270
#: The share of its time-out that a run keeps for the step that it is at: a short time-out means slow, never stuck.
_MARGIN = 0.25
#: Seconds that the timer works at most: it comes again each minute.
TICK = 50


class Invocation:
    """What the platform gave us for this run."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._started = time.time()
        self._context = context

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises ConfigurationError, after logging it: nothing else of this run will."""
        try:
            return read_settings(os.environ)
        except ConfigurationError as error:
            log.write("settings", log.Level.ERROR, message=str(error))
            raise

    @cached_property
    def region(self) -> str:
        """The functions' region, which is also the buckets': a COS trigger never crosses regions."""
        region = os.environ.get("TENCENTCLOUD_REGION") or str(self._context.get("tencentcloud_region", ""))
        if not region:
            raise ConfigurationError("neither TENCENTCLOUD_REGION nor the context names the function's region")
        return region

    @cached_property
    def clients(self) -> Clients:
        """The clients, connected when first asked for; raises ConfigurationError."""
        from shared.cloud.clients import connect  # noqa: PLC0415 - imports the SDK, which most invocations can do without

        if self._limit > LONGEST:
            raise ConfigurationError(
                f"the function's time-out is {self._limit:.0f} s; nothing was done. Set it to {LONGEST} s or less: "
                "after five minutes the sweep continues a claim, although this invocation could still run"
            )
        return connect(self.settings, read_credentials(os.environ), self.region)

    @cached_property
    def queue(self) -> Queue:
        """The queue to poll, connected when first asked for; raises ConfigurationError."""
        from shared.cloud.tdmq import connect_queue  # noqa: PLC0415 - as above

        return connect_queue(self.settings, read_credentials(os.environ), self.now)

    @staticmethod
    def now() -> float:
        """This machine's time, in seconds since 1970."""
        return time.time()

    def time_left(self, most: float = LONGEST) -> float:
        """Seconds for which new work may be begun, in a run that works no longer than `most`."""
        return self._started + min(self._limit * (1 - _MARGIN), most) - time.time()

    @property
    def _limit(self) -> float:
        """The function's time-out in seconds. Local tools give none, or zero: then nobody knows it."""
        try:
            limit = float(self._context.get("time_limit_in_ms") or 0) / 1000
        except (TypeError, ValueError):
            return LONGEST
        return limit if limit > 0 else LONGEST
