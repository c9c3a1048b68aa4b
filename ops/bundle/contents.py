"""What goes into the bundle: our code, and of each package what the functions may import."""

from __future__ import annotations

import tarfile
import zipfile
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ops.bundle.authorities import by_subject
from ops.bundle.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: File name in the bundle, with `/`, to content.
Files = dict[str, bytes]

#: What no function ever imports, by pattern.
LEFT_OUT = (
    "*.dist-info/*",
    "*.pyi",
    "*/py.typed",
    "*/__pycache__/*",
    "*.pyc",
    # tests that travel with their package
    "*/tests/*",
    "annotated_types/test_cases.py",
    "crcmod/test.py",
    # client-side encryption, and the 12 MB under it
    "Crypto/*",
    "qcloud_cos/cos_encryption_client.py",
    "qcloud_cos/crypto.py",
    # what of the SDK it does not import itself
    "qcloud_cos/intelligent_speech.py",
    # version 1 of pydantic, its type-checker plugins and its experiments; types and decorators that we have none of
    "pydantic/_internal/_validate_call.py",
    "pydantic/color.py",
    "pydantic/deprecated/*",
    "pydantic/experimental/*",
    "pydantic/functional_serializers.py",
    "pydantic/mypy.py",
    "pydantic/networks.py",
    "pydantic/v1/*",
    "pydantic/validate_call_decorator.py",
    # other transports than TCP with the standard library's TLS
    "urllib3/contrib/*",
    "urllib3/http2/connection.py",
    # guesses the encoding of a text whose sender does not name it; requests then takes it for UTF-8
    "charset_normalizer/*",
    # names of hosts that are not in ASCII
    "idna/codec.py",
    "idna/compat.py",
    "idna/uts46data.py",
    # command lines
    "*/__main__.py",
    "idna/cli.py",
    "requests/help.py",
    # parsers that stand in for other modules of the standard library than the one we use
    "defusedxml/expatbuilder.py",
    "defusedxml/expatreader.py",
    "defusedxml/lxml.py",
    "defusedxml/minidom.py",
    "defusedxml/pulldom.py",
    "defusedxml/sax.py",
    "defusedxml/xmlrpc.py",
)

#: Modules that are different in the bundle. pydantic looks for plugins in the metadata of installed packages, which the
#: bundle does not have; to find none, it imports `importlib.metadata`, and with that `email`, `socket` and `zipfile`.
REPLACED = {"pydantic/plugin/_loader.py": b'"""Looks for no plugins."""\n\n\ndef get_plugins():\n    return ()\n'}

#: All certificate authorities in one file; and the folder beside it, which shared/cloud/connections.py uses.
_CACERT, _AUTHORITIES = "certifi/cacert.pem", "certifi/authorities"


def collect(root: Path, archives: Iterable[Path]) -> Files:
    """Everything in the bundle but bytecode.

    Raises:
        BundleError: two sources have a file of the same name, or one has a name that leads elsewhere.
    """
    files: Files = {}
    for name, body in _everything(root, archives):
        if any(fnmatchcase(name, pattern) for pattern in LEFT_OUT):
            continue
        if name in files or name.startswith("/") or ".." in name.split("/"):
            raise BundleError(f"a second {name}, or one that points outside the bundle")
        files[name] = REPLACED.get(name, body)
    return files | {f"{_AUTHORITIES}/{name}": body for name, body in by_subject(files.get(_CACERT, b"")).items()}


def _everything(root: Path, archives: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    # SCF finds a handler only at the root: https://cloud.tencent.com/document/api/583/18586.
    for path in sorted((root / "functions").glob("*.py")):
        if path.name != "__init__.py":
            yield path.name, path.read_bytes()
    for path in sorted((root / "shared").rglob("*.py")):
        yield path.relative_to(root).as_posix(), path.read_bytes()
    yield from packages(archives)


def packages(archives: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Everything that pip would install of them, by its name there."""
    for archive in archives:
        yield from _of_wheel(archive) if archive.suffix == ".whl" else _of_source(archive)


def _of_wheel(archive: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as wheel:
        for name in wheel.namelist():
            if not name.endswith("/"):
                yield name, wheel.read(name)


def _of_source(archive: Path) -> Iterator[tuple[str, bytes]]:
    # crcmod 1.7 keeps its modules for Python 3 in <name>-<version>/python3/, its optional C extension elsewhere.
    with tarfile.open(archive) as source:
        for member in source:
            _, _, name = member.name.partition("/python3/")
            content = source.extractfile(member)
            if name.endswith(".py") and content:
                yield name, content.read()
