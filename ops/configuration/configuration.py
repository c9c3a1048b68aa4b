"""What `.env` says: the functions' settings, where they are deployed, and the operator's own."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ops.bill import PRICE
from ops.configuration.env_file import EnvFile, EnvFileError
from ops.options import Region, Uin, complaints
from ops.variables import obstacles
from shared.errors import ConfigurationError
from shared.formats import MIN_SECRET_BYTES, Bucket, matching
from shared.settings import PREFIX, Credentials, Settings, read_credentials, read_settings, variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: Where credentials are looked for, in the environment before the file: the names that Tencent's tools know.
KEY_PAIRS = (
    ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"),
    ("TENCENT_SECRET_ID", "TENCENT_SECRET_KEY", "TENCENT_TOKEN"),
    ("TENCENTCLOUD_SECRETID", "TENCENTCLOUD_SECRETKEY", "TENCENTCLOUD_SESSIONTOKEN"),
)
#: What Tencent's own tool leaves in the file; nobody here reads it.
_THEIRS = ("TENCENT_APP_ID", "TENCENT_UIN", "TENCENT_TIMESTAMP")


class Site(Enum):
    """Tencent Cloud has two sites; accounts, consoles and prices of one are not known at the other."""

    CHINA = "china"
    INTERNATIONAL = "international"


def _listed(value: object) -> object:
    return tuple(dict.fromkeys(part.strip() for part in value.split(","))) if isinstance(value, str) else value


class Laptop(BaseModel):
    """What is not for the functions. Field `x_y` is the variable `DEPLOY_X_Y`, or `OPS_X_Y`, as its alias says."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    region: Region = Field(
        alias="DEPLOY_REGION", description="The region of the buckets and the functions, like `ap-beijing`."
    )
    buckets: Annotated[tuple[Bucket, ...], BeforeValidator(_listed)] = Field(
        alias="DEPLOY_BUCKETS",
        description="The video buckets with their APPID, like `videos-1250000000`, separated by commas.",
    )
    site: Site = Field(
        Site.CHINA,
        alias="DEPLOY_SITE",
        description="Where the account is: `china` (cloud.tencent.com) or `international` (tencentcloud.com).",
    )
    name: Annotated[
        str, matching(r"[A-Za-z][A-Za-z0-9-]{0,39}", "a letter and up to 39 letters, digits and hyphens")
    ] = Field(
        "cos-watermark",
        alias="DEPLOY_NAME",
        description="The names of functions, roles and policies begin with it. A second deployment needs another name.",
    )
    uin: Uin | None = Field(
        None, alias="DEPLOY_UIN", description="The account's number (UIN), which policies name. It is not the APPID."
    )
    logset: Annotated[str, matching(r"[0-9a-f-]{36}", "the id of a log set")] | None = Field(
        None, alias="DEPLOY_LOGSET_ID", description="The log set of the topic below. `setup --logs` makes both."
    )
    topic: Annotated[str, matching(r"[0-9a-f-]{36}", "the id of a log topic")] | None = Field(
        None,
        alias="DEPLOY_TOPIC_ID",
        description="The log topic that the functions write to. Not set: SCF's own topic, which keeps 7 days.",
    )
    price: Annotated[Decimal, Field(ge=0, le=1000)] = Field(
        PRICE,
        alias="OPS_PRICE_PER_MINUTE",
        description="US dollars for a minute of video, for estimates. Take it from your own price list.",
    )


#: Every name that is not a setting of the functions.
LAPTOP = tuple(field.alias or name for name, field in Laptop.model_fields.items())
FUNCTIONS = tuple(variable(name) for name in Settings.model_fields)
CREDENTIALS = tuple(name for names in KEY_PAIRS for name in names)
#: Stands for a secret that is not known here: nothing is signed with it, and no seal is compared.
_NO_SECRET = {variable("secret"): "-" * MIN_SECRET_BYTES}
#: Stands for what must be set and is not set yet.
_ANYTHING = {
    "DEPLOY_REGION": "ap-beijing",
    "DEPLOY_BUCKETS": "videos-1250000000",
    variable("ledger_bucket"): "ledger-1250000000",
    **_NO_SECRET,
}


