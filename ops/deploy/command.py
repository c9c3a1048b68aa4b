"""`cos-watermark deploy`: from a checkout and `.env` to running functions."""

from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ops.asking import agreed
from ops.bill import largest_bill
from ops.bundle.build import Bundle, Bytecode, build
from ops.checkout import BUNDLE_ARCHIVE, BUNDLE_FOLDER, ENV_FILE, SERVERLESS_YML, version
from ops.configuration.configuration import Configuration, left_aside, read_configuration
from ops.configuration.private import write_private
from ops.deploy.account import Account
from ops.deploy.goal import CALLBACK_URL, NO_CALLBACK, goal
from ops.deploy.marker import Marker
from ops.deploy.plan import plan, refuse_strangers, warnings
from ops.deploy.work import Work
from ops.doctor.command import code_of, look_over
from ops.doctor.report import show
from ops.ending import Code, in_words
from ops.errors import DeployError
from ops.manifest.deployment import Deployment
from ops.manifest.reading import read_deployment
from ops.manifest.render import rendered
from ops.options import Debug, DryRun, EnvFile, Yes
from ops.pausing import end_pause
from ops.plain import plain, say
from ops.tencent.api import Api
from ops.tencent.scf import LARGEST_ZIP
from shared.cloud.clients import connect
from shared.errors import CloudError


class Outcome(Enum):
    """What came of a deployment."""

    NOTHING = "there was nothing to do"
    REFUSED = "nothing was done"
    DONE = "deployed"


_REPLACE = "Replace functions of the same names that `deploy` did not create."
_NO_BYTECODE = "Build without Python 3.10; cold starts take about twice as long."


def deploy(  # noqa: PLR0913 - the command's options
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    replace: Annotated[bool, typer.Option("--replace", help=_REPLACE)] = False,
    render: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Only write a serverless.yml, with secrets, for Tencent's tool `scf`."),
    ] = None,
    no_bytecode: Annotated[bool, typer.Option("--no-bytecode", help=_NO_BYTECODE)] = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
    serverless_yml: Annotated[Path, typer.Option(hidden=True)] = SERVERLESS_YML,
) -> None:
    """Deploy both functions and their triggers.

    It builds the bundle, shows the differences to what is deployed, asks, deploys, and then checks like `doctor`.

    Exit code 0: all is well; 1: something is left to do; 2: a wrong file; 3: the cloud did not reply.
    """
    with in_words(debug=debug):
        configuration = read_configuration(env_file)
        deployment = read_deployment(serverless_yml, configuration)
        _say_what_does_not_count(configuration)
        if render:
            _render(render, serverless_yml, configuration)
            return
        bundle = _build(Bytecode.LEFT_OUT if no_bytecode else Bytecode.INCLUDED)
        outcome = _deploy(configuration, deployment, bundle, yes=yes, dry_run=dry_run, replace=replace)
        if outcome is Outcome.REFUSED or dry_run:
            raise typer.Exit(Code.TO_DO if dry_run and outcome is not Outcome.NOTHING else Code.DONE)
        examination = look_over(configuration, deployment)
    show(examination, Console())
    raise typer.Exit(code_of(examination))


def _deploy(
    configuration: Configuration, deployment: Deployment, bundle: Bundle, *, yes: bool, dry_run: bool, replace: bool
) -> Outcome:
    laptop = configuration.laptop
    api = Api.of(configuration)
    account = Account.of(api, deployment)
    wanted = goal(deployment, configuration, Marker(version(), bundle.sha256))
    found = account.look(deployment.functions)
    if not replace:
        refuse_strangers(wanted, found)
    lines = plan(wanted, found)
    for line in warnings(wanted, found):
        say(f"! {line}")
    typer.echo(_bill(configuration))
    if not lines:
        typer.echo("Nothing to deploy: the account has all of this already.")
        return Outcome.NOTHING
    typer.echo(f"\nTo be deployed in {laptop.region}:\n" + "".join(f"  {plain(line)}\n" for line in lines))
    if dry_run or not agreed("Deploy?", yes=yes):
        return Outcome.REFUSED
    Work(account, bundle.archive.read_bytes(), say).do(wanted, found)
    _end_our_pause(configuration)
    typer.echo("\nDeployed. Looking it over.")
    if any(line.startswith("+") and " run by cos:" in line for line in lines):
        typer.echo("New triggers take up to three minutes until they work: wait so long with the first upload.")
    return Outcome.DONE


def _end_our_pause(configuration: Configuration) -> None:
    """That of a `remove` that was stopped while it waited. Where it cannot be seen, the doctor says so."""
    with suppress(CloudError):
        end_pause(connect(configuration.settings, configuration.credentials, configuration.laptop.region))


def _build(bytecode: Bytecode) -> Bundle:
    bundle = build(BUNDLE_FOLDER, BUNDLE_ARCHIVE, bytecode)
    size = bundle.archive.stat().st_size
    if size > LARGEST_ZIP:
        raise DeployError(
            f"{bundle.archive.name} has {size} bytes, and one call takes {LARGEST_ZIP}; nothing was deployed"
        )
    typer.echo(f"Built {bundle.archive.name}: {size / 1e6:.1f} MB, SHA-256 {bundle.sha256[:12]}…")
    return bundle


def _bill(configuration: Configuration) -> str:
    settings = configuration.settings
    label = "Warning" if settings.max_jobs_per_day is None else "Largest bill"
    return f"{label}: {largest_bill(settings, configuration.laptop.price)}"


def _say_what_does_not_count(configuration: Configuration) -> None:
    names = left_aside(configuration.file, configuration.process)
    if names:
        typer.echo(
            f"! {', '.join(names)}: set in the environment, which does not count; {configuration.file.path.name} does",
            err=True,
        )


def _render(path: Path, serverless_yml: Path, configuration: Configuration) -> None:
    environment = {CALLBACK_URL: NO_CALLBACK, **configuration.environment}
    write_private(path, rendered(serverless_yml, configuration, environment))
    typer.echo(f"Wrote {path}, which holds the secret.", err=True)
    if CALLBACK_URL not in configuration.environment:
        typer.echo(f"{CALLBACK_URL} is `no` in it: only `deploy` knows the function's own URL.", err=True)
