"""The functions of one account, their triggers, and all their runs. No HTTP here."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from faketencent.scf import limits
from faketencent.scf.asynchronous import AsyncQueue
from faketencent.scf.cos_trigger import CosTrigger, CosTriggers
from faketencent.scf.exceptions import AlreadyExistsError, FunctionNotFoundError, InvalidValueError
from faketencent.scf.function import AfterRetries, Function, Handler
from faketencent.scf.http_event import EventShape
from faketencent.scf.invocation import Invocation, Source
from faketencent.scf.runtime import Runtime
from faketencent.scf.timer import Timers, TimerTrigger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cloud import FakeCloud
    from faketencent.scf.dead_letter import DeadLetter


class ScfBackend:
    """The SCF of one fake cloud. A function may be named, or given as `create_function` returned it.

    `event_shape` is how HTTP requests are told to functions; like `cos_triggers.dialect` and
    `cos_triggers.delivery` it may be changed at any time.
    """

    def __init__(self, cloud: FakeCloud) -> None:
        self._cloud = cloud
        self._runtime = Runtime(cloud)
        self._functions: dict[str, Function] = {}
        self._endpoints: dict[str, str] = {}
        self._queue = AsyncQueue(cloud, self, self._run)
        self._timers = Timers(cloud.clock, lambda name, event: self._queue.put(name, event, Source.TIMER))
        self.cos_triggers = CosTriggers(cloud.clock, lambda name, event: self._queue.put(name, event, Source.COS))
        self.event_shape = EventShape.FUNCTION_URL
        self.invocations: list[Invocation] = []
        cloud.cos.backend.listeners.append(self.cos_triggers.notice)

    def create_function(  # noqa: PLR0913 - the fields of CreateFunction
        self,
        name: str,
        handler: Handler,
        *,
        role: str | None = None,
        environment: Mapping[str, str] | None = None,
        timeout: int = 60,
        memory: int = 256,
        region: str = "ap-beijing",
        retries: int = 2,
        after_retries: AfterRetries = AfterRetries.DEAD_LETTER,
    ) -> Function:
        """Deploy a function.

        Raises:
            InvalidValueError: a value out of its limits, a reserved or empty variable, or no such role.
            AlreadyExistsError: the name is taken.
        """
        if name in self._functions:
            raise AlreadyExistsError("FunctionName", name)
        function = Function(
            name, handler, role, dict(environment or {}), timeout, memory, region, retries, after_retries
        )
        return self._deploy(function)

    def update_function(self, function: Function | str, **changes: Any) -> Function:  # noqa: ANN401 - any field
        """Change fields of a function; triggers and addresses stay."""
        return self._deploy(replace(self.function(function), **changes))

    def function(self, function: Function | str) -> Function:
        """The function as it is now deployed. Raises FunctionNotFoundError."""
        name = function if isinstance(function, str) else function.name
        if name not in self._functions:
            raise FunctionNotFoundError(name)
        return self._functions[name]

    def add_cos_trigger(
        self,
        function: Function | str,
        bucket: str,
        events: str = "cos:ObjectCreated:*",
        prefix: str = "",
        suffix: str = "",
    ) -> CosTrigger:
        """Have a bucket's events run the function.

        Raises:
            InvalidValueError: no such event type, another region, or a rule that overlaps.
            LimitExceededError: too many triggers.
            ServiceError: NoSuchBucket.
        """
        deployed = self.function(function)
        region = self._cloud.cos.backend.bucket(bucket).region
        if region != deployed.region:
            raise InvalidValueError("CosBucketRegion", f"the bucket is in {region}, not {deployed.region}")
        trigger = CosTrigger(deployed.name, bucket, events, prefix, suffix)
        self.cos_triggers.add(trigger)
        return trigger

    def add_timer(self, function: Function | str, name: str, every: float, argument: str = "") -> TimerTrigger:
        """Run the function every so many seconds, first one period from now."""
        timer = TimerTrigger(self.function(function).name, name, every, argument)
        self._timers.add(timer)
        return timer

    def delete_trigger(self, trigger: CosTrigger | TimerTrigger) -> None:
        """Remove a trigger."""
        if isinstance(trigger, CosTrigger):
            self.cos_triggers.remove(trigger)
        else:
            self._timers.remove(trigger)

    def function_url(self, function: Function | str) -> str:
        """The function's URL, without a slash at its end; created on first use, it never changes."""
        deployed = self.function(function)
        url_id = hashlib.sha256(deployed.name.encode()).hexdigest()[:10]
        host = f"{self._cloud.appid}-{url_id}.{deployed.region}.tencentscf.com"
        self._endpoints[host] = deployed.name
        return f"https://{host}"

    def add_custom_domain(self, domain: str, function: Function | str) -> None:
        """Let a domain of one's own lead to the function, over plain HTTP too (CreateCustomDomain)."""
        self._endpoints[domain.lower()] = self.function(function).name

    @property
    def domains(self) -> list[str]:
        """The hosts at which functions answer."""
        return list(self._endpoints)

    def function_at(self, host: str) -> Function:
        """The function that answers there. Raises FunctionNotFoundError."""
        if host not in self._endpoints:
            raise FunctionNotFoundError(host)
        return self.function(self._endpoints[host])

    def invoke(self, function: Function | str, event: object, *, source: Source = Source.API) -> Invocation:
        """Run the function on any JSON value now and wait for it, as the console's "Test" does.

        Raises:
            FunctionNotFoundError, EventTooLargeError (6 MB of JSON), ServiceError (not JSON): it did not run.
        """
        return self._run(self.function(function).name, limits.serialized(event, limits.SYNC_EVENT), source)

    def invoke_later(self, function: Function | str, event: object, *, source: Source = Source.API) -> None:
        """Have the function run without waiting, with the retries of an asynchronous event (128 KB of JSON)."""
        self._queue.put(self.function(function).name, event, source)

    @property
    def dead_letters(self) -> list[DeadLetter]:
        """The events that were given up."""
        return self._queue.dead_letters

    def _deploy(self, function: Function) -> Function:
        if function.role and not self._cloud.cam.has_role(function.role):
            raise InvalidValueError("Role", f"no such role: {function.role}")
        self._functions[function.name] = function
        return function

    def _run(self, name: str, payload: str, source: Source) -> Invocation:
        invocation = self._runtime.run(self.function(name), payload, source)
        self.invocations.append(invocation)
        return invocation
