"""The functions of one account, their triggers, and all their runs. No HTTP here."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from faketencent.scf import code, limits
from faketencent.scf.asynchronous import AsyncQueue
from faketencent.scf.binding import Binding
from faketencent.scf.cos_trigger import CosTrigger, CosTriggers
from faketencent.scf.exceptions import AlreadyExistsError, FunctionNotFoundError, InvalidValueError, UnsignedError
from faketencent.scf.function import AfterRetries, Function, Handler
from faketencent.scf.function_url import OPEN, FunctionUrls
from faketencent.scf.functions import Functions
from faketencent.scf.habits import Habits
from faketencent.scf.http_event import EventShape
from faketencent.scf.invocation import Invocation, Outcome, Source, StatusCode
from faketencent.scf.runtime import Runtime
from faketencent.scf.timer import Timers, TimerTrigger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faketencent.cloud import FakeCloud
    from faketencent.scf.dead_letter import DeadLetter


class ScfBackend:
    """The SCF of one fake cloud. A function may be named, or given as `create_function` returned it.

    `event_shape` is how HTTP requests are told to functions; like `cos_triggers.dialect`, `cos_triggers.delivery` and
    `habits` it may be changed at any time. `load` makes handlers of uploaded zips. Each run is in `invocations`, and
    what it logged in the log service.
    """

    def __init__(self, cloud: FakeCloud) -> None:
        self._cloud = cloud
        self._runtime = Runtime(cloud)
        self._domains: dict[str, str] = {}
        self.functions = Functions(cloud.clock)
        self._queue = AsyncQueue(cloud, self, self._run)
        self.timers = Timers(cloud.clock, lambda name, event: self._queue.put(name, event, Source.TIMER))
        self.cos_triggers = CosTriggers(cloud.clock, lambda name, event: self._queue.put(name, event, Source.COS))
        self.urls = FunctionUrls(cloud.clock, cloud.appid)
        self.event_shape = EventShape.FUNCTION_URL
        self.habits = Habits()
        self.load: code.Loader = code.in_this_process
        self.invocations: list[Invocation] = []
        cloud.cos.backend.listeners.append(self.cos_triggers.notice)
        cloud.cos.backend.told_of = self.cos_triggers.told_of

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
        if self.functions.find(name):
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
        return self.functions.get(function if isinstance(function, str) else function.name)

    def delete_function(self, function: Function | str) -> None:
        """Remove a function and its triggers, at once."""
        deployed = self.function(function)
        self.delete_triggers(deployed.name)
        self.functions.begin(deployed, 0, None)

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
        self.timers.add(timer)
        return timer

    def delete_trigger(self, trigger: CosTrigger | TimerTrigger) -> None:
        """Remove a trigger."""
        if isinstance(trigger, CosTrigger):
            self.cos_triggers.remove(trigger)
        else:
            self.timers.remove(trigger)

    def delete_triggers(self, function: str) -> None:
        """Remove all triggers of a function."""
        for trigger in self.cos_triggers.of(function):
            self.cos_triggers.remove(trigger)
        for timer in self.timers.of(function):
            self.timers.remove(timer)
        for url in self.urls.of(function):
            self.urls.remove(url)

    def function_url(self, function: Function | str) -> str:
        """The function's URL, without a slash at its end; created on first use, it never changes."""
        deployed = self.function(function)
        there = [url for url in self.urls.of(deployed.name) if url.public]
        url = there[0] if there else self.urls.make(deployed.name, deployed.region, OPEN, Binding())
        return f"https://{url.host}"

    def add_custom_domain(self, domain: str, function: Function | str) -> None:
        """Let a domain of one's own lead to the function, over plain HTTP too (CreateCustomDomain)."""
        self._domains[domain.lower()] = self.function(function).name

    @property
    def domains(self) -> list[str]:
        """The hosts at which functions answer."""
        return [*self.urls.hosts, *self._domains]

    def has_custom_domain(self, function: str) -> bool:
        """Whether a domain leads to the function."""
        return function in self._domains.values()

    def function_at(self, host: str) -> Function:
        """The function that answers there. Raises FunctionNotFoundError, UnsignedError."""
        url = self.urls.at(host)
        if url and not url.open_to_all:
            raise UnsignedError(host)
        name = url.function if url else self._domains.get(host)
        if name is None:
            raise FunctionNotFoundError(host)
        return self.function(name)

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
        return self.functions.put(function)

    def _run(self, name: str, payload: str, source: Source) -> Invocation:
        function = self.function(name)
        if not function.state.runs:
            raise FunctionNotFoundError(name)
        if function.reserved_memory == 0:
            refused = Outcome(StatusCode.RESOURCE_LIMIT, error="ResourceLimitReached: the concurrency is used up")
            event = json.loads(payload)
            return Invocation(str(uuid.uuid4()), name, source, event, self._cloud.clock.now(), 0, refused, "")
        invocation = self._runtime.run(function, payload, source)
        self.invocations.append(invocation)
        self._cloud.cls.backend.logged(function, invocation)
        return invocation
