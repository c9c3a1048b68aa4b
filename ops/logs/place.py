"""Where the functions of a deployment log: in a topic of their own, or in that of SCF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.tencent.api import Api
from ops.tencent.cls import Cls
from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.configuration.configuration import Configuration

#: How the name of SCF's own topic begins, in either case: https://cloud.tencent.com/document/product/583/60336.
_SCF = "SCF_"
_TOPIC = "scf_logtopic"


@dataclass(frozen=True)
class Place:
    """A topic, and how those functions are called that log there: the short name by the full one.

    `indexed` says whether fields of our own can be searched for: in SCF's topic only SCF's can.
    """

    api: Api
    topic: str
    functions: Mapping[str, str]
    indexed: bool


def find_place(configuration: Configuration, topic: str | None = None) -> Place:
    """The topic that is given, else the one in `.env`, else SCF's own in that region.

    Raises:
        ConfigurationError: SCF has none, or several.
        CloudError: they could not be listed.
    """
    laptop, api = configuration.laptop, Api.of(configuration)
    functions = {f"{laptop.name}-{key}": key for key in ("submit", "callback")}
    known = topic or laptop.topic
    # Of a topic that somebody names nobody knows what can be searched for.
    return Place(api, known or _of_scf(api), functions, indexed=bool(known) and known == laptop.topic)


def _of_scf(api: Api) -> str:
    found = [topic for topic in Cls(api).topics_with(_SCF) if topic.name.lower().startswith(_TOPIC)]
    if len(found) == 1:
        return found[0].id
    which = (
        f"several log topics ({', '.join(f'{topic.name}: {topic.id}' for topic in found)})" if found else "no log topic"
    )
    raise ConfigurationError(
        f"SCF has {which} in {api.region}: give --topic with the topic of the functions (SCF console, the function, "
        "Log configuration), or make one for them with `./cos-watermark setup --logs`"
    )
