"""What SCF takes as the variables of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Bytes for all variables of a function: https://cloud.tencent.com/document/product/583/11637.
MAX_ENVIRONMENT = 4096


def obstacles(environment: Mapping[str, str]) -> Iterator[str]:
    """Why SCF would not hand a function these variables as they are; no value is shown."""
    for name, value in environment.items():
        if "=" in value or ";" in value:
            # tencentyun/scfcli, tcfcli/cmds/native/common/runtime/python3.6/bootstrap.py
            yield f"{name} contains `=` or `;`, where SCF's runtime would cut the value"
    sizes = {name: len(name.encode()) + len(value.encode()) for name, value in environment.items()}
    if sum(sizes.values()) > MAX_ENVIRONMENT:
        longest = max(sizes, key=lambda name: sizes[name])
        yield (
            f"the functions' variables are {sum(sizes.values())} bytes together, and SCF takes {MAX_ENVIRONMENT}; "
            f"the longest is {longest}"
        )
