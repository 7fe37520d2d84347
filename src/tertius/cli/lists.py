"""`tertius events`, `tertius quotes`, `tertius figures`: what a ledger holds, filtered."""

from __future__ import annotations

import sys
from typing import Any

import click

from tertius.cli.options import MODALITIES, day_option, format_option, ledger_option, type_option
from tertius.errors import UsageError
from tertius.ledger import queries
from tertius.ledger.ledger import Ledger
from tertius.ledger.queries import Filters, View

since = day_option("--since", "On or after this day.")
until = day_option("--until", "On or before this day.")
speaker = click.option("--speaker", metavar="WHO", help="Country code, or words of the speaker's name.")
as_of = day_option("--as-of", "As the ledger stood at the end of this day (UTC).")
limit = click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N rows.")


@click.command()
@ledger_option
@click.option("--source", metavar="WHO", help="Country, actor code ('RUS', 'RUS GOV') or words of the source's name.")
@click.option("--target", metavar="WHO", help="The same for the target.")
@type_option
@speaker
@click.option("--modality", type=click.Choice(MODALITIES), help="Whether it happened.")
@since
@until
@as_of
@limit
@click.option("--mentions", "every_mention", is_flag=True, help="One row a mention, not a merged event.")
@click.option("--one-a-day", is_flag=True, help="Count each day, source, target and type once, data sets included.")
@format_option
def events(
    ledger: str,
    format_: str,
    source: str | None,
    target: str | None,
    every_mention: bool,
    one_a_day: bool,
    **wanted: Any,
) -> None:
    """List the events in a ledger, oldest first, with the number of reports and of independent sources.

    Reports of the same act are merged into one event; --mentions lists each report of it.

    \b
    Examples:
      tertius events --source Russia --target USA --type ACCUSE
      tertius events --speaker Putin --since 2017-09-01 --format csv
    """
    if every_mention and one_a_day:
        raise UsageError("--mentions and --one-a-day exclude each other: choose one")
    filters = Filters(source=country_code(source), target=country_code(target), **wanted)
    view: View = "mention_rows" if every_mention else "one_a_day" if one_a_day else "event_rows"
    _list(ledger, view, filters, format_)


@click.command()
@ledger_option
@speaker
@since
@until
@as_of
@limit
@format_option
def quotes(ledger: str, format_: str, **wanted: Any) -> None:
    """List who says what in a ledger: quotations, statements, beliefs and denials."""
    _list(ledger, "quote_rows", Filters(**wanted), format_)


@click.command()
@ledger_option
@speaker
@since
@until
@as_of
@limit
@format_option
def figures(ledger: str, format_: str, **wanted: Any) -> None:
    """List the figures in a ledger: money, people, goods, distances, shares, and on whose word."""
    _list(ledger, "figure_rows", Filters(**wanted), format_)


def country_code(words: str | None) -> str | None:
    """The code of a country that is given by name ('Russia' -> 'RUS'); other words as they are."""
    from tertius.world import entities

    known = entities.named(words) if words else ()
    return next((entity.country for entity in known if entity.kind == "state"), words)


def _list(ledger: str, view: View, filters: Filters, format_: str) -> None:
    opened = Ledger.open(ledger)
    rows = queries.rows(opened, view, filters)
    if format_ != "table":
        from tertius.show.tables import write

        write(rows, format_, sys.stdout)  # type: ignore[arg-type]
    else:
        _print_table(view, rows)
    if view == "event_rows" and not filters.as_of and not opened.merged():
        click.echo("Not all mentions are merged into events: run 'tertius merge'.", err=True)


def _print_table(view: View, rows: list[dict[str, Any]]) -> None:
    from rich.console import Console

    from tertius.show import terminal

    console = Console()
    if not rows:
        click.echo("Nothing matches. 'tertius events' without filters lists everything.", err=True)
        return
    if view in ("event_rows", "mention_rows"):
        console.print(terminal.events_table(rows, console.width))
    elif view == "one_a_day":
        console.print(terminal.plain_table(rows, console.width))
    else:
        console.print(terminal.quotes_table(rows) if view == "quote_rows" else terminal.figures_table(rows))
