"""Readings on the standard output as they come: tables, a JSON array, JSON lines or CSV; never all in memory."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Protocol

from tertius.show.marks import printable

if TYPE_CHECKING:
    from tertius.records import Reading

PIPED_WIDTH = 140  # columns of a table that goes into a file or another program


class Output(Protocol):
    """Writes readings one by one; `end` completes what they make up, also when the work was cut short."""

    def write(self, where: str, reading: Reading) -> None: ...

    def end(self) -> None: ...


def output(format_: str) -> Output:
    """The output of that format on the standard output; 'none' writes nothing."""
    if format_ == "table":
        return Tables()
    stream = sys.stdout.buffer
    makers: dict[str, Callable[[BinaryIO], Output]] = {
        "json": JsonArray,
        "jsonl": JsonLines,
        "csv": Csv,
        "none": Nothing,
    }
    return makers[format_](stream)


def discard() -> None:
    """Throw away what could not be written to the standard output: Python would try once more when it ends, and give
    that failure as the exit code."""
    with suppress(OSError, ValueError):  # not every standard output is a file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


class Nothing:
    """No output."""

    def __init__(self, stream: BinaryIO) -> None:
        pass

    def write(self, where: str, reading: Reading) -> None:
        pass

    def end(self) -> None:
        pass


class JsonLines:
    """One object a line."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def write(self, where: str, reading: Reading) -> None:
        self.stream.write(reading.to_json().encode() + b"\n")
        self.stream.flush()

    def end(self) -> None:
        pass


class JsonArray:
    """One array, whole also when the work was cut short."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.before = b"["

    def write(self, where: str, reading: Reading) -> None:
        self.stream.write(self.before + b"\n" + reading.to_json().encode())
        self.stream.flush()
        self.before = b","

    def end(self) -> None:
        self.stream.write(b"[]\n" if self.before == b"[" else b"\n]\n")
        self.stream.flush()


class Csv:
    """One row a mention, under a header; cells that a spreadsheet would run as formulas are made harmless."""

    def __init__(self, stream: BinaryIO) -> None:
        from tertius.show.tables import MENTION_COLUMNS

        self.stream = stream
        self.columns = MENTION_COLUMNS
        self._rows([self.columns])

    def write(self, where: str, reading: Reading) -> None:
        from tertius.show.tables import csv_cell, mention_rows

        self._rows([csv_cell(row[name]) for name in self.columns] for row in mention_rows(reading))

    def end(self) -> None:
        pass

    def _rows(self, rows: object) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]
        self.stream.write(text.getvalue().encode())
        self.stream.flush()


class Tables:
    """One table an article, under its title; as wide as the terminal, or wide enough to read when it is piped."""

    def __init__(self) -> None:
        from rich.console import Console

        self.console = Console()
        if not self.console.is_terminal:
            self.console.width = PIPED_WIDTH

    def write(self, where: str, reading: Reading) -> None:
        from rich.text import Text

        from tertius.show.terminal import mentions_table

        document = reading.document
        head = " · ".join(filter(None, (document.title or where, document.publisher, document.published)))
        self.console.print(Text(printable(head), style="bold"))
        if reading.mentions:
            self.console.print(mentions_table(reading, self.console.width))
        else:
            self.console.print(Text("no events found\n"))

    def end(self) -> None:
        pass
