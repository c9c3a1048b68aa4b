"""Checks of the settings, and of the file that hands them to the functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ops.bill import largest_bill
from ops.doctor.finding import check, failed, passed, warned
from shared.settings import Scheme, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import SecretStr

    from ops.doctor.case import Case
    from ops.doctor.finding import Answer

_NEW_SECRET = "Make one with `openssl rand -hex 32`, and keep the old one as WATERMARK_SECRET_PREVIOUS"  # noqa: S105 - advice
#: Even 32 random decimal digits have fewer different ones only twice in a hundred thousand cases.
_FEWEST_CHARACTERS = 7
_PLACEHOLDER = re.compile(r"chang|secret|passw|example|placeholder|todo|your|watermark|123456|abcdef|qwert|xxxx", re.I)


@check("settings")
def settings(case: Case) -> Iterator[Answer]:
    """What the settings, which are valid, still could be better."""
    if case.settings.scheme is Scheme.HTTP:
        yield warned("valid, but calls are not encrypted", f"Unset {variable('scheme')}: `http` is for a fake cloud")
    else:
        yield passed("all valid")


@check("bill")
def bill(case: Case) -> Iterator[Answer]:
    """Whether anything bounds what a day can cost."""
    if case.settings.max_jobs_per_day is None:
        yield warned(
            largest_bill(case.settings, case.configuration.laptop.price),
            "Videos above the limit wait for another day, and are not lost",
        )
    else:
        yield passed(largest_bill(case.settings, case.configuration.laptop.price))


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
        return failed(f"{name} can be guessed: it repeats characters", _NEW_SECRET)
    if _PLACEHOLDER.search(text):
        return warned(f"{name} looks like words or an example, not random", _NEW_SECRET)
    return passed(f"{name} is long enough and looks random")
