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

#: Seconds to keep in hand at the end of an invocation: the longest that one call can take, and something to log it.
MARGIN = 70


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
        """The adapters, connected when first asked for; raises ConfigurationError."""
        from shared.cloud.connect import connect  # noqa: PLC0415 - imports the SDK, which most invocations can do without

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

    def time_left(self) -> float:
        """Seconds until the platform ends this invocation, less the margin."""
        limit = float(self._context.get("time_limit_in_ms", 0)) / 1000
        return self._started + limit - MARGIN - time.time()
