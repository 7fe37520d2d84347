"""Files and folders: which kind a file is, what lies in a folder, and how a file is opened (`.gz` is unpacked)."""

from __future__ import annotations

import difflib
import gzip
import io
import os
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Literal

from tertius.errors import EmptySource, Skipped, SourceError, TooLarge
from tertius.sources import limits

Kind = Literal["text", "page", "lines", "json", "csv", "parquet"]
KINDS: dict[str, Kind] = {
    ".txt": "text", ".text": "text", ".md": "text",
    ".html": "page", ".htm": "page", ".xhtml": "page",
    ".jsonl": "lines", ".ndjson": "lines", ".json": "json",
    ".csv": "csv", ".tsv": "csv",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
LEDGER = "ledger.json"  # a folder that holds this file is a ledger, not a place for articles
TABLES: frozenset[Kind] = frozenset({"lines", "json", "csv", "parquet"})


def kind_of(path: Path) -> Kind | None:
    """The kind of a file by its name; None for names that say nothing."""
    name = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return KINDS.get(name.suffix.lower())


def walk(folder: Path) -> Iterator[Path | Skipped]:
    """The files of known kinds in a folder and the folders in it, sorted by name, then what was passed over.

    Hidden names, ledgers and links to folders are left alone, so a loop of links cannot be entered.
    """
    others: Counter[str] = Counter()
    found = False
    for item in _entries(folder):
        if isinstance(item, Path) and kind_of(item) is None:
            others[item.suffix.lower() or "no ending"] += 1
        else:
            found = True
            yield item
    if not found:
        raise EmptySource("no file in it can be read: Tertius reads " + ", ".join(sorted(KINDS)) + ", also with .gz")
    if others:
        listed = ", ".join(f"{count} {ending}" for ending, count in others.most_common(8))
        yield Skipped(str(folder), SourceError(f"files of other kinds passed over: {listed}", str(folder)), True)


def _entries(folder: Path) -> Iterator[Path | Skipped]:
    failures: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=failures.append):
        if LEDGER in names:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and (path.is_file() or path.is_symlink()):
                yield path
        while failures:
            yield skipped(failures.pop(), folder)
    while failures:
        yield skipped(failures.pop(), folder)


def opened(path: Path) -> IO[bytes]:
    """Open a file for reading bytes; a `.gz` is unpacked on the way, within a ratio. Raises OSError."""
    stream = path.open("rb")
    return unpacked(stream) if path.suffix.lower() == ".gz" else stream


def unpacked(stream: IO[bytes]) -> IO[bytes]:
    """The bytes inside a gzip stream. Reading raises TooLarge for a bomb, SourceError for damage."""
    return io.BufferedReader(_Unpacked(stream), limits.CHUNK)


def whole(stream: IO[bytes], limit: int = limits.TEXT_BYTES) -> bytes:
    """All bytes of a stream. Raises TooLarge above the limit, having read no more than that."""
    parts, size = [], 0
    while chunk := stream.read(min(limits.CHUNK, limit + 1 - size)):
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"it is larger than {limit:,} bytes: split it into single articles")
    return b"".join(parts)


def missing(path: Path) -> SourceError:
    """The error for a path that does not exist, with the names in its folder that are nearest to it."""
    try:
        names = [entry.name for entry, _ in zip(os.scandir(path.parent), range(limits.COUNTED_FILES), strict=False)]
    except OSError:
        return SourceError(f"there is no folder {path.parent}: check the path", str(path))
    near = difflib.get_close_matches(path.name, names, n=3, cutoff=0.6)
    cure = "did you mean " + " or ".join(str(path.parent / name) for name in near) + "?" if near else "check the path"
    return SourceError(f"there is no such file or folder: {cure}", str(path))


def skipped(error: OSError, path: Path) -> Skipped:
    """A file that the system refuses to open or read, with the cure for the usual reasons."""
    where = str(error.filename or path)
    cure = "allow yourself to read it" if isinstance(error, PermissionError) else "check the file and its disk"
    return Skipped(where, SourceError(f"it cannot be read ({error.strerror or error}): {cure}", where))


class _Unpacked(io.RawIOBase):
    """The inside of a gzip stream, counting bytes on both sides."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._counted = _Counted(packed)
        self._inside = gzip.GzipFile(fileobj=self._counted)
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inside.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SourceError(f"the gzip file is damaged ({error}): unpack it yourself, or get it again") from error
        self._size += len(data)
        if self._size > max(limits.GZIP_FREE_BYTES, limits.GZIP_RATIO * self._counted.size):
            raise TooLarge(
                f"it unpacks to more than {limits.GZIP_RATIO} times its size: unpack it yourself if it is good"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inside.close()
        self._counted.close()
        super().close()


class _Counted(io.RawIOBase):
    """A stream that knows how many bytes were read from it."""

    def __init__(self, inside: IO[bytes]) -> None:
        self._inside = inside
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inside.read(len(buffer))
        self.size += len(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inside.close()
        super().close()
