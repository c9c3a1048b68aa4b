"""All actions, one after the other, save those that run a function."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from faketencent.api.service import ApiService
from faketencent.scf.api.functions import FunctionActions
from faketencent.scf.api.invoking import InvokingActions
from faketencent.scf.api.lookup import Lookup
from faketencent.scf.api.settings import SettingActions
from faketencent.scf.api.triggers import TriggerActions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from faketencent.api.action import Asked
    from faketencent.cloud import FakeCloud


class ScfApi(ApiService):
    """SCF at `scf[.<region>].tencentcloudapi.com`."""

    name: ClassVar[str] = "scf"
    version: ClassVar[str] = "2018-04-16"
    #: A function that is invoked here calls the cloud itself, over HTTP from another thread.
    reentrant: ClassVar[bool] = True

    def __init__(self, cloud: FakeCloud) -> None:
        lock = threading.Lock()
        lookup = Lookup(cloud)
        quick = (*FunctionActions(lookup), *TriggerActions(lookup), *SettingActions(lookup))
        alone = [replace(action, handler=partial(_alone, lock, action.handler)) for action in quick]
        super().__init__(cloud, [*alone, *InvokingActions(lookup)])


def _alone(lock: threading.Lock, handler: Callable[[Asked], Mapping[str, Any]], asked: Asked) -> Mapping[str, Any]:
    with lock:
        return handler(asked)
