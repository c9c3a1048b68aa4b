"""The HTTP session of this process: connections that end in time, and one TLS context for all of them.

`requests` reads the certificate authorities of the world again for every connection. Nothing is ever sent twice from
here: no retries, no redirects.
"""

from __future__ import annotations

import os
import ssl
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssl_ import create_urllib3_context

from shared.cloud.deadlines import POOLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3.poolmanager import PoolManager


#: What `requests` hears from the environment: proxies, and authorities to trust.
HEARD = (
    *(spelt for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY") for spelt in (name, name.lower())),
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
)


class _Adapter(HTTPAdapter):
    """Makes `requests` use these connections. Certificates are verified, whatever a call asks for."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as requests passes them
        """Use our pools for direct connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> PoolManager:  # noqa: ANN401 - as requests passes them
        """Use our pools for connections through a proxy too."""
        manager: PoolManager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> tuple[Any, Any]:  # noqa: ANN401 - as requests passes them
        """Have the pool of a host take the one context."""
        place, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        # `verify` is a path if the environment names authorities of its own (REQUESTS_CA_BUNDLE).
        authorities = verify if isinstance(verify, str) else of_the_world(DEFAULT_CA_BUNDLE_PATH)
        return place, {"ssl_context": tls_context(authorities)} if place["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:  # noqa: ANN401 - as requests passes them
        """Nothing: here `requests` would have each new connection read the authorities again; the context has them."""


class _Session(requests.Session):
    """Sends a request as it is told, by the way that the environment names for its host, and nothing more.

    `requests` looks that way up again for each request, and keeps cookies; neither is needed here.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ways: dict[str, Any] = {}
        for scheme in POOLS:
            self.mount(f"{scheme}://", _Adapter())

    def request(self, method: Any, url: Any, *_: Any, **told: Any) -> requests.Response:  # noqa: ANN401 - as requests passes them
        """Send it. No redirect is followed, and every reply is streamed."""
        wanted = {name: told.get(name) for name in ("headers", "data", "auth")}
        prepared = requests.Request(method, url, **wanted).prepare()
        place = "/".join(url.split("/", 3)[:3])
        if place not in self._ways:
            self._ways[place] = self.merge_environment_settings(url, {}, True, None, None)  # noqa: FBT003 - as it is
        return self.get_adapter(url).send(prepared, timeout=told.get("timeout"), **self._ways[place])


def session() -> requests.Session:
    """The session of this process. Its connections outlive an invocation, as the container does."""
    return session_in(*(os.environ.get(name) for name in HEARD))


@cache
def session_in(*_: str | None) -> requests.Session:
    """The session in an environment where `HEARD` are these: others may lead other ways."""
    return _Session()


@cache
def of_the_world(file: str) -> str:
    """The bundle's folder beside certifi's file, of which only what a connection needs is read; elsewhere the file."""
    folder = Path(file).with_name("authorities")
    return str(folder) if folder.is_dir() else file


@cache
def tls_context(authorities: str) -> ssl.SSLContext:
    """The TLS context that trusts these authorities, a file or folder; made once, because reading a file takes long."""
    context = create_urllib3_context()
    if Path(authorities).is_dir():
        context.load_verify_locations(capath=authorities)
    else:
        context.load_verify_locations(cafile=authorities)
    return context


def why(error: BaseException) -> str:
    """What went wrong underneath, in words without secrets: the kind, or why a certificate is refused."""
    # Errors hold each other crosswise at times, so there is an end to looking.
    chain = list(islice(_chain(error), 16))
    for lower in chain:
        if isinstance(lower, ssl.SSLCertVerificationError):
            return f"the certificate is refused: {lower.verify_message}"
    # The SDK puts an error of its own on top of everything.
    return next((type(lower).__name__ for lower in chain if isinstance(lower, OSError)), type(error).__name__)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        # urllib3 hands the innermost error on as an argument only.
        inner = next((argument for argument in error.args if isinstance(argument, BaseException)), None)
        error = error.__cause__ or error.__context__ or inner
