"""The command `doctor`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ops import waiting
from ops.bundle.build import Bundle
from ops.checkout import BUNDLE_ARCHIVE, ENV_FILE, SERVERLESS_YML, version
from ops.configuration.configuration import Configuration, read_configuration
from ops.deploy.marker import Marker
from ops.doctor.case import Case
from ops.doctor.examination import Examination, examine
from ops.doctor.finding import Verdict
from ops.doctor.report import Detail, as_json, show
from ops.ending import Code, in_words
from ops.manifest.deployment import Deployment
from ops.manifest.reading import read_deployment
from ops.options import Debug, EnvFile


def doctor(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also show what is well, one line each.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    debug: Debug = False,
    env_file: EnvFile = ENV_FILE,
    serverless_yml: Annotated[Path, typer.Option(hidden=True)] = SERVERLESS_YML,
) -> None:
    """Check settings and account, and say what to do.

    It changes nothing.

    Exit code 0: all is well; 1: there is something to do; 2: a wrong file; 3: something could not be checked.
    """
    with in_words(debug=debug):
        configuration = read_configuration(env_file)
        deployment = read_deployment(serverless_yml, configuration)
        # Without a key pair there is nothing to look at.
        _ = configuration.credentials
        examination = look_over(configuration, deployment)
    if json:
        typer.echo(as_json(examination))
    else:
        show(examination, Console(), Detail.ALL if everything else Detail.SHORT)
    raise typer.Exit(code_of(examination))


def look_over(configuration: Configuration, deployment: Deployment) -> Examination:
    """All that the doctor finds."""
    built = None
    if BUNDLE_ARCHIVE.exists():
        built = Marker(version(), Bundle(BUNDLE_ARCHIVE.parent, BUNDLE_ARCHIVE).sha256)
    return examine(Case(configuration, deployment, waiting.now, built))


def code_of(examination: Examination) -> Code:
    """How a command ends that found this."""
    if examination.count(Verdict.UNSEEN):
        return Code.UNSEEN
    return Code.TO_DO if examination.count(Verdict.FAIL) else Code.DONE
