"""A file of keys: a list, one a line; or the CSV of a COS inventory, as it is or with gzip.

An inventory has no line of headings; its first columns are Appid, Bucket and Key, and the key is URL-encoded:
https://cloud.tencent.com/document/product/436/33702.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import shutil
import sys
import tempfile
import zlib
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, unquote_plus

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_GZIP = b"\x1f\x8b"
_APPID, _BUCKET = re.compile(r"[0-9]{6,20}", re.ASCII), re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
#: Characters of one line: a key has at most 850 bytes, of which each may be written with three characters.
_LONGEST = 16_384


@dataclass(frozen=True)
class Named:
    """An object that a line names: its bucket, if the file says that, and the spellings that its key may have."""

    line: int
    spellings: tuple[str, ...]
    bucket: str | None = None


@contextmanager
def keys_file(path: Path | None) -> Iterator[IO[bytes]]:
    """The file, or what comes on standard input if there is no path; it can be read more than once.

    Raises:
        ConfigurationError: it cannot be read.
    """
    with closing(_opened(path)) as file:
        yield file


def _opened(path: Path | None) -> IO[bytes]:
    try:
        if path is not None:
            return path.open("rb")
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        shutil.copyfileobj(sys.stdin.buffer, file)
    except (OSError, ValueError) as error:
        what = "standard input" if path is None else str(path)
        why = getattr(error, "strerror", None) or type(error).__name__
        raise ConfigurationError(f"{what} cannot be read ({why})") from error
    else:
        return file


def digest_of(file: IO[bytes]) -> str:
    """The SHA-256 of the whole file, in hex."""
    digest = hashlib.sha256()
    with _readable():
        file.seek(0)
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def names_in(file: IO[bytes], buckets: Sequence[str]) -> Iterator[Named]:
    """The objects that it names, in its order. Empty lines mean nothing.

    Raises:
        ConfigurationError: a line cannot be read; the text says which.
    """
    with _readable():
        file.seek(0)
        packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
    lines = _lines(gzip.GzipFile(fileobj=file) if packed else file)
    first = next(lines, None)
    if first is None:
        return
    every = _again(first, lines)
    yield from _of_inventory(every, buckets) if _is_inventory(first[1]) else _of_list(every)


def _lines(file: IO[bytes] | gzip.GzipFile) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        while raw := file.readline(_LONGEST + 2):
            number += 1
            if len(raw) > _LONGEST:
                raise ConfigurationError(f"line {number} of the keys is over {_LONGEST} bytes: is this a list of keys?")
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            if line:
                yield number, line
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"line {number} of the keys is not UTF-8: save the file in that encoding") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ConfigurationError(f"the keys end or break after line {number}: the file is not complete") from error
    except OSError as error:
        raise _unreadable(error) from error


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> ConfigurationError:
    return ConfigurationError(f"the keys cannot be read ({error.strerror or type(error).__name__})")


def _again(first: tuple[int, str], rest: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield first
    yield from rest


def _of_list(lines: Iterable[tuple[int, str]]) -> Iterator[Named]:
    return (Named(number, (line,)) for number, line in lines)


def _of_inventory(lines: Iterable[tuple[int, str]], buckets: Sequence[str]) -> Iterator[Named]:
    for number, line in lines:
        row = _row(line)
        bucket = _bucket(row, buckets)
        if bucket is None:
            raise ConfigurationError(
                f"line {number} of the inventory is not about a video bucket (DEPLOY_BUCKETS): {', '.join(buckets)}"
            )
        # How a space is encoded is not documented.
        yield Named(number, tuple(dict.fromkeys((unquote(row[2]), unquote_plus(row[2])))), bucket)


def _is_inventory(line: str) -> bool:
    """Whether it is a row of one; of whatever bucket, so that the wrong inventory is not taken for a list."""
    row = _row(line)
    return len(row) >= 3 and bool(_APPID.fullmatch(row[0])) and bool(_BUCKET.fullmatch(row[1]))


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
