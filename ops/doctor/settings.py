"""Checks of the settings, and of the file that hands them to the functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ops.bill import largest_bill
from ops.doctor.finding import check, failed, passed, warned
from ops.manifest import ManifestError
from ops.variables import obstacles
from shared.errors import ConfigurationError
from shared.settings import PREFIX, Scheme, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import SecretStr

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer

_NEW_SECRET = "Make one with `openssl rand -hex 32`, and keep the old one as WATERMARK_SECRET_PREVIOUS"  # noqa: S105 - advice
#: Even 32 random decimal digits have fewer different ones only twice in a hundred thousand cases.
_FEWEST_CHARACTERS = 7
_PLACEHOLDER = re.compile(r"chang|secret|passw|example|placeholder|todo|your|watermark|123456|abcdef|qwert|xxxx", re.I)


@check("deployment file")
def deployment_file(case: Case) -> Iterator[Answer]:
    """Whether `serverless.yml` can be read, and gives both functions the same settings."""
    try:
        given = case.deployment.environments
    except ConfigurationError as error:
        if case.chosen_region is None:
            broken = isinstance(error, ManifestError)
            remedy = f"Correct {case.serverless_yml.name}" if broken else "Set what is missing"
            yield failed(f"{error}; so the region is not known", f"{remedy}, or say --region")
        else:
            yield warned(f"{error}; so triggers and time-outs cannot be seen", "Look at them yourself")
        return
    if any(environment != given[0] for environment in given):
        yield failed(
            f"{case.serverless_yml.name} gives the functions different settings",
            "Give both the same: what one signs, the other must believe",
        )
        return
    deployed = {name for environment in given for name in environment}
    left_out = sorted(name for name in case.environment if name.startswith(PREFIX) and name not in deployed)
    if left_out:
        yield warned(
            f"{' and '.join(left_out)}: set here, but not handed to the functions",
            f"Add it to the `environments` of {case.serverless_yml.name}, or unset it",
        )
    else:
        yield passed(f"{case.serverless_yml.name} gives both functions the same settings")


@check("settings")
def settings(case: Case) -> Iterator[Answer]:
    """Whether the functions would accept their settings."""
    try:
        scheme = case.settings.scheme
    except ConfigurationError as error:
        yield failed(str(error).removeprefix("the settings are wrong: "), "Correct it; README.md lists every setting")
        return
    if scheme is Scheme.HTTP:
        yield warned("valid, but calls are not encrypted", f"Unset {variable('scheme')}: `http` is for a fake cloud")
    else:
        yield passed("all valid")


@check("variables")
def variables(case: Case) -> Iterator[Answer]:
    """Whether SCF would hand the functions what the deployment file gives them."""
    found = [obstacle for environment in case.deployment.environments for obstacle in obstacles(environment)]
    for obstacle in dict.fromkeys(found):
        yield failed(obstacle, "Give it another value; patterns can be fewer and shorter")
    if not found:
        yield passed("SCF takes them as they are")


@check("bill")
def bill(case: Case) -> Iterator[Answer]:
    """Whether anything bounds what a day can cost."""
    if case.settings.max_jobs_per_day is None:
        yield warned(largest_bill(case.settings), "What is above the limit waits for another day, and is not lost")
    else:
        yield passed(largest_bill(case.settings))


@check("secret")
def secret(case: Case) -> Iterator[Answer]:
    """Whether the secrets could be guessed."""
    given = {"secret": case.settings.secret, "secret_previous": case.settings.secret_previous}
    for field, value in given.items():
        if value is not None:
            yield _strength(variable(field), value)
    if case.settings.secret == case.settings.secret_previous:
        yield warned(
            f"{variable('secret_previous')} is the same as {variable('secret')}",
            f"Set {variable('secret_previous')} to the one from before the last rotation, or unset it",
        )


def _strength(name: str, value: SecretStr) -> Answer:
    text = value.get_secret_value()
    if len(set(text)) < _FEWEST_CHARACTERS or text in (text + text)[1:-1]:
        return failed(f"{name} can be guessed: it repeats itself", _NEW_SECRET)
    if _PLACEHOLDER.search(text):
        return warned(f"{name} looks like words or an example, not like chance", _NEW_SECRET)
    return passed(f"{name} is long enough and looks random")
