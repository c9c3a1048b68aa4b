"""A file of keys: a list, one a line; or the CSV of a COS inventory, as it is or with gzip.

An inventory has no line of headings; its first columns are Appid, Bucket and Key, and the key is URL-encoded:
https://cloud.tencent.com/document/product/436/33702.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, unquote_plus

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_GZIP = b"\x1f\x8b"
#: Characters of one line: a key has at most 850 bytes, of which each may be written with three characters.
_LONGEST = 16_384


@dataclass(frozen=True)
class Named:
    """An object that a file names: its bucket, if the file says that, and the spellings that its key may have."""

    spellings: tuple[str, ...]
    bucket: str | None = None


@contextmanager
def keys_file(path: Path | None) -> Iterator[IO[bytes]]:
    """The file, or what comes on standard input if there is no path; it can be read more than once.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        with tempfile.TemporaryFile() if path is None else path.open("rb") as file:
            if path is None:
                shutil.copyfileobj(sys.stdin.buffer, file)
            yield file
    except OSError as error:
        what = "standard input" if path is None else str(path)
        raise ConfigurationError(f"{what} cannot be read ({error.strerror or type(error).__name__})") from error


def digest_of(file: IO[bytes]) -> str:
    """The SHA-256 of the whole file, in hex."""
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()


def names_in(file: IO[bytes], buckets: Sequence[str]) -> Iterator[Named]:
    """The objects that it names, in its order. Empty lines mean nothing.

    Raises:
        ConfigurationError: a line cannot be read; the text says which.
    """
    file.seek(0)
    packed = file.read(len(_GZIP)) == _GZIP
    file.seek(0)
    lines = _lines(gzip.GzipFile(fileobj=file) if packed else file)
    first = next(lines, None)
    if first is None:
        return
    every = _again(first, lines)
    yield from _of_inventory(every, buckets) if _is_inventory(first[1], buckets) else _of_list(every)


def _lines(file: IO[bytes] | gzip.GzipFile) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        while raw := file.readline(_LONGEST + 2):
            number += 1
            if len(raw) > _LONGEST:
                raise ConfigurationError(f"line {number} of the keys is over {_LONGEST} bytes: is that a list of keys?")
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            if line:
                yield number, line
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"line {number + 1} of the keys is not UTF-8") from error
    except (EOFError, gzip.BadGzipFile) as error:
        raise ConfigurationError(f"the keys are cut off behind line {number}: the file is not whole") from error


def _again(first: tuple[int, str], rest: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield first
    yield from rest


def _of_list(lines: Iterable[tuple[int, str]]) -> Iterator[Named]:
    return (Named((line,)) for _, line in lines)


def _of_inventory(lines: Iterable[tuple[int, str]], buckets: Sequence[str]) -> Iterator[Named]:
    for number, line in lines:
        row = _row(line)
        bucket = _bucket(row, buckets)
        if bucket is None:
            raise ConfigurationError(f"line {number} of the inventory is not about one of {', '.join(buckets)}")
        # How a space is encoded is not documented.
        yield Named(tuple(dict.fromkeys((unquote(row[2]), unquote_plus(row[2])))), bucket)


def _is_inventory(line: str, buckets: Sequence[str]) -> bool:
    return _bucket(_row(line), buckets) is not None


def _row(line: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line)), [])
    except csv.Error:
        return []


def _bucket(row: list[str], buckets: Sequence[str]) -> str | None:
    """The bucket that a row of an inventory is about; its name is written with the APPID or without."""
    if len(row) < 3 or not row[2]:
        return None
    return next((name for name in buckets if name in (row[1], f"{row[1]}-{row[0]}")), None)
