"""`cos-watermark policy`: prints a CAM policy, ready to be pasted into the console's policy editor."""

import json
from enum import Enum
from typing import Annotated

import typer
from pydantic import ValidationError

from ops.options import Region, Uin, complaints, parser
from ops.policies import Deployment, Queue, callback_policy, deploy_policy, submit_policy
from shared.formats import Bucket, LedgerPrefix, MqName
from shared.settings import MqRegion, Settings


class Subject(str, Enum):
    """Whom a policy is for."""

    SUBMIT = "submit"
    CALLBACK = "callback"
    DEPLOY = "deploy"


_POLICIES = {Subject.SUBMIT: submit_policy, Subject.CALLBACK: callback_policy, Subject.DEPLOY: deploy_policy}


def policy(  # noqa: PLR0913 - the command's options
    subject: Annotated[Subject, typer.Argument(help="One of the two functions' roles, or who deploys them.")],
    *,
    bucket: Annotated[
        list[str],
        typer.Option(parser=parser(Bucket), help="A video bucket with its APPID; may be given several times."),
    ],
    region: Annotated[
        str, typer.Option(parser=parser(Region), help="Region of the buckets and functions, like ap-beijing.")
    ],
    uin: Annotated[
        str,
        typer.Option(parser=parser(Uin), help="The account's number (console, account information); not the APPID."),
    ],
    ledger_bucket: Annotated[str, typer.Option(parser=parser(Bucket), help="As WATERMARK_LEDGER_BUCKET.")],
    ledger_prefix: Annotated[
        str, typer.Option(parser=parser(LedgerPrefix), help="As WATERMARK_LEDGER_PREFIX.")
    ] = Settings.model_fields["ledger_prefix"].default,
    mq_name: Annotated[
        str | None, typer.Option(parser=parser(MqName), help="The queue to poll, in TDMQ queue mode.")
    ] = None,
    mq_region: Annotated[MqRegion | None, typer.Option(help="That queue's region.")] = None,
) -> None:
    """Print the CAM policy of one function's role, or of the person who deploys."""
    if (mq_name is None) is not (mq_region is None):
        raise typer.BadParameter("--mq-name and --mq-region belong together")
    try:
        deployment = Deployment(
            region=region,
            uin=uin,
            buckets=tuple(bucket),
            ledger_bucket=ledger_bucket,
            ledger_prefix=ledger_prefix,
            queue=Queue(region=mq_region, name=mq_name) if mq_region and mq_name else None,
        )
    except ValidationError as error:
        raise typer.BadParameter("; ".join(complaints(error))) from error
    typer.echo(json.dumps(_POLICIES[subject](deployment), indent=2))
