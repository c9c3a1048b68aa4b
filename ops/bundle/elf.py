"""Which system libraries a native module needs, and how new: read from its ELF section `.gnu.version_r`.

Format: https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html. What there is
on CentOS 7, and so what manylinux2014 allows: https://peps.python.org/pep-0599/.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEWEST = {"GLIBC": (2, 17), "GLIBCXX": (3, 4, 19), "CXXABI": (1, 3, 7), "GCC": (4, 8, 0)}
#: Begins each file: magic, 64 bits, little-endian.
_IDENTITY = b"\x7fELF\x02\x01"
_X86_64 = 62
_VERSIONS_NEEDED = 0x6FFFFFFE


def objections(module: bytes) -> list[str]:
    """Why this module would not load where the functions run; empty if it would."""
    if not module.startswith(_IDENTITY):
        return ["not built for 64-bit Linux"]
    try:
        (machine,) = struct.unpack_from("<H", module, 18)
        if machine != _X86_64:
            return ["not built for x86_64"]
        return [f"needs {version}" for version in sorted(set(needed_versions(module))) if _too_new(version)]
    except (struct.error, ValueError, IndexError, OverflowError):
        return ["not a readable ELF file"]


def needed_versions(module: bytes) -> Iterator[str]:
    """The versions that the module needs of its libraries, like `GLIBC_2.17`."""
    table, size, count = struct.unpack_from("<Q10xHH", module, 40)
    sections = [struct.unpack_from("<4xI16xQ8xII", module, table + n * size) for n in range(count)]
    for kind, at, names, libraries in sections:
        if kind == _VERSIONS_NEEDED and libraries:
            yield from _versions(module, at, sections[names][1])


def _versions(module: bytes, at: int, names: int) -> Iterator[str]:
    # Both chains end with a step of 0.
    to_next_library = -1
    while to_next_library:
        first, to_next_library = struct.unpack_from("<8xII", module, at)
        version, to_next_version = at + first, -1
        while to_next_version:
            name, to_next_version = struct.unpack_from("<8xII", module, version)
            start = names + name
            yield module[start : module.index(b"\0", start)].decode()
            version += to_next_version
        at += to_next_library


def _too_new(version: str) -> bool:
    family, _, number = version.partition("_")
    parts = number.split(".")
    if family not in _NEWEST:
        return False
    # GLIBC_PRIVATE and its like are no versions, and bind a module to one build of a library.
    return not all(part.isdecimal() for part in parts) or tuple(map(int, parts)) > _NEWEST[family]
