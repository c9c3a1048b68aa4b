"""The command `remove`."""

from dataclasses import dataclass
from typing import Annotated

import typer

from ops import waiting
from ops.asking import agreed
from ops.checkout import ENV_FILE, SERVERLESS_YML
from ops.configuration.configuration import Configuration, read_configuration
from ops.deploy.account import Account, Found
from ops.ending import in_words
from ops.errors import DeployError
from ops.manifest.deployment import Deployment
from ops.manifest.reading import read_deployment
from ops.options import Debug, EnvFile, Yes
from ops.pausing import begin_pause, end_pause
from ops.plain import plain, say
from ops.remove.functions import Removal
from ops.remove.in_flight import InFlight, in_flight
from ops.remove.rest import Rest
from ops.tencent.api import Api
from ops.tencent.buckets import Buckets
from ops.tencent.cam import Cam
from shared.cloud.clients import Clients, connect
from shared.cloud.transport import Transport
from shared.errors import CloudError

#: Seconds between two looks at the ledger.
_LOOK = 30
_NOW = "Do not wait for jobs that are not finished; their results are lost."
_ALL = "Also remove roles, policies, and the ledger bucket if it has no records. Needs an administrator's key."
_STAYS = "What stays: the x-cos-meta-watermark fields on the objects, CI's binding of the video buckets"
_STAYS_TOO = ", the ledger bucket with its records, roles and policies"


def remove(
    *,
    everything: Annotated[bool, typer.Option("--all", help=_ALL)] = False,
    now: Annotated[bool, typer.Option("--now", help=_NOW)] = False,
    yes: Yes = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Remove functions and triggers after the last job has ended.

    Ctrl-C stops the waiting; the same command continues.

    Exit code 0: all is removed; 1: something is left to do; 2: a wrong file; 3: the cloud did not reply.
    """
    with in_words(debug=debug):
        configuration = read_configuration(env_file)
        deployment = read_deployment(SERVERLESS_YML, configuration)
        _Remove.of(configuration, deployment).run(everything=everything, now=now, yes=yes)


@dataclass(frozen=True)
class _Remove:
    """One run of the command."""

    region: str
    removal: Removal
    clients: Clients
    rest: Rest
    found: Found

    @classmethod
    def of(cls, configuration: Configuration, deployment: Deployment) -> "_Remove":
        settings, region = configuration.settings, deployment.region
        api = Api.of(configuration)
        account = Account.of(api, deployment)
        buckets = Buckets(Transport(configuration.credentials, settings.scheme), region)
        names = tuple(function.role for function in deployment.functions.values())
        return cls(
            region,
            Removal(account, deployment.functions, say),
            connect(settings, configuration.credentials, region),
            Rest(Cam(api), buckets, names, settings.ledger_bucket, settings.ledger_prefix),
            account.look(deployment.functions),
        )

    def run(self, *, everything: bool, now: bool, yes: bool) -> None:
        ours = self.removal.ours(self.found)
        lines = [*self.removal.plan(self.found), *(self.rest.plan() if everything else ())]
        if not any(line.startswith("-") for line in lines):
            # Of a run whose last call was lost.
            self._end_pause()
            typer.echo("\n".join([*lines, "Nothing is deployed." if not everything else "Nothing is left to remove."]))
            return
        typer.echo(f"To be removed in {self.region}:\n" + "\n".join(f"  {plain(line)}" for line in lines))
        flight = self._in_flight(now=now) if ours else None
        if flight:
            typer.echo(f"{flight.lost if now else flight.to_come}.")
        if not agreed("Remove?", yes=yes):
            return
        self.removal.end_uploads(ours)
        if flight and not now:
            self._wait(flight)
        self.removal.end_functions(ours)
        self._end_pause()
        if everything:
            self.rest.end(say)
        typer.echo(f"Removed. {_STAYS}{'' if everything else _STAYS_TOO}.")

    def _in_flight(self, *, now: bool) -> InFlight | None:
        try:
            return in_flight(self.clients)
        except CloudError as error:
            if not now:
                raise DeployError(
                    f"Nothing was removed: what is in flight cannot be seen ({error.cause}). Say --now to remove the "
                    "functions all the same; results of jobs that run are lost then"
                ) from error
            typer.echo(f"! What is in flight cannot be seen ({error.cause}); results of jobs that run will be lost.")
            return None

    def _wait(self, flight: InFlight) -> None:
        begin_pause(self.clients, waiting.now())
        while flight.paid:
            typer.echo(f"  {flight.running}; looking again in {_LOOK} s (Ctrl-C stops)")
            waiting.pause(_LOOK)
            flight = in_flight(self.clients)

    def _end_pause(self) -> None:
        try:
            end_pause(self.clients)
        except CloudError as error:
            # It holds nothing up any more, unless somebody deploys again; `deploy` takes it away then.
            typer.echo(f"! Whether the ledger is paused cannot be seen ({error.cause}).")
