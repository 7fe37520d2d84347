"""`tertius disputes`: what one speaker asserts and another denies or gives differently, side by side."""

from __future__ import annotations

import sys
from typing import Any

import click

from tertius.cli.lists import as_of, country_code, limit, since, until
from tertius.cli.options import format_option, ledger_option, type_option
from tertius.ledger import queries
from tertius.ledger.ledger import Ledger
from tertius.ledger.queries import Filters


@click.command()
@ledger_option
@click.option("--source", metavar="WHO", help="Country, actor code or name of whoever acts, or is said to.")
@click.option("--target", metavar="WHO", help="The same for the target.")
@type_option
@click.option("--speaker", metavar="WHO", help="Country code, or words of the name of a speaker on either side.")
@since
@until
@as_of
@limit
@format_option
def disputes(ledger: str, format_: str, source: str | None, target: str | None, **wanted: Any) -> None:
    """List what is disputed in a ledger: acts that one speaker asserts and another denies or doubts, and figures that
    they give differently, side by side.

    \b
    Examples:
      tertius disputes --source Sudan
      tertius disputes --type ASSAULT --since 2024-03-01 --format csv
    """
    filters = Filters(source=country_code(source), target=country_code(target), **wanted)
    rows = queries.rows(Ledger.open(ledger), "dispute_rows", filters)
    if format_ == "table":
        _print(rows)
        return
    from tertius.show.tables import write

    write(rows, format_, sys.stdout)  # type: ignore[arg-type]


def _print(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console

    from tertius.show.disputes import disputes_table

    if rows:
        Console().print(disputes_table(rows))
    else:
        click.echo("Nothing is disputed, or nothing matches. 'tertius events' lists all events.", err=True)
