"""Reading from a native module what it needs, and judging it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.bundle.elf import needed_versions, objections


def elf(*libraries: list[str], machine: int = 62) -> bytes:
    """The smallest module that needs these versions, a list for each library."""
    names, offsets = b"\0", {}
    for version in (version for versions in libraries for version in versions):
        offsets[version] = len(names)
        names += version.encode() + b"\0"
    needed = b""
    for n, versions in enumerate(libraries, start=1):
        last_library = n == len(libraries)
        needed += struct.pack("<HHIII", 1, len(versions), 0, 16, 0 if last_library else 16 + 16 * len(versions))
        for m, version in enumerate(versions, start=1):
            needed += struct.pack("<IHHII", 0, 0, 0, offsets[version], 0 if m == len(versions) else 16)
    sections = [(3, 64, 0, 0), (0x6FFFFFFE, 64 + len(names), 0, len(libraries))]
    table = b"".join(struct.pack("<II16xQQIIQQ", 0, kind, at, 0, link, info, 0, 0) for kind, at, link, info in sections)
    body = names + needed
    header = b"\x7fELF\x02\x01" + bytes(10) + struct.pack("<HH", 3, machine)
    header += struct.pack("<20xQ10xHHH", 64 + len(body), 64, len(sections), 0)
    return header.ljust(64, b"\0") + body + table


def test_all_versions_of_all_libraries_are_found() -> None:
    module = elf(["GLIBC_2.2.5", "GLIBC_2.17"], ["GCC_3.0"])

    assert list(needed_versions(module)) == ["GLIBC_2.2.5", "GLIBC_2.17", "GCC_3.0"]


@pytest.mark.parametrize(
    ("version", "objection"),
    [
        ("GLIBC_2.17", []),
        ("GLIBC_2.2.5", []),
        ("GLIBC_2.18", ["needs GLIBC_2.18"]),
        ("GLIBC_2.100", ["needs GLIBC_2.100"]),
        ("GLIBC_PRIVATE", ["needs GLIBC_PRIVATE"]),
        ("GLIBCXX_3.4.19", []),
        ("GLIBCXX_3.4.20", ["needs GLIBCXX_3.4.20"]),
        ("CXXABI_1.3.8", ["needs CXXABI_1.3.8"]),
        ("GCC_4.8.0", []),
        ("OPENSSL_1_1_0", []),
    ],
)
def test_a_version_is_judged_by_what_centos_7_has(version: str, objection: list[str]) -> None:
    assert objections(elf([version])) == objection


def test_a_module_that_needs_no_versions_is_fine() -> None:
    assert objections(elf()) == []


def test_other_machines_and_systems_are_refused() -> None:
    assert objections(elf(machine=183)) == ["not built for x86_64"]
    assert objections(b"\xcf\xfa\xed\xfe" + bytes(60)) == ["not built for 64-bit Linux"]


@given(st.data())
def test_a_damaged_module_is_refused_or_read_but_never_a_surprise(data: st.DataObject) -> None:
    module = bytearray(elf(["GLIBC_2.17"], ["GCC_3.0"]))
    for _ in range(data.draw(st.integers(1, 8))):
        module[data.draw(st.integers(0, len(module) - 1))] = data.draw(st.integers(0, 255))

    assert isinstance(objections(bytes(module[: data.draw(st.integers(0, len(module)))])), list)
