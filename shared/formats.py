"""The forms that the values of settings must have, and the words in which others are refused."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, InstanceOf, SecretStr

from shared import globs

#: Every key ends with nothing.
ANY_SUFFIX = ("",)
MIN_SECRET_BYTES = 32


def secret_bytes(secret: SecretStr) -> bytes:
    """What a secret signs with."""
    # Python shows bytes of the environment that are not UTF-8 as surrogates; they are as good a secret as any.
    return secret.get_secret_value().encode(errors="surrogateescape")


def _secret(value: SecretStr) -> SecretStr:
    if len(secret_bytes(value)) < MIN_SECRET_BYTES:
        raise ValueError(f"must have at least {MIN_SECRET_BYTES} bytes; make one with `openssl rand -hex 32`")
    return value


def _suffixes(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.strip() == "*":
        return ANY_SUFFIX
    names = [name.strip().lower() for name in value.split(",")]
    if not all(re.fullmatch(r"\.?[a-z0-9]+", name) for name in names):
        raise ValueError("must be file suffixes separated by commas, like `mp4,mov`, or `*` alone")
    return tuple("." + name.lstrip(".") for name in names)


def _codes(value: object) -> object:
    if not isinstance(value, str):
        return value
    codes = [code.strip() for code in value.split(",")]
    if not all(re.fullmatch("[!-~]+", code) for code in codes):
        raise ValueError("must be codes without spaces, separated by commas")
    return frozenset(codes)


def _patterns(value: object) -> object:
    return globs.split(value) if isinstance(value, str) else value


def _pattern(value: object) -> object:
    return globs.Glob.read(value) if isinstance(value, str) else value


def _size(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"([1-9][0-9]{0,14})(?: ?([KMGT]?)B)?", value.upper())
    if not found:
        raise ValueError("must be a size like `500MB` or `2GB` (1 GB is 1024 MB), or a number of bytes")
    return int(found[1]) * 1024 ** " KMGT".index(found[2] or " ")


def _jobs_per_day(value: int) -> int:
    if not 1 <= value <= 9_999_999:
        raise ValueError("must be 1 to 9999999; to have no jobs at all, write the object `paused` into the ledger")
    return value


def _ledger_prefix(value: str) -> str:
    # In the resource of a policy, `*` and `?` would stand for other names too.
    if value and (value.startswith("/") or not value.endswith("/") or re.search(r"//|[*?]", value)):
        raise ValueError("must end with `/`, must not begin with `/`, and must have no empty part, no `*` and no `?`")
    return value


def matching(pattern: str, form: str) -> AfterValidator:
    """For a text of which the whole must match; `form` says in words what it must be."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"must be {form}")
        return value

    return AfterValidator(check)


Secret = Annotated[SecretStr, AfterValidator(_secret)]
Suffixes = Annotated[tuple[str, ...], BeforeValidator(_suffixes)]
Codes = Annotated[frozenset[str], BeforeValidator(_codes)]
Globs = Annotated[tuple[Annotated[InstanceOf[globs.Glob], BeforeValidator(_pattern)], ...], BeforeValidator(_patterns)]
Size = Annotated[int, BeforeValidator(_size)]
JobsPerDay = Annotated[int, AfterValidator(_jobs_per_day)]
Bucket = Annotated[str, matching(r"[a-z0-9][a-z0-9-]{0,49}-[0-9]{5,20}", "<name>-<APPID>, like videos-1250000000")]
Region = Annotated[str, matching(r"[a-z0-9-]{1,32}", "a region, like ap-beijing")]
LedgerPrefix = Annotated[str, AfterValidator(_ledger_prefix)]
MqName = Annotated[
    str,
    matching(r"[A-Za-z][A-Za-z0-9_-]{0,63}", "a letter and up to 63 letters, digits, hyphens and underscores"),
]
MqEndpoint = Annotated[
    str,
    matching(
        r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?", "http(s)://<host>, with or without a port, and without a path"
    ),
]
QueueId = Annotated[str, matching(r"[A-Za-z0-9]{1,64}", "1 to 64 letters and digits")]
MetadataPrefix = Annotated[
    str,
    matching(
        r"(?=.{1,64}\Z)[a-z0-9]+(-[a-z0-9]+)*",
        "up to 64 lower-case letters and digits, with single hyphens between them",
    ),
]
