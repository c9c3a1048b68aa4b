"""The command `doctor`."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ops.checkout import ROOT, SERVERLESS_YML
from ops.deploy.dotenv import read_dotenv
from ops.options import Region, parser
from shared.formats import Bucket


def doctor(
    *,
    region: Annotated[
        str | None,
        typer.Option(parser=parser(Region), help="Region of functions and buckets; else serverless.yml's."),
    ] = None,
    bucket: Annotated[
        list[str] | None,
        typer.Option(
            parser=parser(Bucket), help="A video bucket, may be given several times; else those with triggers."
        ),
    ] = None,
    function_timeout: Annotated[int | None, typer.Option(min=1, help="Seconds; else those in serverless.yml.")] = None,
    env_file: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Completes the environment; else the checkout's .env, which `make deploy` reads.",
        ),
    ] = None,
    serverless_yml: Annotated[Path, typer.Option(help="What is deployed.", show_default=False)] = SERVERLESS_YML,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look at a deployment and say what is wrong with it. Changes nothing; ends with 1 if a check fails.

    Settings are read from serverless.yml and the environment, credentials from TENCENT_SECRET_ID, TENCENT_SECRET_KEY
    and TENCENT_TOKEN, or else from TENCENTCLOUD_SECRETID and so on.
    """
    from ops.doctor.case import Case  # noqa: PLC0415 - what follows is only for this command, and imports the SDK
    from ops.doctor.examination import examine  # noqa: PLC0415 - as above
    from ops.doctor.finding import Verdict  # noqa: PLC0415 - as above
    from ops.doctor.report import as_json, show  # noqa: PLC0415 - as above

    environment = {**read_dotenv(env_file or ROOT / ".env"), **os.environ}
    case = Case(environment, time.time, serverless_yml, region, tuple(bucket or ()), function_timeout)
    examination = examine(case)
    if json:
        typer.echo(as_json(examination))
    else:
        show(examination, Console())
    raise typer.Exit(1 if examination.count(Verdict.FAIL) else 0)
