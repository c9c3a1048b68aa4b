"""`cos-watermark deploy`: from a checkout to running functions, with the callback URL that only then exists."""

import os
from collections.abc import Mapping
from typing import Annotated

import typer

from ops.bill import largest_bill
from ops.bundle.build import build
from ops.bundle.errors import BundleError
from ops.checkout import BUNDLE_ARCHIVE, BUNDLE_FOLDER, ROOT, SERVERLESS_YML
from ops.deploy.checks import problems
from ops.deploy.dotenv import read_dotenv
from ops.deploy.tool import HOW_TO_GET_IT, DeploymentError, find_tool, function_url, run_tool
from ops.manifest import Manifest, ManifestError
from shared.settings import CallbackType, Settings, read_settings

_CALLBACK_URL = "WATERMARK_CALLBACK_URL"
_NO_CALLBACK = "no"


def deploy(
    *,
    one_step: Annotated[
        bool, typer.Option("--one-step", help="Leave WATERMARK_CALLBACK_URL=no as it is: no callbacks, only the sweep.")
    ] = False,
) -> None:
    """Check the environment, build, and run Tencent's `scf deploy`; twice, if the callback URL is not known yet."""
    manifest = _manifest()
    # As in the tool, the environment goes before the file.
    variables = {**read_dotenv(ROOT / ".env"), **os.environ}
    _require_no_problems(manifest, variables)
    _build()
    resolved = manifest.resolve(variables)
    typer.echo(_plan(resolved) + _bill(resolved))
    tool = find_tool(variables)
    if tool is None:
        typer.echo(HOW_TO_GET_IT, err=True)
        raise typer.Exit(1)
    output = _run(tool, variables)
    if one_step or not _wants_callback_url(resolved):
        return
    url = function_url(output, resolved.document["inputs"]["region"])
    if url is None:
        typer.echo(_BY_HAND)
        return
    typer.echo(f"\nThe callback function answers at {url}. Deploying once more, so that jobs are told.")
    _run(tool, {**variables, _CALLBACK_URL: url})
    typer.echo(f"\nKeep it in .env, and the next deployment needs one step only:\n\n    {_CALLBACK_URL}={url}\n")


_BY_HAND = f"""
Second step: the callback function has a URL now, but the tool did not show it. Until it is known, results arrive with
the sweep, five minutes after the upload at the earliest. Find it in the SCF console (function cos-watermark-callback,
function URL), put it into .env as {_CALLBACK_URL}=https://..., and run this command again.
"""


def _manifest() -> Manifest:
    try:
        return Manifest.read(SERVERLESS_YML)
    except ManifestError as error:
        typer.echo(f"Nothing was deployed: {error}", err=True)
        raise typer.Exit(1) from error


def _require_no_problems(manifest: Manifest, variables: Mapping[str, str]) -> None:
    found = problems(manifest, variables)
    if found:
        listed = "\n".join(f"  - {problem}" for problem in found)
        typer.echo(f"Nothing was deployed. In .env or the environment (see .env.example):\n{listed}", err=True)
        raise typer.Exit(1)


def _wants_callback_url(resolved: Manifest) -> bool:
    environment = resolved.environment("callback")
    by_queue = environment.get("WATERMARK_CALLBACK_TYPE") == CallbackType.TDMQ.value
    return environment.get(_CALLBACK_URL) == _NO_CALLBACK and not by_queue


def _build() -> None:
    try:
        bundle = build(BUNDLE_FOLDER, BUNDLE_ARCHIVE)
    except BundleError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"built {bundle.archive.relative_to(ROOT)}, SHA-256 {bundle.sha256}")


def _plan(resolved: Manifest) -> str:
    lines = [f"\nto be deployed in {resolved.document['inputs']['region']}:"]
    for key, function in resolved.functions.items():
        size = f"{function['memorySize']} MB, {function['timeout']} s"
        lines.append(f"  function {function['name']} ({function['handler']}, {size}, role {function['role']})")
        lines.append(f"    with {', '.join(resolved.environment(key))}")
        triggers = [trigger for trigger in resolved.triggers if trigger["function"] == key]
        lines += [f"    {_describe(trigger['type'], trigger['parameters'])}" for trigger in triggers]
    return "\n".join(lines) + "\n"


def _bill(resolved: Manifest) -> str:
    given = [read_settings(resolved.environment(function)) for function in resolved.functions]
    # One line, unless somebody gives the functions different settings.
    return "".join(dict.fromkeys(f"{_bill_label(settings)}: {largest_bill(settings)}\n" for settings in given))


def _bill_label(settings: Settings) -> str:
    return "warning" if settings.max_jobs_per_day is None else "largest bill"


def _describe(kind: str, parameters: Mapping[str, str]) -> str:
    if kind == "cos":
        return f"run by {parameters['events']} of {parameters['bucket']}"
    if kind == "timer":
        return f"run at {parameters['cronExpression']}"
    return "run by requests to its URL, which anybody may call"


def _run(tool: str, variables: Mapping[str, str]) -> str:
    try:
        return run_tool(tool, ROOT, variables, lambda line: typer.echo(line, nl=False))
    except DeploymentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
