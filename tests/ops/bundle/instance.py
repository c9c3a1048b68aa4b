"""A deployment whose functions are run from the bundle."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from faketencent.scf.instances import instance
from faketencent.server import serve
from tests.world import World, deployed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def deployed_bundle(python: Path, folder: Path, **settings: str) -> Iterator[World]:
    """The deployment of `tests.world` with both functions run from the bundle, over real HTTP."""
    with deployed(timer=True, SCHEME="http", **settings) as world, serve(world.cloud) as server:
        now = world.cloud.clock.now
        with (
            instance(python, folder, "submit.main_handler", server.url, now) as submit,
            instance(python, folder, "callback.main_handler", server.url, now) as callback,
        ):
            world.cloud.scf.backend.update_function("submit", handler=submit)
            world.cloud.scf.backend.update_function("callback", handler=callback)
            yield world
