"""The forms that names and addresses must have, and the words in which others are refused."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator


def _ledger_prefix(value: str) -> str:
    # In the resource of a policy, `*` and `?` would stand for other names too.
    if value and (value.startswith("/") or not value.endswith("/") or re.search(r"//|[*?]", value)):
        raise ValueError("must end with `/`, not begin with one, and have no empty part, no `*` and no `?`")
    return value


def matching(pattern: str, form: str) -> AfterValidator:
    """For a text of which the whole must match; `form` says in words what it must be."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"must be {form}")
        return value

    return AfterValidator(check)


Bucket = Annotated[str, matching(r"[a-z0-9][a-z0-9-]{0,49}-[0-9]{5,20}", "<name>-<APPID>, like videos-1250000000")]
LedgerPrefix = Annotated[str, AfterValidator(_ledger_prefix)]
MqName = Annotated[
    str,
    matching(r"[A-Za-z][A-Za-z0-9_-]{0,63}", "a letter and up to 63 letters, digits, hyphens and underscores"),
]
MqEndpoint = Annotated[
    str, matching(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?", "http(s)://<host>, with a port if need be and no path")
]
QueueId = Annotated[str, matching(r"[A-Za-z0-9]{1,64}", "1 to 64 letters and digits")]
MetadataPrefix = Annotated[
    str,
    matching(
        r"(?=.{1,64}\Z)[a-z0-9]+(-[a-z0-9]+)*", "up to 64 small letters and digits, with single hyphens between them"
    ),
]
