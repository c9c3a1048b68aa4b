"""Completes `.env`: what is there stays, options replace it, the rest is asked for or made."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, TypeAdapter

from ops.asking import answer
from ops.bill import MINUTES, cost, usd
from ops.checkout import ROOT
from ops.configuration.configuration import Laptop, Site, check_what_is_there
from ops.configuration.env_file import EnvFile
from ops.options import Region
from shared.formats import Bucket, JobsPerDay
from shared.settings import Scheme, variable

if TYPE_CHECKING:
    from pathlib import Path

    from ops.setup.account import Identity

_EXAMPLE = ROOT / ".env.example"
#: Jobs a day.
PROPOSED_LIMIT = 100
#: Bytes: as many as `openssl rand -hex 32` makes.
_SECRET_BYTES = 32
_BUCKET: TypeAdapter[str] = TypeAdapter(Bucket)


def _several(value: object) -> object:
    names = [part.strip() for part in str(value).split(",")]
    return ",".join(_BUCKET.validate_python(name) for name in names)


_Buckets = Annotated[str, BeforeValidator(_several)]


@dataclass(frozen=True)
class Given:
    """What the options say; `yes` takes proposals without asking."""

    region: str | None = None
    buckets: tuple[str, ...] = ()
    ledger_bucket: str | None = None
    max_jobs_per_day: int | None = None
    site: Site | None = None
    name: str | None = None
    yes: bool = False

    @property
    def values(self) -> dict[str, str]:
        """By their names in `.env`."""
        given = {
            "DEPLOY_REGION": self.region,
            "DEPLOY_BUCKETS": ",".join(self.buckets),
            "DEPLOY_SITE": self.site.value if self.site else None,
            "DEPLOY_NAME": self.name,
            "WATERMARK_LEDGER_BUCKET": self.ledger_bucket,
            "WATERMARK_MAX_JOBS_PER_DAY": str(self.max_jobs_per_day) if self.max_jobs_per_day else None,
        }
        return {name: value for name, value in given.items() if value}


def opened(path: Path, given: Given) -> EnvFile:
    """The file with what the options say; where there is none yet, the example's text.

    Raises:
        EnvFileError: it cannot be read, or says something wrong.
    """
    file = EnvFile.read(path)
    if not file.lines:
        example = EnvFile.read(_EXAMPLE)
        file = EnvFile(path, example.values, example.lines)
    file = file.with_values({n: v for n, v in given.values.items() if file.values.get(n) != v})
    check_what_is_there(file)
    return file


def site_in(file: EnvFile) -> Site:
    """The site that the file names, before all the rest of it is there."""
    return Site(file.values.get("DEPLOY_SITE", Site.CHINA.value))


def scheme_in(file: EnvFile) -> Scheme:
    """The same for how the cloud is spoken to."""
    return Scheme(file.values.get(variable("scheme"), Scheme.HTTPS.value))


def completed(file: EnvFile, given: Given, identity: Identity) -> EnvFile:
    """The file with all that a deployment needs.

    Raises:
        ConfigurationError: nobody answers.
    """
    known, added = file.values, dict[str, str | None]()
    if "DEPLOY_REGION" not in known:
        added["DEPLOY_REGION"] = answer(
            "Region of the video buckets, like ap-beijing", Region, "--region", yes=given.yes
        )
    if "DEPLOY_BUCKETS" not in known:
        question = f"Video buckets, separated by commas, like videos-{identity.appid}"
        added["DEPLOY_BUCKETS"] = answer(question, _Buckets, "--bucket", yes=given.yes)
    if "WATERMARK_LEDGER_BUCKET" not in known:
        name = known.get("DEPLOY_NAME") or Laptop.model_fields["name"].default
        added["WATERMARK_LEDGER_BUCKET"] = answer(
            "Ledger bucket, private and for nothing else, in that region",
            Bucket,
            "--ledger-bucket",
            proposal=f"{name}-ledger-{identity.appid}",
            yes=given.yes,
        )
    if "WATERMARK_MAX_JOBS_PER_DAY" not in known:
        price = usd(cost(PROPOSED_LIMIT))
        added["WATERMARK_MAX_JOBS_PER_DAY"] = answer(
            f"Most jobs a day (nothing else limits the cost; {PROPOSED_LIMIT} of {MINUTES} minutes cost {price})",
            JobsPerDay,
            "--max-jobs-per-day",
            proposal=str(PROPOSED_LIMIT),
            yes=given.yes,
        )
    if "DEPLOY_UIN" not in known:
        added["DEPLOY_UIN"] = identity.caller.uin
    if "WATERMARK_SECRET" not in known:
        added["WATERMARK_SECRET"] = secrets.token_hex(_SECRET_BYTES)
    return file.with_values(added)