@dataclass(frozen=True)
class Configuration:
    """A whole `.env`. `environment` is this process's, for the credentials that it may hold."""

    file: EnvFile
    settings: Settings
    laptop: Laptop
    process: Mapping[str, str]

    @property
    def has_secret(self) -> bool:
        """Whether the secret is the deployment's own: an operator's file need not have it."""
        return variable("secret") in self.file.values

    @property
    def environment(self) -> dict[str, str]:
        """The functions' variables as they are deployed, but for a callback URL that is not set."""
        return {name: value for name, value in self.file.values.items() if name.startswith(PREFIX)}

    @cached_property
    def credentials(self) -> Credentials:
        """The operator's key pair. Raises ConfigurationError."""
        return find_credentials(self.process, self.file)


def read_configuration(path: Path, process: Mapping[str, str] = os.environ) -> Configuration:
    """Everything that the file says.

    Raises:
        ConfigurationError: a line each for what is missing, wrong or unknown; no value is shown.
    """
    return understood(_file(path), process)


def read_without_secret(path: Path, process: Mapping[str, str] = os.environ) -> Configuration:
    """The same of a file that need not say the secret, for who looks after a deployment. Raises as above."""
    read = _file(path)
    given = understood(EnvFile(read.path, {**_NO_SECRET, **read.values}, read.lines), process)
    return replace(given, file=read)


def _file(path: Path) -> EnvFile:
    file = EnvFile.read(path)
    if not file.lines:
        raise EnvFileError(f"{path} is not there or empty: `./cos-watermark setup` writes it")
    return file


def understood(file: EnvFile, process: Mapping[str, str]) -> Configuration:
    """What such a file would say, written or not. Raises as `read_configuration`."""
    problems = list(unknown(file))
    settings = laptop = None
    try:
        settings = read_settings({n: v for n, v in file.values.items() if n in FUNCTIONS})
    except ConfigurationError as error:
        problems.append(str(error).removeprefix("the settings are wrong: "))
    try:
        laptop = Laptop.model_validate({n: v for n, v in file.values.items() if n in LAPTOP})
    except ValidationError as error:
        problems += _explain(error)
    problems += obstacles({n: v for n, v in file.values.items() if n in FUNCTIONS})
    if problems or settings is None or laptop is None:
        raise EnvFileError("\n".join(f"{file.path.name}: {problem}" for problem in dict.fromkeys(problems)))
    return Configuration(file, settings, laptop, process)


def check_what_is_there(file: EnvFile) -> None:
    """See to it that what such a file says is right, though it does not say all yet. Raises as `read_configuration`."""
    understood(EnvFile(file.path, {**_ANYTHING, **file.values}, file.lines), {})


def unknown(file: EnvFile) -> Iterator[str]:
    """A line for each name in the file that means nothing."""
    known = (*FUNCTIONS, *LAPTOP, *CREDENTIALS, *_THEIRS)
    for name in file.values:
        if name not in known:
            near = difflib.get_close_matches(name.upper(), known, 1, 0.8)
            yield f"{name} is no setting" + (f"; is {near[0]} meant?" if near else "")


def left_aside(file: EnvFile, process: Mapping[str, str]) -> list[str]:
    """The settings in this process's environment that differ from the file; the file alone counts."""
    return [name for name in (*FUNCTIONS, *LAPTOP) if name in process and process[name] != file.values.get(name)]


def find_credentials(process: Mapping[str, str], file: EnvFile) -> Credentials:
    """The key pair to work with. It is never put together from two places.

    Raises:
        ConfigurationError: there is none, or half of one.
    """
    for source in (process, file.values):
        for names in KEY_PAIRS:
            found = [source.get(name, "") for name in names]
            if all(found[:2]):
                return read_credentials({n: v for n, v in zip(KEY_PAIRS[-1], found, strict=True) if v})
            if any(found[:2]):
                raise ConfigurationError(f"{names[0]} and {names[1]} belong together, and one of them is not set")
    raise ConfigurationError(
        f"no key pair: put {KEY_PAIRS[0][0]} and {KEY_PAIRS[0][1]} into the environment or into {file.path.name}"
    )


def _explain(error: ValidationError) -> Iterator[str]:
    for problem, complaint in zip(error.errors(include_url=False), complaints(error), strict=True):
        name = problem["loc"][0]
        missing = problem["type"] == "missing"
        yield f"{name} is not set" if missing else f"{name}: {complaint[:1].lower()}{complaint[1:]}"
