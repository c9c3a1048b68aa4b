"""Function URLs, which the API calls triggers of type http: https://cloud.tencent.com/document/product/583/96099."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.clock import Clock
    from faketencent.scf.binding import Binding

#: What CreateTrigger is sent for a URL that anybody may call.
OPEN: Mapping[str, Any] = {"AuthType": "NONE", "NetConfig": {"EnableIntranet": False, "EnableExtranet": True}}


@dataclass(frozen=True)
class FunctionUrl:
    """One URL; `settings` is the description that it was made with."""

    function: str
    url_id: str
    host: str
    settings: Mapping[str, Any]
    binding: Binding

    @property
    def public(self) -> bool:
        """Whether it can be reached from outside."""
        return self.settings.get("NetConfig", {}).get("EnableExtranet") is True

    @property
    def open_to_all(self) -> bool:
        """Whether callers need not sign."""
        return self.settings.get("AuthType") == "NONE"


class FunctionUrls:
    """The URLs of one cloud: one per function and qualifier. One that is made again is another."""

    def __init__(self, clock: Clock, appid: str) -> None:
        self._clock = clock
        self._appid = appid
        self._urls: list[FunctionUrl] = []
        self._made: dict[tuple[str, str], int] = {}

    def make(self, function: str, region: str, settings: Mapping[str, Any], binding: Binding) -> FunctionUrl:
        """A new URL."""
        made = self._made.get((function, binding.qualifier), 0)
        self._made[function, binding.qualifier] = made + 1
        # The first one is named by the function alone.
        name = function if not made and binding.qualifier == "$DEFAULT" else f"{function} {binding.qualifier} {made}"
        url_id = hashlib.sha256(name.encode()).hexdigest()[:10]
        url = FunctionUrl(function, url_id, f"{self._appid}-{url_id}.{region}.tencentscf.com", settings, binding)
        self._urls.append(url)
        return url

    def of(self, function: str) -> list[FunctionUrl]:
        """The URLs of a function."""
        return [url for url in self._urls if url.function == function]

    def at(self, host: str) -> FunctionUrl | None:
        """The URL that answers there, from outside."""
        now = self._clock.now()
        return next((u for u in self._urls if u.host == host and u.public and u.binding.works(now)), None)

    def replace(self, old: FunctionUrl, new: FunctionUrl) -> None:
        """Change the settings of a URL; its address stays."""
        self._urls[self._urls.index(old)] = new

    def remove(self, url: FunctionUrl) -> None:
        """Take the URL away."""
        self._urls.remove(url)

    @property
    def hosts(self) -> list[str]:
        """All hosts."""
        return [url.host for url in self._urls]
