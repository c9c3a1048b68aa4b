"""The addresses of functions: `https://<appid>-<id>.<region>.tencentscf.com`, and custom domains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from faketencent.routes import Route, RouteTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from faketencent.scf.responses import ScfResponses

_FUNCTION_URL = r"\d+-[a-z0-9]+\.(?P<region>[a-z0-9-]+)\.tencentscf\.com"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def routes(responses: ScfResponses, domains: Iterable[str]) -> RouteTable:
    """Every method and path of every address leads to the function; nobody is asked who they are."""
    return RouteTable(
        "scf",
        hosts=[_FUNCTION_URL, *map(re.escape, domains)],
        routes=[Route("InvokeFunctionUrl", method, ".*", responses.invoke) for method in _METHODS],
    )
