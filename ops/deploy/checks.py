"""What is wrong with the environment before anything is deployed from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from ops.options import Region, complaints
from ops.variables import obstacles
from shared.errors import ConfigurationError
from shared.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ops.manifest import Manifest

_REGION: TypeAdapter[str] = TypeAdapter(Region)


def problems(manifest: Manifest, variables: Mapping[str, str]) -> list[str]:
    """Everything that has to be put right first, a line each; no value of a variable is shown."""
    missing = [name for name in manifest.variables if not variables.get(name)]
    if missing:
        return [f"{name} is not set" for name in missing]
    resolved = manifest.resolve(variables)
    found = [*_buckets(resolved)]
    for function in resolved.functions:
        found += _environment(resolved.environment(function))
    return list(dict.fromkeys(found))


def _environment(environment: Mapping[str, str]) -> Iterator[str]:
    try:
        read_settings(environment)
    except ConfigurationError as error:
        yield str(error)
    yield from obstacles(environment)


def _buckets(resolved: Manifest) -> Iterator[str]:
    region = resolved.document["inputs"]["region"]
    try:
        _REGION.validate_python(region)
    except ValidationError as error:
        yield f"DEPLOY_REGION: {complaints(error)[0]}"
        return
    for trigger in resolved.triggers:
        if trigger["type"] != "cos":
            continue
        _, _, rest = trigger["parameters"]["bucket"].partition(".")
        if rest != f"cos.{region}.myqcloud.com":
            yield f"DEPLOY_BUCKET_DOMAIN: must be <bucket>.cos.{region}.myqcloud.com, in the functions' region"
