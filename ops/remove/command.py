"""The command `remove`."""

from typing import Annotated

import typer

from ops import waiting
from ops.asking import agreed
from ops.checkout import ENV_FILE, SERVERLESS_YML
from ops.configuration.configuration import Configuration, read_configuration
from ops.deploy.account import Account
from ops.ending import in_words
from ops.manifest.deployment import Deployment
from ops.manifest.reading import read_deployment
from ops.options import Debug, EnvFile, Yes
from ops.remove.functions import Removal
from ops.remove.in_flight import InFlight, begin_pause, end_pause, in_flight
from ops.tencent.api import Api
from shared.cloud.clients import Clients, connect

#: Seconds between two looks at the ledger.
_LOOK = 30
_NOW = "Do not wait for jobs that are running; their results are lost."
_ALL = "Also roles, policies, and the ledger bucket if it is empty."
_STAYS = (
    "What stays: the ledger bucket with its records, the x-cos-meta-watermark fields on the objects, and CI's binding "
    "of the video buckets."
)


def remove(
    *,
    everything: Annotated[bool, typer.Option("--all", help=_ALL)] = False,
    now: Annotated[bool, typer.Option("--now", help=_NOW)] = False,
    yes: Yes = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Take the functions and their triggers away, once the last job has ended.

    Ctrl-C stops the waiting; the same command goes on. Ends with 0 if all is gone, 2 for a wrong file, 3 if the cloud
    does not answer.
    """
    with in_words(debug=debug):
        configuration = read_configuration(env_file)
        deployment = read_deployment(SERVERLESS_YML, configuration)
        _remove(configuration, deployment, everything=everything, now=now, yes=yes)


def _remove(configuration: Configuration, deployment: Deployment, *, everything: bool, now: bool, yes: bool) -> None:
    laptop = configuration.laptop
    api = Api.of(configuration)
    account = Account.of(api, deployment)
    clients = connect(configuration.settings, configuration.credentials, laptop.region)
    found = account.look(deployment.functions)
    if found.nothing and not everything:
        # Of a run whose last call was lost.
        end_pause(clients)
        typer.echo("Nothing is deployed.")
        return
    names = [deployment.functions[key].name for key, one in found.functions.items() if one]
    flight = in_flight(clients)
    typer.echo(f"To be removed in {laptop.region}: {', '.join(names) or 'no function'}, and all that runs them.")
    typer.echo(_lost(flight) if now else _to_come(flight))
    if not agreed("Remove?", yes=yes):
        return
    removal = Removal(account, deployment.functions, typer.echo)
    removal.end_uploads()
    if not now and not found.nothing:
        _wait(clients, flight)
    removal.end_functions()
    end_pause(clients)
    typer.echo(f"Removed. {_STAYS}")


def _wait(clients: Clients, flight: InFlight) -> None:
    begin_pause(clients, waiting.now())
    while flight.paid:
        typer.echo(f"  {_running(flight)}; looking again in {_LOOK} s (Ctrl-C stops)")
        waiting.pause(_LOOK)
        flight = in_flight(clients)


def _lost(flight: InFlight) -> str:
    one = flight.paid == 1
    results = "1 result that is" if one else f"{flight.paid} results that are"
    return f"{results} paid for, or may be, will be lost, and {_waiting(flight)} will not be checked."


def _to_come(flight: InFlight) -> str:
    return f"{_running(flight)} and will be waited for; {_waiting(flight)} will not be checked, and the claim stays."


def _running(flight: InFlight) -> str:
    return "1 job has not ended" if flight.paid == 1 else f"{flight.paid} jobs have not ended"


def _waiting(flight: InFlight) -> str:
    return "1 upload that waits for a job" if flight.waiting == 1 else f"{flight.waiting} uploads that wait for a job"
