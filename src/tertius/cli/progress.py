"""What is said on stderr while articles are read: a bar on long work at a terminal, and lines beside it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

import click

from tertius.show.marks import printable

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 1.0  # seconds of work before a bar appears
# Control characters and marks that turn the direction of writing: a file's name must not command the terminal


class Progress:
    """A progress bar that appears when the work is long and stderr is a terminal. Use it as a context."""

    def __init__(self, total: int | None, *, quiet: bool) -> None:
        self.total = total
        self.wanted = not quiet and total != 1 and sys.stderr.isatty()
        self._begun = time.monotonic()
        self._done = 0
        self._bar: Bar | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self) -> None:
        """One article more is done."""
        self._done += 1
        if self._bar is None and self.wanted and time.monotonic() - self._begun > PATIENCE:
            self._bar = _bar(self.total)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._done)

    def say(self, line: str) -> None:
        """A line on stderr."""
        with self.aside():
            click.echo(printable(line), err=True)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Takes the bar away while something else is written on the terminal."""
        if self._bar is None:
            yield
            return
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()


def _bar(total: int | None) -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("articles", total=total)
    bar.start()
    return bar
