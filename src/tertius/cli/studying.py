"""What the commands of the studies share: which acts they read, and how rows, sentences and charts are written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tertius.cli.options import day_option, format_option, ledger_option, write_whole
from tertius.errors import UsageError

if TYPE_CHECKING:
    from tertius.studies.record import Record

Command = TypeVar("Command", bound=Callable[..., object])

rows_until = day_option("--until", "Acts up to this day (default: today).")
origin_option = click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="NAME",
    help="Only acts of this data set, or 'tertius'; again for more.",
)
sql_option = click.option("--sql", "show_sql", is_flag=True, help="Print the SQL query that brings the acts, and stop.")
svg_option = click.option("--svg", metavar="FILE", help="Draw it to this file.")


def study_options(command: Command) -> Command:
    """The options of every study: the ledger, which acts, the query, the chart and the format."""
    for option in (format_option, svg_option, sql_option, origin_option, rows_until, ledger_option):
        command = option(command)
    return command


def load(ledger: str, until: str | None, origins: Sequence[str]) -> Record:
    """The acts that a study reads; says on stderr what was left out."""
    from tertius.ledger.ledger import Ledger
    from tertius.studies import record

    opened = Ledger.open(ledger)
    if opened.known_ids() and not opened.merged():
        click.echo(
            "Not all mentions are merged into events, and only events are counted: run 'tertius merge'.", err=True
        )
    found = record.of_ledger(opened, until, origins)
    if found.future:
        click.echo(f"{found.future} acts later than {until or 'today'} are left out.", err=True)
    return found


def query() -> str:
    """The query behind the studies, with what its parameter means."""
    from tertius.studies.record import SQL

    return SQL


def put(rows: Iterable[Any], format_: str, sentences: Sequence[str] = ()) -> None:
    """Write rows (structs); a table with the sentences above it, other formats with the rows alone."""
    import msgspec

    plain = [{name: _listed(value) for name, value in msgspec.to_builtins(row).items()} for row in rows]
    if format_ != "table":
        from tertius.show.tables import write

        write(plain, format_, sys.stdout)  # type: ignore[arg-type]
        return
    from rich.console import Console

    from tertius.show.terminal import plain_table

    for sentence in sentences:
        click.echo(sentence)
    if plain:
        console = Console()
        told = [name for name in plain[0] if name != "sentence" and any(row[name] is not None for row in plain)]
        short = [{name: _short(row[name]) for name in told} for row in plain]
        console.print(plain_table(short, console.width))


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _short(value: Any) -> Any:
    """Three figures are enough to read; other formats have them all."""
    if not isinstance(value, float):
        return value
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def draw(svg: str | None, chart: str) -> None:
    """Write a chart to the file that --svg names. Raises UsageError where it cannot be written."""
    if svg is None:
        return
    try:
        write_whole(Path(svg), chart)
    except OSError as error:
        raise UsageError(f"{svg} cannot be written ({error.strerror}): name another file") from error
