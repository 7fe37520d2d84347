"""`tertius show ID`: one record of a ledger, in its sentence and the paragraph around it, with the spans marked."""

from __future__ import annotations

import click

from tertius.cli.options import ledger_option
from tertius.ledger import queries
from tertius.ledger.ledger import Ledger


@click.command()
@click.argument("record", metavar="ID")
@ledger_option
def show(record: str, ledger: str) -> None:
    """Show one record in its context, with source, target, trigger and speaker marked.

    ID stands in the first column of 'tertius events', 'tertius quotes' and 'tertius figures'. A merged event is shown
    with all its mentions.
    """
    from rich.console import Console

    from tertius.show.evidence import evidence_text
    from tertius.show.terminal import events_table

    console, opened = Console(), Ledger.open(ledger)
    if queries.is_event(record):
        event, mentions = queries.event(opened, record)
        console.print(events_table([event], console.width))
        console.print(events_table(mentions, console.width))
    else:
        console.print(evidence_text(queries.evidence(opened, record)))
