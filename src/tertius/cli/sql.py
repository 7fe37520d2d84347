"""`tertius sql`: one read-only statement over the ledger's views."""

from __future__ import annotations

import sys

import click

from tertius.cli.options import day_option, format_option, ledger_option
from tertius.ledger import sandbox
from tertius.ledger.ledger import Ledger


@click.command()
@click.argument("statement")
@ledger_option
@day_option("--as-of", "As the ledger stood at the end of this day (UTC).")
@click.option(
    "--seconds", type=click.FloatRange(0.1, 86_400), default=sandbox.SECONDS, show_default=True, help="Stop after this."
)
@click.option(
    "--memory",
    type=click.IntRange(64, 1 << 20),
    default=sandbox.MEGABYTES,
    show_default=True,
    help="Megabytes that it may use.",
)
@format_option
def sql(statement: str, ledger: str, as_of: str | None, seconds: float, memory: int, format_: str) -> None:
    """Ask the ledger one SELECT statement (DuckDB's SQL); - reads it from the standard input.

    The views are documented under 'The ledger': acts, events, dyads, one_a_day, mention_rows, quote_rows, figure_rows,
    documents and others. Nothing can be written, and files and addresses are closed to the statement.

    \b
    Examples:
      tertius sql "SELECT type, count(*) FROM acts WHERE source_country = 'RUS' GROUP BY ALL ORDER BY 2 DESC"
      tertius sql "DESCRIBE acts"
    """
    text = sys.stdin.read() if statement == "-" else statement
    folder = Ledger.open(ledger).folder
    answer = sandbox.ask(folder, text, as_of=as_of, seconds=seconds, megabytes=memory)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    if format_ == "table":
        from rich.console import Console

        from tertius.show.terminal import plain_table

        if rows:
            console = Console()
            console.print(plain_table(rows, console.width))
    else:
        from tertius.show.tables import write

        write(rows, format_, sys.stdout, answer.columns)  # type: ignore[arg-type]
    if answer.more:
        click.echo(f"only the first {sandbox.ROWS:,} rows: add a LIMIT or a WHERE", err=True)
    elif not rows:
        click.echo("No rows.", err=True)
