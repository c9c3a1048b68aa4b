"""A service that answers with what it was asked, to try the wire with."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from faketencent.api.action import Action, Asked
from faketencent.api.service import ApiService
from faketencent.cloud import FakeCloud
from faketencent.in_process import in_process

if TYPE_CHECKING:
    from collections.abc import Iterator


class Echo(ApiService):
    """Stands in for any service."""

    name: ClassVar[str] = "scf"
    version: ClassVar[str] = "2018-04-16"

    def __init__(self, cloud: FakeCloud) -> None:
        super().__init__(cloud, [Action("Echo", self._echo, frozenset({"Text"}), frozenset({"Number"}))])

    def _echo(self, asked: Asked) -> dict[str, Any]:
        return {"Text": asked.text("Text"), "Region": asked.region, "Number": asked.number("Number", 0)}


class EchoCloud(FakeCloud):
    """A cloud with that service alone."""

    @property
    def services(self) -> tuple[ApiService, ...]:
        return (Echo(self),)


@contextmanager
def echo_cloud() -> Iterator[EchoCloud]:
    """The cloud, with this process's requests; those for other actions are meant."""
    with in_process(EchoCloud()) as cloud:
        assert isinstance(cloud, EchoCloud)
        yield cloud
        cloud.unknown.clear()
