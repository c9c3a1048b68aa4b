"""Which operation a request means: an ordered table per service, first match wins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from faketencent.errors import UnknownRouteError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from faketencent.cam import Identity
    from faketencent.wire import Reply, Request


@dataclass(frozen=True)
class Call:
    """A request that was understood: its route, what host and path named, and who signed it."""

    route: Route
    request: Request
    names: dict[str, str]
    identity: Identity | None = None

    @property
    def bucket(self) -> str:
        """The bucket in the host name, `name-appid`."""
        return self.names.get("bucket", "")

    @property
    def region(self) -> str:
        """The region in the host name."""
        return self.names.get("region", "")

    @property
    def key(self) -> str:
        """The object key: the decoded path without its first slash."""
        return self.names.get("key", "")


@dataclass(frozen=True)
class Route:
    """One operation of one service.

    `path` is matched against the decoded path. `query` and `headers` name what must be present;
    `accepts` looks at the rest of the request, where path and names are not enough to tell operations apart.
    `action` is the CAM action that the caller needs; `None` leaves the decision to the handler.
    """

    operation: str
    method: str
    path: str
    handler: Callable[[Call], Reply]
    action: str | None = None
    query: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()
    host: str = ""
    accepts: Callable[[Request], bool] | None = None

    def __str__(self) -> str:
        query = "".join(f"?{name}" for name in sorted(self.query))
        headers = "".join(f" [{name}]" for name in sorted(self.headers))
        return f"{self.method} {self.host}{self.path}{query}{headers} -> {self.operation}"


@dataclass
class RouteTable:
    """The routes of one service; `hosts` are the patterns of its host names, with `bucket` and `region`.

    `subresources` are query parameters that change what a request means: a route that does not name
    one never serves a request that has it.
    """

    service: str
    hosts: Sequence[str]
    routes: Sequence[Route]
    subresources: frozenset[str] = frozenset()

    def owns(self, host: str) -> bool:
        """Whether this service answers at that host."""
        return any(_names_in(host, pattern) is not None for pattern in self.hosts)

    def match(self, request: Request) -> Call:
        """The operation that the request means.

        Raises:
            UnknownRouteError: none; the message lists the routes there are.
        """
        for pattern in self.hosts:
            at_host = _names_in(request.host, pattern)
            if at_host is None:
                continue
            asked = frozenset(request.params)
            for route in self._by_method.get(request.method, ()):
                names = self._match_route(route, pattern, request, asked)
                if names is not None:
                    return Call(route, request, {**at_host, **names})
        known = "\n  ".join(str(route) for route in self.routes)
        raise UnknownRouteError(
            f"no {self.service} route for `{request.method} {request.url}`; known routes:\n  {known}"
        )

    @cached_property
    def _by_method(self) -> dict[str, list[Route]]:
        found: dict[str, list[Route]] = {}
        for route in self.routes:
            found.setdefault(route.method, []).append(route)
        return found

    def _match_route(self, route: Route, host: str, request: Request, asked: frozenset[str]) -> dict[str, Any] | None:
        if (
            (route.host and route.host != host)
            or not route.query <= asked
            or (asked & self.subresources) - route.query
            or any(name not in request.headers for name in route.headers)
            or (route.accepts is not None and not route.accepts(request))
        ):
            return None
        found = re.fullmatch(route.path, request.decoded_path, re.DOTALL)
        return found.groupdict() if found else None


@lru_cache(maxsize=4096)
def _names_in(host: str, pattern: str) -> Mapping[str, Any] | None:
    """What the host names, or nothing where it is not of that pattern; remembered, for hosts are few."""
    found = re.fullmatch(pattern, host)
    return found.groupdict() if found else None
