"""What the questions need, each thing made when the first question needs it; what could not be made is remembered."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from ops.probe import keys, media, things
from ops.probe.recordings import Recordings
from ops.probe.seen import Calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.probe.account import Account
    from ops.probe.media import Made
    from ops.probe.questions import Paid
    from shared.settings import MqRegion

T = TypeVar("T")


class Stage:
    """The things of one run. What makes or needs one raises what says why there is none."""

    def __init__(self, account: Account, tell: Callable[[str], None]) -> None:
        self.account = account
        self._tell = tell
        self._made: dict[str, object] = {}

    @cached_property
    def calls(self) -> Calls:
        """Calls about the probe's bucket."""
        return Calls(self.account.transport, self.account.region, self.account.bucket)

    @cached_property
    def recordings(self) -> Recordings:
        """What the function has written."""
        return Recordings(self.calls)

    def media(self) -> None:
        """CI works on the bucket, and the clip is in it."""
        self._once("media processing for the bucket", lambda: media.prepare(self))

    def function(self) -> None:
        """The function is there."""
        self._once("the function", lambda: things.make_function(self.account))

    def url(self) -> str:
        """The function's URL, without a slash at its end."""
        self.function()
        return self._once("the function's URL", lambda: things.make_url(self.account))

    def address(self, label: str, until: int = 0) -> str:
        """Where a request is recorded under that label, and answered 500 until that time."""
        return "/".join([self.url(), self.account.password, label, *([str(until)] if until else [])])

    def watch(self) -> None:
        """The function is told of objects below `things.WATCHED`."""
        self.function()
        self._once("the bucket's trigger", lambda: things.watch_bucket(self.account))

    def queue(self) -> MqRegion:
        """The region of the queue."""
        return self._once("the queue", lambda: things.make_queue(self.account))

    def limited(self) -> Account:
        """The account with temporary keys that have the rights of the callback function, on the probe's bucket."""
        return self._once("temporary keys", lambda: keys.as_callback(self.account))

    def job(self, which: Paid) -> Made:
        """What came of a job that is paid for once."""
        self.media()
        return self._once(f"the job that {which.value}", lambda: media.make(self, which))

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._made:
            self._tell(name)
            try:
                self._made[name] = make()
            except Exception as error:  # noqa: BLE001 - whatever it is: nothing is made, or paid for, twice
                self._made[name] = error
        found = self._made[name]
        if isinstance(found, Exception):
            raise found
        return cast("T", found)
