"""What the commands of an operator work with: the ledger, the videos and the jobs of one deployment.

No right on the functions is needed for it, and no secret: `policy operator` prints what is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

from ops.configuration.configuration import read_without_secret
from ops.plain import well_formed
from ops.tencent.calls import PersonalTransport
from ops.tencent.videos import Videos
from shared.cloud.clients import Clients, clients_over
from shared.domain.objects import ObjectRef
from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.configuration.configuration import Configuration
    from ops.tencent.videos import Page
    from shared.settings import Settings
    from shared.signing import Secrets

#: Where commands keep what they know, beside the `.env` that says of which deployment.
_STATE = ".cos-watermark"


@dataclass(frozen=True)
class Access:
    """One deployment, as `.env` names it."""

    configuration: Configuration

    @classmethod
    def by(cls, env_file: Path) -> Access:
        """Of the deployment that the file describes. Raises ConfigurationError; without a key pair too."""
        configuration = read_without_secret(env_file)
        _ = configuration.credentials
        return cls(configuration)

    @property
    def settings(self) -> Settings:
        """The functions' settings, by the file; the secret among them only if it is there."""
        return self.configuration.settings

    @property
    def secrets(self) -> Secrets | None:
        """What seals are compared with, if it is known here."""
        return self.settings.secrets if self.configuration.has_secret else None

    @property
    def region(self) -> str:
        """Where functions and buckets are."""
        return self.configuration.laptop.region

    @property
    def buckets(self) -> tuple[str, ...]:
        """The video buckets."""
        return self.configuration.laptop.buckets

    @property
    def state(self) -> Path:
        """The folder for what commands remember of this deployment."""
        place = f"{self.settings.ledger_bucket}/{self.settings.ledger_prefix}".rstrip("/")
        return self.configuration.file.path.resolve().parent / _STATE / quote(place, safe="").replace("%2F", "+")

    @cached_property
    def transport(self) -> PersonalTransport:
        """The way to COS and Cloud Infinite; its errors are for the person who runs the command."""
        return PersonalTransport(self.configuration.credentials, self.settings.scheme)

    @cached_property
    def clients(self) -> Clients:
        """The functions' own way to the ledger and to jobs."""
        return clients_over(self.transport, self.settings, self.region)

    @cached_property
    def videos(self) -> Videos:
        """The video buckets, to be looked at."""
        return Videos(self.transport, self.region)

    def ledger_pages(self, folder: str, after: str = "") -> Iterator[Page]:
        """What lies in a folder of the ledger, by its name there, behind the name `after`. Raises CloudError."""
        root = self.settings.ledger_prefix
        pages = self.videos.pages(self.settings.ledger_bucket, root + folder, root + after if after else "")
        return (page.below(root) for page in pages)

    def target(self, key: str, bucket: str | None = None) -> ObjectRef:
        """The object that is meant by a key, or by `cos://<bucket>/<key>`.

        Raises:
            ConfigurationError: it is not in a bucket of this deployment, or nobody can tell in which.
        """
        if key.startswith("cos://"):
            bucket, _, key = key.removeprefix("cos://").partition("/")
        if not key:
            raise ConfigurationError("an object without a key: write its whole key, or cos://<bucket>/<key>")
        if key != well_formed(key):
            raise ConfigurationError(f"{key!r} is not a key: keys are UTF-8, and this is in another encoding")
        return ObjectRef(self.region, self.bucket(bucket), key)

    def bucket(self, name: str | None) -> str:
        """The video bucket of that name, or the only one there is. Raises as `target`."""
        if name is None and len(self.buckets) == 1:
            return self.buckets[0]
        if name is None:
            raise ConfigurationError(f"which bucket? Give --bucket with one of {', '.join(self.buckets)}")
        if name not in self.buckets:
            shown = name or "an empty name"
            raise ConfigurationError(
                f"{shown} is not one of the video buckets (DEPLOY_BUCKETS): {', '.join(self.buckets)}"
            )
        return name
