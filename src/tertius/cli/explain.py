"""`tertius explain ID`: why a mention was read so, with what else was considered."""

from __future__ import annotations

import click

from tertius.cli.options import ledger_option
from tertius.errors import UsageError
from tertius.ledger import queries
from tertius.ledger.ledger import Ledger


@click.command()
@click.argument("record", metavar="ID")
@ledger_option
def explain(record: str, ledger: str) -> None:
    """Show why a mention was read so: trigger, types, actors and modality with their scores, and the second best.

    ID is that of a mention ('tertius events --mentions' lists them). Its sentence is read again: the same text and
    model always give the same scores. If the mention was read by another version, that is said.
    """
    from rich.console import Console

    from tertius.reading import events
    from tertius.show.evidence import evidence_text
    from tertius.show.explanation import explanation_table

    found = queries.evidence(Ledger.open(ledger), record)
    if found.table != "mentions":
        raise UsageError(f"{record} is no mention: 'tertius events --mentions' lists those that can be explained")
    console, start = Console(), found.record["trigger"]["start"]
    console.print(evidence_text(found))
    console.print()
    proposals, least = events.considered(found.document["text"], start)
    console.print(explanation_table(found.document["text"], proposals, start, least))
    read_by = dict(found.document["models"] or {}).get("events")
    if read_by != events.version():
        console.print(
            f"This mention was read by {read_by}; the scores are those of {events.version()}.", style="yellow"
        )
