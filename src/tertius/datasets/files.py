"""Files of event data as pieces of plain text: unpacked within bounds, in UTF-8, cut at the ends of lines.

Nothing is extracted to a path that an archive names. Tables with quoted cells go through Python's csv module once,
and come out as lines whose cells are parted by PARTED; the first is the number of the line that the row began on.
"""

from __future__ import annotations

import csv
import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from tertius.datasets import limits
from tertius.errors import EmptySource, LedgerError, NotText, SourceError, TooLarge
from tertius.sources import files

PARTED = "\x1f"
HIDDEN = (".", "_")  # names in archives that operating systems add begin so
ENCRYPTED = 0x1  # bit of a zip member's flags
TABLES = (".csv", ".tsv", ".tab", ".txt", ".export", "")


class Piece(NamedTuple):
    """A scratch file of whole lines."""

    path: Path
    first: int  # number of its first line in the table, from 1
    lines: int


def sha256(path: Path) -> str:
    """The hash of a file. Raises SourceError where it cannot be read."""
    with readable(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def tables(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The tables in a file, as name and open stream: the file itself, or the members of a zip archive.

    Raises SourceError; TooLarge while a stream is read that unpacks to more than its size makes likely.
    """
    with readable(path):
        if path.suffix.lower() != ".zip":
            with files.opened(path) as stream:
                yield path.name, stream
            return
        with zipfile.ZipFile(path) as archive:
            for member in _members(archive, path):
                if member.flag_bits & ENCRYPTED:
                    raise SourceError("the archive has a password: unpack it yourself", str(path))
                with archive.open(member) as inside:
                    yield f"{path.name}/{PurePosixPath(member.filename).name}", inside


def _members(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    listed = archive.infolist()
    if len(listed) > limits.MEMBERS:
        raise TooLarge(f"the archive has {len(listed):,} members: unpack it yourself", str(path))
    found = [member for member in listed if not member.is_dir() and _is_table(PurePosixPath(member.filename))]
    if not found:
        raise EmptySource(
            "the archive holds no table (.csv, .tsv, .tab, .txt): check that it is the right one", str(path)
        )
    # Members may overlap, so that their sizes sum to more than the archive has.
    unpacked, packed = sum(m.file_size for m in found), path.stat().st_size
    if unpacked > max(limits.FREE_BYTES, limits.RATIO * packed):
        cure = "unpack it yourself if it is good"
        raise TooLarge(f"the archive unpacks to more than {limits.RATIO} times its size: {cure}", str(path))
    return found


def _is_table(name: PurePosixPath) -> bool:
    return name.suffix.lower() in TABLES and not any(part.startswith(HIDDEN) and part != ".." for part in name.parts)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turns what the system and the unpackers raise into SourceErrors that name the file."""
    try:
        yield
    except FileNotFoundError:
        raise files.missing(path) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        cure = "unpack it yourself, or get it again"
        raise SourceError(
            f"the archive is damaged or of a kind that Tertius cannot open ({error}): {cure}", str(path)
        ) from error
    except OSError as error:
        raise files.skipped(error, path).reason from error
    except SourceError as error:
        raise error if error.where else type(error)(error.reason, str(path)) from error


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The text of a stream as blocks of whole lines in UTF-8, each line ending in a line feed.

    Bytes that are no UTF-8 become the replacement character; NULs and the control characters that part cells become
    spaces. Raises NotText for UTF-16 and binary files, TooLarge for a line of two blocks.
    """
    rest = b""
    first = True
    while chunk := stream.read(limits.BLOCK_BYTES):
        if first:
            _check_text(chunk)
            chunk, first = chunk.removeprefix(b"\xef\xbb\xbf"), False
        end = chunk.rfind(b"\n") + 1
        if not end:
            if len(rest) >= limits.BLOCK_BYTES:
                raise TooLarge(f"a line of it is over {limits.BLOCK_BYTES:,} bytes: this is no table of events")
            rest += chunk
            continue
        yield _clean(rest + chunk[:end])
        rest = chunk[end:]
    if rest:
        yield _clean(rest + b"\n")


def _check_text(start: bytes) -> None:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotText("it is in UTF-16: save it as UTF-8")
    if b"\x00" in start[:4096]:
        raise NotText("it is a binary file: Tertius imports tables as text, also zipped (.gz, .zip)")


def _clean(block: bytes) -> bytes:
    for bad in (b"\x00", b"\x01", b"\x1f"):
        if bad in block:
            block = block.replace(bad, b" ")
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return block.decode("utf-8", "replace").encode()
    return block


def pieces(text: Iterable[bytes], folder: Path, name: str) -> Iterator[Piece]:
    """Write blocks of lines to scratch files in `folder`, each about PIECE_BYTES long."""
    first = 1
    waiting = iter(text)
    for number, block in enumerate(waiting):
        path = folder / f"{name}-{number}.txt"
        lines = size = 0
        with path.open("wb") as scratch:
            rest = chain([block], waiting)
            while size < limits.PIECE_BYTES and (some := next(rest, b"")):
                _write(scratch, some)
                lines += some.count(b"\n")
                size += len(some)
        yield Piece(path, first, lines)
        first += lines


def _write(scratch: IO[bytes], block: bytes) -> None:
    try:
        scratch.write(block)
        scratch.flush()
    except OSError as error:
        cure = "free some space there, or name another folder in TMPDIR, and run the same command again"
        raise LedgerError(f"{scratch.name} could not be written ({error.strerror}): {cure}") from error


def parted(text: Iterable[bytes], delimiter: str) -> Iterator[bytes]:
    """Blocks of a table with quoted cells as blocks in which no cell needs quotes; line breaks in cells become spaces.

    Raises SourceError where a quotation mark opens and never closes.
    """
    csv.field_size_limit(limits.CELL_CHARACTERS)  # of the whole process: readers of articles set it to their own
    reader = csv.reader(_lines(text), delimiter=delimiter)
    begun, size, rows = 1, 0, []
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            cure = "close the quotation mark that is open there"
            raise SourceError(f"line {begun}: it cannot be read on from here ({error}): {cure}") from error
        if cells:
            row = PARTED.join([str(begun), *cells]).replace("\n", " ") + "\n"
            if len(row) > limits.BLOCK_BYTES // 2:
                raise TooLarge(f"line {begun}: the row is too long: is a quotation mark open there?")
            rows.append(row)
            size += len(row)
        begun = reader.line_num + 1
        if rows and (cells is None or size >= limits.BLOCK_BYTES):
            yield "".join(rows).encode()
            size, rows = 0, []
        if cells is None:
            return


def _lines(text: Iterable[bytes]) -> Iterator[str]:
    for block in text:
        yield from (line + "\n" for line in block.decode("utf-8").split("\n")[:-1])
