"""`cos-watermark policy`: prints a CAM policy, ready to be pasted into the console's policy editor."""

import json
from enum import Enum
from typing import Annotated

import typer
from pydantic import ValidationError

from ops.checkout import ENV_FILE
from ops.configuration.configuration import Configuration, read_configuration
from ops.ending import in_words
from ops.options import EnvFile, Uin, complaints, parser
from ops.policies import (
    Deployment,
    Policy,
    callback_policy,
    deploy_policy,
    deployment_of,
    operator_policy,
    setup_policy,
    submit_policy,
)
from ops.tencent.api import Api
from ops.tencent.sts import Sts
from shared.errors import CloudError, ConfigurationError


class Subject(str, Enum):
    """Whom a policy is for."""

    SUBMIT = "submit"
    CALLBACK = "callback"
    DEPLOY = "deploy"
    OPERATOR = "operator"
    SETUP = "setup"


#: Which of the two extras a policy knows.
_ESTIMATING, _LOGGING = (Subject.OPERATOR,), (Subject.OPERATOR, Subject.SETUP)
_WARNING = (
    "This policy amounts to an administrator: who may make roles and policies can give himself everything. Give it to "
    "an administrator only, and take it away after the set-up."
)


def policy(
    subject: Annotated[
        Subject,
        typer.Argument(
            help="A function (its role), or the person who runs `deploy`, the operator's commands or `setup`."
        ),
    ],
    *,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="For operator: also the right to ask for the length of videos.")
    ] = False,
    logs: Annotated[
        bool, typer.Option("--logs", help="For operator: also to search the log. For setup: also to make a log topic.")
    ] = False,
    uin: Annotated[
        str | None,
        typer.Option(parser=parser(Uin), help="The account's number. Default: DEPLOY_UIN, else STS is asked for it."),
    ] = None,
    env_file: EnvFile = ENV_FILE,
) -> None:
    """Print the CAM policy for a function's role or for a person."""
    for given, option, subjects in ((estimate, "--estimate", _ESTIMATING), (logs, "--logs", _LOGGING)):
        if given and subject not in subjects:
            raise typer.BadParameter(f"{option} is for {' and '.join(one.value for one in subjects)}")
    with in_words():
        configuration = read_configuration(env_file)
        deployment = _deployment(configuration, uin or configuration.laptop.uin or _asked(configuration))
    if subject is Subject.SETUP:
        typer.echo(_WARNING, err=True)
    typer.echo(json.dumps(_policy(subject, deployment, estimate=estimate, logs=logs), indent=2))


def _policy(subject: Subject, deployment: Deployment, *, estimate: bool, logs: bool) -> Policy:
    match subject:
        case Subject.SUBMIT:
            return submit_policy(deployment)
        case Subject.CALLBACK:
            return callback_policy(deployment)
        case Subject.DEPLOY:
            return deploy_policy(deployment)
        case Subject.OPERATOR:
            return operator_policy(deployment, estimate=estimate, logs=logs)
        case Subject.SETUP:
            return setup_policy(deployment, logs=logs)


def _deployment(configuration: Configuration, uin: str) -> Deployment:
    try:
        return deployment_of(configuration, uin)
    except ValidationError as error:
        raise ConfigurationError(f"{configuration.file.path.name}: {'; '.join(complaints(error))}") from error


def _asked(configuration: Configuration) -> str:
    """The account's number, by the operator's key."""
    try:
        api = Api.of(configuration)
        return Sts(api).caller().uin
    except (ConfigurationError, CloudError) as error:
        raise ConfigurationError(
            f"the account's number is not known: set DEPLOY_UIN or give --uin (console, account information). {error}"
        ) from error
